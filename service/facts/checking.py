"""From a draft to a fact, or to the reason why not.

Comes in: a draft and its article. Goes out: a `Fact` with located evidence and values, or a
`Rejected`. Promises: every draft gets exactly one of the two; a fact's evidence is the article's text
at its offsets; kind, speaker and polarity are read off wording that has passed the gate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.facts.alignment import aligned
from service.facts.analysis import Analysis, analyse
from service.facts.attribution import Attribution
from service.facts.clauses import Clause
from service.facts.cues import Cue, read_cue
from service.facts.grounding import Claim, Refusal, is_verbatim, refuse
from service.facts.models import Draft, Fact, Kind, PromptRef, Reason, Rejected
from service.facts.mood import is_order
from service.facts.names import NameBook, fold_word, without_titles
from service.facts.pronouns import unresolved
from service.facts.reading import ParsedArticle
from service.facts.values import Located, values
from service.hashing import content_id
from service.text.cleaning import tidy
from service.text.parsing import Parser

MAX_CONNECTIVE_CHARS = 16
_OPENING = frozenset({"the", "a", "an", "and", "or", "of", "to", "his", "her", "its", "their"})
# What may be told as what: a reporter's event may be labelled background, but nothing open, claimed
# or denied may be labelled as having happened.
_CLASS: dict[Kind, str] = {
    "event": "told", "background": "told", "statement": "said",
    "plan": "open", "accusation": "alleged", "denial": "denied",
}  # fmt: skip


@dataclass(frozen=True)
class FactMaker:
    """Judges the drafts of one article."""

    article: ParsedArticle
    parser: Parser
    prompt: PromptRef

    def judge_all(self, drafts: Sequence[Draft]) -> list[Fact | Rejected]:
        """One outcome a draft, in order; the statements are parsed in one go, which is twice as fast."""
        self.parser.parse([tidy(draft.statement) for draft in drafts])
        return [self.judge(draft) for draft in drafts]

    def judge(self, draft: Draft) -> Fact | Rejected:
        """The fact that `draft` makes, or why it makes none."""
        missing = [i for i in draft.sentence_ids if i not in self.article.by_id]
        if missing or not draft.sentence_ids:
            return self._reject(
                draft, "no_such_sentence", f"there is no sentence {', '.join(missing) or '(none given)'}"
            )
        evidence = [self.article.by_id[i] for i in dict.fromkeys(draft.sentence_ids)]
        if not any(e.sentence.sentence.role == "body" for e in evidence):
            return self._reject(draft, "not_news", f"a {evidence[0].sentence.sentence.role} is not news")
        text = tidy(draft.statement)
        if not any(c.isalpha() for c in text) or len(text.split()) < 2:
            return self._reject(draft, "not_news", "there is no claim in it")
        statement = analyse(self.parser.parse_one(text), self.article.source.article.published_at)
        if not _claims_something(statement):
            return self._reject(draft, "not_news", "it only says that somebody spoke")
        if is_order(statement.doc):
            return self._reject(draft, "not_news", "it tells its reader to do something")
        if text.endswith("?"):
            return self._reject(draft, "not_news", "it asks")
        if draft.origin == "model" and not _is_sentence(statement):
            return self._reject(draft, "unparsable", "it is no complete sentence")
        whole = draft.origin == "source" and _is_whole_sentence(text, evidence[0])
        refusal = None if whole else refuse(self._claim(statement, evidence))
        if refusal is None:
            if draft.origin == "model":
                evidence = self._needed(statement, evidence)
            statement = self._with_speaker(statement, evidence)
            cue = read_cue(statement)
            refusal = _laundered(draft, cue)
        if refusal is not None:
            return self._reject(draft, refusal.reason, refusal.detail)
        return self._fact(draft, statement, cue, evidence)

    def _needed(self, statement: Analysis, evidence: Sequence[Located]) -> list[Located]:
        """The evidence without what the statement does not rest on: whoever cites a sentence must tell it."""
        kept = list(evidence)
        for located in reversed(evidence):
            others = [e for e in kept if e is not located]
            named = frozenset(w for n in statement.names for w in n.words) & located.analysis.words
            if not any(e.sentence.sentence.role == "body" for e in others) or not named <= (
                frozenset().union(*(e.analysis.words for e in others))
            ):
                continue  # it alone says who is meant
            if refuse(self._claim(statement, others)) is None:
                kept = others
        return kept

    def _claim(self, statement: Analysis, evidence: Sequence[Located]) -> Claim:
        resolved = [found for e in evidence if (found := self.article.antecedent(e.sentence.sentence_id))]
        named = frozenset(word for found, _ in resolved for word in found.words)
        return Claim(
            statement, tuple(e.analysis for e in evidence), self.article.book, named, self.article.references
        )

    def _with_speaker(self, statement: Analysis, evidence: Sequence[Located]) -> Analysis:
        """Hand the attribution back to a claim that was taken out of "..., officials said"."""
        if read_cue(statement).speaker is not None:
            return statement
        main = next((c for c in statement.clauses if statement.doc[c.head].dep_ == "ROOT"), None)
        partners = aligned(main, [e.analysis for e in evidence]) if main else []
        spoken = [(a, c.attributions[0]) for a, c in partners if c.attributions]
        if not partners or len(spoken) < len(partners):
            return statement
        given, frame = spoken[0]
        if frame.manner not in {"say", "according"} or frame.speaker is None or frame.passive:
            return statement
        if _speaks_for_itself(main, partners, frame):
            return statement
        speaker = given.text[slice(*frame.speaker)]
        verb = given.doc[frame.head].text if frame.manner == "say" else ""
        tail = f", {speaker} {verb}." if verb else f", according to {speaker}."
        text = statement.text.rstrip(" .") + tail
        return analyse(self.parser.parse_one(text), statement.published)

    def _fact(self, draft: Draft, statement: Analysis, cue: Cue, evidence: Sequence[Located]) -> Fact:
        located = tuple(e.evidence for e in evidence)
        speaker = speaker_name(statement, cue.speaker, self.article)
        body = {
            "statement": statement.text,
            "kind": _agreed_kind(draft, cue),
            "speaker": speaker,
            "polarity": cue.polarity,
            "article_id": self.article.source.article_id,
            "evidence": [[e.start, e.end] for e in located],
        }
        return Fact(
            fact_id=content_id("fact", body),
            article_id=self.article.source.article_id,
            statement=statement.text,
            kind=_agreed_kind(draft, cue),
            speaker=speaker,
            polarity=cue.polarity,
            values=values(statement, evidence, self.article.book),
            evidence=located,
            support="verbatim" if is_verbatim(statement, [evidence[0].analysis]) else "supported",
            prompt=self.prompt,
            origin=draft.origin,
            unresolved=unresolved(statement),
        )

    def _reject(self, draft: Draft, reason: Reason, detail: str) -> Rejected:
        return Rejected(article_id=self.article.source.article_id, draft=draft, reason=reason, detail=detail)


def _speaks_for_itself(
    main: Clause | None, partners: Sequence[tuple[Analysis, Clause]], frame: Attribution
) -> bool:
    """Whether the claim's own subject is the speaker: "the US pointed to it", of whom the US told."""
    if main is None or frame.speaker is None or not main.agent_heads:
        return False
    start, end = frame.speaker
    return any(
        start <= given.doc[head].idx < end for given, clause in partners for head in clause.agent_heads
    )


