"""One article -> facts: ask, read the answers, judge every draft, ask again where that can help.

Comes in: a parsed article, prompts and a backend. Goes out: an `Account` (facts, rejected drafts, ledger).
Promises: the prompt's scope decides how much is asked at once; every draft is accounted for, the repaired
ones included; a sentence whose drafts fail, or lose part of what it says, stands for itself word for word.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from service.asking.asker import Asker
from service.asking.judging import Judged, Outcome
from service.asking.repairing import Repairer
from service.asking.sentences import BySentence
from service.asking.windows import ByWindow
from service.backends.base import Backend
from service.facts.checking import FactMaker
from service.facts.drafting import furniture
from service.facts.ledger import Account, settle
from service.facts.reading import ParsedArticle
from service.progress import Progress, silent
from service.prompting.templates import Prompt
from service.text.parsing import Parser
from service.usage import Meter

STAGE = "extract_facts"


@dataclass(frozen=True)
class Extractor:
    """What stays the same from article to article. Without `repair_prompt` nothing is asked again."""

    backend: Backend
    prompt: Prompt
    parser: Parser
    meter: Meter
    window_tokens: int
    repair_prompt: Prompt | None = None
    repair_refused: bool = True
    progress: Progress = field(default=silent)

    def extract(self, article: ParsedArticle) -> Account:
        """Facts of one article. Raises BackendError when the backend cannot answer at all."""
        maker = FactMaker(article, self.parser, self.prompt.ref)
        found = self._read(article, maker)
        judged = found.judged + [(draft, maker.judge(draft)) for draft in furniture(article)]
        return settle(
            article.source.article_id,
            _in_reading_order(article, judged),
            salvaged=found.salvaged,
            retried=found.retried,
        )

    def _read(self, article: ParsedArticle, maker: FactMaker) -> Outcome:
        asker = Asker(self.backend, self.meter)
        again = self.repair_prompt
        repairer = Repairer(asker, again, self.repair_refused) if again else None
        if self.prompt.scope == "sentence" or not self.backend.profile.answers:
            by_sentence = BySentence(asker, self.prompt, repairer, self.parser, self.progress)
            return by_sentence.read(article, maker)
        by_window = ByWindow(asker, self.prompt, repairer, self.parser, self.window_tokens)
        return by_window.read(article, maker)


def _in_reading_order(article: ParsedArticle, judged: Judged) -> Judged:
    order = {s.sentence.sentence_id: n for n, s in enumerate(article.sentences)}
    return sorted(
        judged,
        key=lambda pair: order.get(pair[0].sentence_ids[0], len(order)) if pair[0].sentence_ids else -1,
    )
