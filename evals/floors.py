"""What anyone gets without a model and without attest's judgement: the floors that stand in every table.

Comes in: an article. Goes out: every sentence of it as a fact, word for word. "sentences" calls all of them
events told by the reporter; "cues" reads kind and speaker off a dependency parse with the few words below,
and deliberately not with attest's own cues: a floor must not rise with what it is there to measure. Promises:
nothing is merged, nothing disagrees, the summary is the first two sentences of each article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evals.systems import WARM_UP, Identity
from service import __version__
from service.backends.base import Usage
from service.facts.models import Fact, Kind, LedgerEntry, PromptRef
from service.facts.reading import ParsedArticle, parse_article
from service.facts.values import Located, values
from service.hashing import content_id, sha256_of
from service.stories.models import (
    ArticleFacts,
    Citation,
    MergedFact,
    PromptId,
    Provenance,
    Story,
    StoryUsage,
    Summary,
    SummarySentence,
)
from service.text.article import Article
from service.text.parsing import Parser
from service.text.reading import read

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Floor = Literal["sentences", "cues"]
Reading = tuple[Kind, str | None]
LEAD_SENTENCES = 2

_SAY = frozenset(
    "say tell add report state announce claim believe think warn pledge promise vow insist argue note "
    "explain write describe confirm accord".split()
)
_ACCUSE = frozenset("accuse allege blame charge".split())
_DENY = frozenset("deny reject refute dismiss".split())
_AHEAD = frozenset("plan expect schedule intend aim propose due set likely hope".split())
_OPEN_MODALS = frozenset("will would shall may might could can".split())


def plain(doc: Doc) -> Reading:
    """Whatever it says, it happened."""
    return "event", None


def by_cues(doc: Doc) -> Reading:
    """The first verb that reports, accuses or denies, with its subject; else a word that looks ahead."""
    for words, kind in _VOICES:
        for token in doc:
            if token.lemma_.lower() in words and (speaker := _subject(token)) is not None:
                return kind, speaker
    ahead = any(
        (t.tag_ == "MD" and t.lower_ in _OPEN_MODALS)
        or (t.lemma_.lower() in _AHEAD and t.pos_ in {"VERB", "ADJ"})
        for t in doc
    )
    return ("plan" if ahead else "event"), None


_VOICES: tuple[tuple[frozenset[str], Kind], ...] = (
    (_ACCUSE, "accusation"),
    (_DENY, "denial"),
    (_SAY, "statement"),
)


def _subject(verb: Token) -> str | None:
    """Its noun phrase without a leading article; of "according to", what follows."""
    heads = [c for c in verb.children if c.dep_ == "nsubj"]
    if verb.lower_ == "according":
        heads = [g for c in verb.children if c.lower_ == "to" for g in c.children if g.dep_ == "pobj"]
    if not heads:
        return None
    head = heads[0]
    phrase = [t for t in head.subtree if t.i <= head.i]
    while phrase and phrase[0].pos_ == "DET":
        phrase = phrase[1:]
    text = "".join(t.text_with_ws for t in phrase).strip()
    return text or None


READINGS: dict[Floor, Callable[[Doc], Reading]] = {"sentences": plain, "cues": by_cues}


@dataclass(frozen=True)
class FloorSystem:
    """One floor, as a system and as what opens it: no repeat differs from another."""

    name: Floor
    parser: Parser
    max_article_chars: int
    workers: int = 1

    @property
    def identity(self) -> Identity:
        return Identity(system=self.name, backend="none", model="none")

    @property
    def spent(self) -> Usage:
        return Usage()

    def open(self, repeat: int) -> FloorSystem:
        if repeat == 0:
            self.read(Article(text=WARM_UP))
        return self

    def close(self) -> None:
        """Nothing is held."""

    def read(self, article: Article) -> ArticleFacts:
        """Raises InputError or ModelFileError."""
        parsed = parse_article(read(article, max_chars=self.max_article_chars), self.parser)
        facts = tuple(self._fact(parsed, located) for located in parsed.sentences)
        return ArticleFacts(
            article=parsed.source.as_read(),
            facts=facts,
            rejected=(),
            ledger=LedgerEntry(
                article_id=article.article_id, drafts=len(facts), kept=len(facts), duplicates=0, rejected=0
            ),
            usage=StoryUsage(),
            provenance=self._provenance,
        )

    def tell(self, read: Sequence[ArticleFacts]) -> Story:
        facts = tuple(fact for found in read for fact in found.facts)
        merged = {f.fact_id: _alone(f, n / len(r.facts)) for r in read for n, f in enumerate(r.facts)}
        lead = [fact for found in read for fact in found.facts[:LEAD_SENTENCES]]
        sentences = tuple(_cited(fact, merged[fact.fact_id]) for fact in lead)
        body = Story(
            story_id="",
            articles=tuple(found.article for found in read),
            facts=facts,
            rejected=(),
            ledger=tuple(found.ledger for found in read),
            merged_facts=tuple(merged.values()),
            copies=(),
            conflicts=(),
            summary=Summary(text=" ".join(s.text for s in sentences), sentences=sentences),
            usage=StoryUsage(),
            provenance=self._provenance,
        )
        content = body.model_dump(mode="json", exclude={"story_id", "usage"})
        return body.model_copy(update={"story_id": content_id("story", content)})

    @property
    def _prompt(self) -> PromptRef:
        return PromptRef(name=self.name, version="none", sha256=sha256_of(self.name))

    @property
    def _provenance(self) -> Provenance:
        prompt = PromptId(version=self._prompt.version, sha256=self._prompt.sha256)
        return Provenance(
            backend="none", model="none", prompts={self.name: prompt}, attest_version=__version__
        )

    def _fact(self, article: ParsedArticle, located: Located) -> Fact:
        kind, speaker = READINGS[self.name](located.analysis.doc)
        evidence = located.evidence
        return Fact(
            fact_id=content_id("fact", [article.source.article_id, evidence.start, self.name]),
            article_id=article.source.article_id,
            statement=" ".join(evidence.quote.split()),
            kind=kind,
            speaker=speaker,
            polarity="affirmed",
            values=values(located.analysis, [located], article.book),
            evidence=(evidence,),
            support="verbatim",
            prompt=self._prompt,
            origin="source",
        )


def _alone(fact: Fact, behind: float) -> MergedFact:
    """`behind`: the share of its article that stands before it; news has the weighty things first."""
    return MergedFact(
        merged_fact_id=content_id("merged", [fact.fact_id]),
        statement=fact.statement,
        kind=fact.kind,
        speaker=fact.speaker,
        fact_ids=(fact.fact_id,),
        article_ids=(fact.article_id,),
        independent_sources=1,
        status="single_source",
        importance=round(1 - behind, 6),
    )


def _cited(fact: Fact, merged: MergedFact) -> SummarySentence:
    place = fact.evidence[0]
    return SummarySentence(
        text=fact.statement,
        merged_fact_ids=(merged.merged_fact_id,),
        citations=(Citation(article_id=fact.article_id, start=place.start, end=place.end),),
        origin="source",
    )