def _is_whole_sentence(text: str, located: Located) -> bool:
    """The article's own sentence, less a leading "However,": there is nothing to judge."""
    return located.sentence.text.lower().rstrip(" .").endswith(text.lower().rstrip(" .")) and (
        len(text) >= len(located.sentence.text) - MAX_CONNECTIVE_CHARS
    )


def _claims_something(statement: Analysis) -> bool:
    """Not so "Miller said.", nor a cry without a verb, unless it counts or quotes."""
    if statement.quotes or any(not _is_in_a_name(statement, n.start) for n in statement.numbers):
        return True
    tells = any(t.pos_ in {"VERB", "AUX"} for t in statement.doc)  # "What a night!", "Heater hell"
    return tells and (len(statement.content) >= 2 or len(statement.names) >= 2)


def _is_in_a_name(statement: Analysis, start: int) -> bool:
    """As the 900 of "EmberPanel 900": it counts nothing."""
    token = statement.token_at(start)
    return token is not None and token.i > 0 and token.nbor(-1).pos_ == "PROPN"


def _is_sentence(statement: Analysis) -> bool:
    """A main clause with subject and verb that does not break off: "attempts by the West to." is none."""
    root = next((t for t in statement.doc if t.head.i == t.i and not t.is_punct), None)
    words = [t for t in statement.doc if not t.is_punct and not t.is_space]
    if root is None or root.pos_ not in {"VERB", "AUX"} or root.tag_ == "MD":
        return False
    has_subject = any(c.dep_ in {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"} for c in root.children)
    breaks_off = words[-1].pos_ in {"ADP", "PART", "DET", "CCONJ", "SCONJ"} or words[-1].lower_ in _OPENING
    return has_subject and not breaks_off


def _laundered(draft: Draft, cue: Cue) -> Refusal | None:
    """A proposed kind may be more careful than the wording, never less."""
    if draft.kind is None or _CLASS[draft.kind] == _CLASS[cue.kind]:
        return None
    if _CLASS[draft.kind] == "told" and _CLASS[cue.kind] != "told":
        return Refusal("kind_laundered", f"called {draft.kind}, but the wording is that of a {cue.kind}")
    return None


def _agreed_kind(draft: Draft, cue: Cue) -> Kind:
    if draft.kind is not None and _CLASS[draft.kind] == _CLASS[cue.kind]:
        return draft.kind
    return cue.kind


def speaker_name(statement: Analysis, span: tuple[int, int] | None, article: ParsedArticle) -> str | None:
    """The speaker as the article names them in full; the words of the statement when it is no name."""
    if span is None:
        return None
    start, end = span
    named = [n for n in statement.names if n.start < end and start < n.end]
    person = next(
        (n for n in reversed(named) if n.label == "PERSON" or article.book.full_forms(n.words)), None
    )
    if person is not None and " and " not in statement.text[start:end]:
        return _bare(article.book, person.text)
    text = re.sub(
        r"^(?:the|a|an)\s+",
        "",
        statement.text[start : max(end, *(n.end for n in named), end)],
        flags=re.IGNORECASE,
    )
    return text.strip(" ,-") or None


def _bare(book: NameBook, text: str) -> str:
    full = book.full_text(text)
    kept = set(without_titles([fold_word(part) for part in full.split()]))
    return " ".join(part for part in re.sub(r"'s?$", "", full).split() if fold_word(part) in kept)
