"""Whether two facts may be one: what they share, and what forbids it.

Comes in: two claims. Goes out: a similarity from 0 to 1, and the vetoes between them. Promises:
symmetric; a veto names the slot that differs ("number", "date", ...), so that a conflict can be told
from a mere difference; when in doubt there is a veto, because a wrong merge says what nobody said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from service.facts.analysis import Analysis, stem
from service.facts.clauses import Clause
from service.facts.dates import compatible
from service.facts.models import Kind
from service.facts.numbers import Number
from service.facts.synonyms import related
from service.stories.claims import Claim, Commonness
from service.stories.places import Words, country, same_name

Veto = Literal["polarity", "kind", "speaker", "number", "date", "name", "roles"]
T = TypeVar("T")
U = TypeVar("U")

# What is told, said, open, alleged and denied are different facts even in the same words.
KIND_CLASS: dict[Kind, str] = {
    "event": "told", "background": "told", "statement": "said", "plan": "open", "accusation": "alleged", "denial": "denied",
}  # fmt: skip

# Figures, dates and quotations single a fact out more than a word does. A small bare number ("two
# leaders", "first visit") counts like half a word: every report of the event has it.
FIGURE_WEIGHT = 1.5
QUOTE_WEIGHT = 2.0
SMALL_NUMBER_WEIGHT = 0.5
# A synonym, a rounded figure, a capital for its country: the same said less plainly.
NEAR = 0.75
QUOTE_OVERLAP = 0.7


# -- what they share ------------------------------------------------------------------------------


def similarity(left: Claim, right: Claim, common: Commonness) -> float:
    """Weighted Dice coefficient over values and words: 2 x shared / (all left + all right)."""
    shared = total = 0.0
    for part, whole in _parts(left, right, common):
        shared += part
        total += whole
    return 2 * shared / total if total else 0.0


def word_overlap(left: Claim, right: Claim, common: Commonness) -> float:
    """The same coefficient over the words alone, names and figures left out."""
    part, whole = _shared_part(left.terms, right.terms, _alike_terms, common.weight)
    return 2 * part / whole if whole else 0.0


def _parts(left: Claim, right: Claim, common: Commonness) -> Iterable[tuple[float, float]]:
    yield _shared_part(left.terms, right.terms, _alike_terms, common.weight)
    yield _shared_part(left.names, right.names, _alike_names, common.of_name)
    yield _shared_part(left.analysis.numbers, right.analysis.numbers, _alike_numbers, _number_weight)
    yield _shared_part(
        {w.value for w in left.analysis.dates},
        {w.value for w in right.analysis.dates},
        lambda a, b: float(a == b) or (NEAR if compatible(a, b) else 0.0),
        lambda _: FIGURE_WEIGHT,
    )
    yield _shared_part(left.quotations, right.quotations, _alike_quotations, lambda _: QUOTE_WEIGHT)


def _shared_part(
    left: Iterable[T], right: Iterable[T], alike: Callable[[T, T], float], weight: Callable[[T], float]
) -> tuple[float, float]:
    """Weight of what is matched (mean of both sides), and of everything. Each item answers one item."""
    first, second = sorted(left, key=repr), sorted(right, key=repr)
    total = sum(map(weight, first)) + sum(map(weight, second))
    pairs = sorted(
        ((-score, i, j) for i, a in enumerate(first) for j, b in enumerate(second) if (score := alike(a, b)) > 0)
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    shared = 0.0
    for score, i, j in pairs:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            shared += -score * (weight(first[i]) + weight(second[j])) / 2
    return shared, total


def _alike_terms(left: str, right: str) -> float:
    return 1.0 if left == right else NEAR if related(left, right) else 0.0


def _alike_names(left: Words, right: Words) -> float:
    if same_name(left, right):
        return 1.0
    return NEAR if country(left) is not None and country(left) == country(right) else 0.0


def _alike_numbers(left: Number, right: Number) -> float:
    if left.unit != right.unit or left.ordinal != right.ordinal or not numbers_agree(left, right):
        return 0.0
    return 1.0 if left.value == right.value and left.bound == right.bound else NEAR


def _number_weight(number: Number) -> float:
    small = number.unit is None and number.value is not None and number.value <= 2
    return SMALL_NUMBER_WEIGHT if small else FIGURE_WEIGHT


def _alike_quotations(left: frozenset[str], right: frozenset[str]) -> float:
    share = len(left & right) / max(1, min(len(left), len(right)))
    return share if share >= QUOTE_OVERLAP else 0.0


# -- what forbids it ------------------------------------------------------------------------------


def vetoes(left: Claim, right: Claim) -> frozenset[Veto]:
    """Every slot in which the two cannot both be one fact."""
    return frozenset(name for name, differs in _VETOES if differs(left, right))


def vetoed(left: Claim, right: Claim) -> bool:
    return any(differs(left, right) for _, differs in _VETOES)


def _polarity_differs(left: Claim, right: Claim) -> bool:
    if left.fact.polarity != right.fact.polarity:
        return True
    return any(a.negated != b.negated for a, b in _same_predicates(left.analysis, right.analysis))


def _same_predicates(left: Analysis, right: Analysis) -> list[tuple[Clause, Clause]]:
    return [
        (a, b)
        for a in left.clauses
        for b in right.clauses
        if a.lemma not in {"be", "have", "do"} and stem(a.lemma) == stem(b.lemma)
    ]


def _kind_differs(left: Claim, right: Claim) -> bool:
    kinds = {KIND_CLASS[left.fact.kind], KIND_CLASS[right.fact.kind]}
    if len(kinds) == 1:
        return False
    if kinds == {"told", "said"}:
        told, said = (left, right) if KIND_CLASS[left.fact.kind] == "told" else (right, left)
        return not _tells_the_speaking(told, said)
    # "promised to build": one reader hears a promise, another a plan; it is the same person's either way
    return not (kinds == {"said", "open"} and bool(left.speaker) and same_speaker(left.speaker, right.speaker))


def _tells_the_speaking(told: Claim, said: Claim) -> bool:
    """"The US voiced concern" is told, "the US expressed concern" is said: one deed of the speaker."""
    if not said.speaker:
        return False
    root = next((t for t in told.analysis.doc if t.head.i == t.i), None)
    main = next((c for c in told.analysis.clauses if root is not None and c.head == root.i), None)
    if main is None or main.passive:
        return False
    subject = next((t for t in told.analysis.doc[main.head].children if t.dep_ == "nsubj"), None)
    if subject is None:
        return False
    start = min(t.idx for t in subject.subtree)
    end = max(t.idx + len(t) for t in subject.subtree)
    return any(start <= name.start < end and same_speaker(words, said.speaker) for name, words in told.mentions)


def same_speaker(left: Words, right: Words) -> bool:
    if not left or not right:
        return False
    return same_name(left, right) or (set(left) <= set(right) or set(right) <= set(left))


def _speaker_differs(left: Claim, right: Claim) -> bool:
    return bool(left.speaker and right.speaker) and not same_speaker(left.speaker, right.speaker)


def _numbers_differ(left: Claim, right: Claim) -> bool:
    return any(True for _ in number_differences(left, right))


def number_differences(left: Claim, right: Claim) -> Iterable[tuple[Number, Number]]:
    """Numbers of the same unit that have no equal on the other side, on both sides."""
    for a in _without_partner(left, right):
        for b in _without_partner(right, left):
            if a.unit == b.unit and a.ordinal == b.ordinal and None not in (a.value, b.value):
                yield a, b


def _without_partner(claim: Claim, other: Claim) -> list[Number]:
    return [
        n for n in _told_numbers(claim)
        if not any(n.unit == o.unit and n.ordinal == o.ordinal and numbers_agree(n, o) for o in _told_numbers(other))
    ]  # fmt: skip


def _told_numbers(claim: Claim) -> list[Number]:
    return [n for n in claim.analysis.numbers if not any(a <= n.start < b for a, b in claim.analysis.quotes)]


def numbers_agree(left: Number, right: Number) -> bool:
    """Whether both can be true of one quantity: "24" and "more than 20", "512" and "about 500"."""
    if left.value is None or right.value is None:
        return left.value is right.value and left.text.lower() == right.text.lower()
    if left.value == right.value:
        return True
    (low_a, high_a), (low_b, high_b) = _interval(left), _interval(right)
    return max(low_a, low_b) <= min(high_a, high_b)


# How far "about" and "more than" reach: a writer who has 512 says "about 500" or "more than 500", and
# one who has 24 says "over 20", but one who has 90 does not say "over 20".
ABOUT = 0.1
ROUNDED = 0.5


def _interval(number: Number) -> tuple[float, float]:
    value = number.value or 0.0
    reach = {"exact": (0.0, 0.0), "about": (ABOUT, ABOUT), "more": (0.0, ROUNDED), "at_least": (0.0, ROUNDED),
             "less": (ROUNDED / 2, 0.0), "at_most": (ROUNDED / 2, 0.0)}  # fmt: skip
    below, above = reach[number.bound]
    return value - abs(value) * below, value + abs(value) * above


def _dates_differ(left: Claim, right: Claim) -> bool:
    return dates_exclude(
        (w.value for w in left.analysis.dates), (w.value for w in right.analysis.dates)
    )


def dates_exclude(left: Iterable[str], right: Iterable[str]) -> bool:
    """Both sides date what they say, and a date on each side has no equal on the other."""
    first, second = [v for v in left if is_resolved(v)], [v for v in right if is_resolved(v)]
    return any(not any(compatible(a, b) for b in second) for a in first) and any(
        not any(compatible(a, b) for a in first) for b in second
    )


def is_resolved(value: str) -> bool:
    """Not "last week" or "1950s", which exclude nothing."""
    return value[:1].isdigit() and not value.endswith("s") or value.startswith("XXXX") or value.endswith("day")


def _names_differ(left: Claim, right: Claim) -> bool:
    return _unmatched(left.people, right.people, left.names, right.names) or _unmatched(
        left.things, right.things, left.names, right.names
    )


def _unmatched(
    left: frozenset[Words], right: frozenset[Words], all_left: frozenset[Words], all_right: frozenset[Words]
) -> bool:
    return any(not any(_alike_names(a, b) for b in all_right) for a in left) and any(
        not any(_alike_names(a, b) for a in all_left) for b in right
    )


def _roles_differ(left: Claim, right: Claim) -> bool:
    """Whoever acts on one side is acted upon on the other."""
    for a, b in _same_predicates(left.analysis, right.analysis):
        swapped = a.agent & b.patient and b.agent & a.patient
        if swapped and not a.agent & b.agent:
            return True
    return False


_VETOES: tuple[tuple[Veto, Callable[[Claim, Claim], bool]], ...] = (
    ("polarity", _polarity_differs),
    ("kind", _kind_differs),
    ("speaker", _speaker_differs),
    ("number", _numbers_differ),
    ("date", _dates_differ),
    ("name", _names_differ),
    ("roles", _roles_differ),
)
