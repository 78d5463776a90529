"""What kind of claim a statement is, and who makes it, read off its words.

Comes in: the analysis of a statement (whose wording the gate has already tied to the article).
Goes out: a `Cue`: kind, the words that name the speaker, polarity. Promises: the innermost voice
counts ("A said, B reported" is A's claim); nothing told as open, alleged or denied is called an event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.facts.analysis import Analysis
from service.facts.attribution import Attribution, frame_of
from service.facts.clauses import Clause
from service.facts.lexicon import lexicon
from service.facts.models import Kind, Polarity
from service.facts.syntax import phrase_tokens, subject_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_OPEN = frozenset({"future", "planned", "possible", "conditional"})
_BARE_PLANS = frozenset(
    {
        "plan",
        "intend",
        "aim",
        "expect",
        "schedule",
        "prepare",
        "hope",
        "anticipate",
        "slate",
        "poise",
        "project",
        "want",
    }
)
_SELF = frozenset({"he", "she", "it", "they", "we", "i"})
_LEADING_UP = frozenset({"go", "continue", "begin", "proceed", "start", "come"})
_LONG_AGO = re.compile(
    r"\b(?:since|decades? ago|years ago|historically|long|traditionally"
    r"|in recent (?:years|months)|for (?:years|decades))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """`speaker` is a span of the statement; None means the reporter speaks, or nobody is named."""

    kind: Kind
    speaker: tuple[int, int] | None
    polarity: Polarity


def read_cue(statement: Analysis) -> Cue:
    """Kind, speaker and polarity of a statement."""
    root = next((t for t in statement.doc if t.head.i == t.i), None)
    by_head = {clause.head: clause for clause in statement.clauses}
    while root is not None and root.lemma_ in _LEADING_UP:
        below = next(
            (
                c
                for c in root.children
                if c.dep_ in {"xcomp", "advcl"} and c.lemma_ in lexicon().say and c.i in by_head
            ),
            None,
        )
        if below is None:
            break
        root = below
    if root is None or not by_head:
        return Cue("event", None, "affirmed")
    main = by_head.get(root.i) or statement.clauses[0]
    frame, content = _innermost_frame(root, by_head)
    if frame is not None:
        return _framed(statement, frame, content, by_head)
    for spoken in main.attributions:
        return _framed(statement, spoken, main, by_head)
    kind = _unframed_kind(statement, root, main)
    answers = root.lemma_.lower() in lexicon().accuse | lexicon().deny | lexicon().reject
    speaker = _named_subject(root) if answers and kind in {"accusation", "denial"} else None
    return Cue(kind, speaker, "negated" if main.negated else "affirmed")


# -- somebody speaks ------------------------------------------------------------------------------


def _innermost_frame(verb: Token, by_head: dict[int, Clause]) -> tuple[Attribution | None, Clause | None]:
    """Follow reporting verbs down to the one whose complement is the claim itself."""
    frame = frame_of(verb)
    if frame is None or not _reports(verb, frame):
        return None, None
    complements = [c for c in verb.children if c.dep_ in {"ccomp", "xcomp", "parataxis"} and c.i in by_head]
    for child in complements:
        deeper, content = _innermost_frame(child, by_head)
        if deeper is not None and deeper.speaker is not None and not _refers_to(child, verb):
            return deeper, content
    prepositions = [g for c in verb.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pcomp"]
    below = [*complements, *prepositions]
    return frame, by_head.get(below[0].i) if below else None


def _reports(verb: Token, frame: Attribution) -> bool:
    """A reporting verb that reports: somebody is there to speak, or the accused stands in the passive."""
    if frame.passive:
        return frame.manner in {"accuse", "deny"} or frame.speaker is not None
    has_content = any(
        c.dep_ in {"ccomp", "xcomp", "dobj", "prep", "oprd", "advcl", "dative", "parataxis"} or c.text == '"'
        for c in verb.children
    )
    return frame.speaker is not None and (has_content or frame.manner != "say")


def _refers_to(inner: Token, outer: Token) -> bool:
    """`He said he regretted ...`: the inner subject is the speaker again."""
    subject = subject_of(inner)
    return subject is not None and subject.lower_ in _SELF and subject_of(outer) is not None


def _framed(
    statement: Analysis, frame: Attribution, content: Clause | None, by_head: dict[int, Clause]
) -> Cue:
    verb = by_head.get(frame.head)
    denied = content is not None and content.negated and frame.manner in {"say", "according"}
    negated = bool(verb and verb.negated) != denied
    polarity: Polarity = "negated" if negated else "affirmed"
    if frame.manner == "accuse":
        return Cue("statement" if verb and verb.negated else "accusation", frame.speaker, polarity)
    if frame.manner == "deny" or _rejects_a_charge(statement, frame):
        return Cue("statement" if verb and verb.negated else "denial", frame.speaker, polarity)
    if content is not None and content.modality & {"alleged"}:
        return Cue("accusation", frame.speaker, polarity)
    if content is not None and content.modality & _OPEN and not _own_intention(content, verb):
        return Cue("plan", frame.speaker, polarity)
    return Cue("statement", frame.speaker, polarity)


def _own_intention(content: Clause, verb: Clause | None) -> bool:
    """As "She said she would resign" is a pledge, hence a statement; "... the bridge would open" a plan.

    So are "she vowed to resign" and "she urged the city to reopen it": who acts is the speaker or spoken to.
    """
    controlled = (
        verb is not None
        and not content.finite
        and bool(set(content.agent_heads) & {*verb.agent_heads, *verb.patient_heads})
    )
    people = content.agent | content.patient
    return bool(people & _SELF) or not people or controlled


def _rejects_a_charge(statement: Analysis, frame: Attribution) -> bool:
    words = lexicon()
    return frame.lemma in words.reject and any(t.lemma_.lower() in words.charge_nouns for t in statement.doc)


# -- the reporter speaks --------------------------------------------------------------------------


def _unframed_kind(statement: Analysis, root: Token, main: Clause) -> Kind:
    words = lexicon()
    if (
        root.lemma_.lower() in words.say
    ):  # "reports suggest that ...": nobody is named, the claim below counts
        below = next((c for c in root.children if c.dep_ == "ccomp"), None)
        content = next((c for c in statement.clauses if below is not None and c.head == below.i), None)
        if content is not None and content.modality & _OPEN:
            return "plan"
        if content is not None:
            return "statement"
    if root.lemma_.lower() in words.accuse:  # whoever accuses: "the lawsuit alleges"
        return "statement" if main.negated else "accusation"
    if root.lemma_.lower() in words.deny or (root.lemma_.lower() in words.reject and _charge_below(root)):
        return "statement" if main.negated else "denial"
    if "alleged" in main.modality:
        return "accusation"
    if main.modality & (_OPEN | {"duty"}) or _is_plan(root, main):
        return "plan"
    if "reported" in main.modality:
        return "statement"
    if _is_background(statement, root, main):
        return "background"
    return "event"


def _named_subject(verb: Token) -> tuple[int, int] | None:
    """The words of the subject, as far as they stand together: whatever denies, speaks ("the landlord")."""
    subject = subject_of(verb)
    if subject is None or any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children):
        return None
    phrase = phrase_tokens(subject)
    together = [token for n, token in enumerate(phrase) if token.i == phrase[0].i + n]
    end = max(token.idx + len(token) for token in (subject, *together))
    return phrase[0].idx, end


def _charge_below(verb: Token) -> bool:
    return any(c.dep_ == "dobj" and c.lemma_.lower() in lexicon().charge_nouns for c in verb.children)


def _is_plan(root: Token, main: Clause) -> bool:
    words = lexicon()
    lemma = root.lemma_.lower()
    infinitive = any(
        c.dep_ in {"xcomp", "ccomp"} and any(g.dep_ == "aux" and g.tag_ == "TO" for g in c.children)
        for c in root.children
    )
    if lemma in words.plan and (
        (main.passive and (infinitive or lemma in _BARE_PLANS | {"set"}))
        or (infinitive and lemma in _BARE_PLANS)
    ):
        return True
    if lemma == "be" and infinitive:  # "the court is to rule on Monday"
        return True
    adjectives = [
        c for c in root.children if c.dep_ in {"acomp", "oprd"} and c.lower_ in words.plan_adjectives
    ]
    return bool(adjectives)


def _is_background(statement: Analysis, root: Token, main: Clause) -> bool:
    auxiliaries = [c for c in root.children if c.dep_ in {"aux", "auxpass"}]
    tense = next((a.tag_ for a in auxiliaries if a.tag_ in {"VBD", "VBZ", "VBP"}), root.tag_)
    if main.perfect:
        return bool(_LONG_AGO.search(statement.text))
    if tense in {"VBZ", "VBP"}:
        return True
    return _happened_in_an_earlier_year(statement)


def _happened_in_an_earlier_year(statement: Analysis) -> bool:
    published = statement.published
    years = [int(w.value[:4]) for w in statement.dates if re.match(r"\d{4}", w.value)]
    return bool(years) and published is not None and max(years) < published.year
