"""Ways to change a fact so that it says something else, or the same in another spelling."""

from __future__ import annotations

import re
from collections.abc import Callable

from evals.models import GoldFact, GoldValue
from evals.slots import read_slots
from service.facts.dates import dates
from service.facts.numbers import numbers

# A gold fact changed, or None where it has nothing to change.
Changed = Callable[[GoldFact], GoldFact | None]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AUXILIARY = re.compile(r"\b(was|were|is|are|has|have|had|will|would|may|might|could)\b(?! not| never| no)")


def other_number(gold: GoldFact) -> GoldFact | None:
    """Its first number that is no small count becomes another."""
    spans = tuple((w.start, w.end) for w in dates(gold.statement))
    wanted = [
        v.value
        for v in gold.values
        if v.type == "number" and isinstance(v.value, int | float) and v.value > 2
    ]
    for number in numbers(gold.statement, spans):
        if number.value in wanted and number.unit != "age":
            new = f"{number.value * 3 + 7:g}"
            digits = re.match(r"\D?[\d.,]*\d|[A-Za-z]+(?:-[a-z]+)?", number.text)
            if not digits or number.value >= 1e6:
                continue
            text = (
                gold.statement[: number.start]
                + number.text.replace(digits[0], new, 1)
                + gold.statement[number.end :]
            )
            values = tuple(
                v.model_copy(update={"value": float(new)}) if v.value == number.value else v
                for v in gold.values
            )
            return gold.model_copy(update={"statement": text, "values": values})
    return None


def other_date(gold: GoldFact) -> GoldFact | None:
    """Its day or its year becomes another."""
    for when in dates(gold.statement):
        if when.text in DAYS:
            new = DAYS[(DAYS.index(when.text) + 2) % 7]
        elif re.fullmatch(r"\d{4}", when.text):
            new = str(int(when.text) - 13)
        else:
            continue
        text = gold.statement[: when.start] + new + gold.statement[when.end :]
        values = tuple(v for v in gold.values if v.type != "date")
        return gold.model_copy(update={"statement": text, "values": values})
    return None


def other_name(gold: GoldFact) -> GoldFact | None:
    """The first name that the statement spells in full becomes somebody else's."""
    for value in gold.values:
        name = str(value.value)
        if value.type == "name" and gold.statement.count(name) == 1 and name[:1].isupper():
            values = tuple(
                GoldValue(type="name", value="Zdenko Qualm") if v == value else v for v in gold.values
            )
            text = gold.statement.replace(name, "Zdenko Qualm")
            speaker = None if name in (gold.speaker or "") else gold.speaker
            return gold.model_copy(update={"statement": text, "values": values, "speaker": speaker})
    return None


def opposite(gold: GoldFact) -> GoldFact | None:
    """A "not" more. Quotations are left alone, and so is what is negated already."""
    if gold.polarity == "negated" or re.search(
        r"[\"“”]|n't|\b(?:n(?:o|ot|one|ever|either)|without)\b", gold.statement
    ):
        return None
    found = _AUXILIARY.search(gold.statement)
    if found is None:
        return None
    text = f"{gold.statement[: found.end()]} not{gold.statement[found.end() :]}"
    return gold.model_copy(update={"statement": text, "polarity": "negated"})


def respelled(gold: GoldFact) -> GoldFact:
    """The same figures and dates in other spellings."""
    text = gold.statement
    for number in sorted(numbers(text), key=lambda n: -n.start):
        digits = re.fullmatch(r"\d[\d,]*", number.text)
        if digits and number.value and number.value >= 1000:
            plain = number.text.replace(",", "")
            text = (
                text[: number.start]
                + (plain if "," in number.text else f"{number.value:,.0f}")
                + text[number.end :]
            )
    text = re.sub(r"\b(\d{1,2}) (March|April|May|June|July|August|October)\b", r"\2 \1", text)
    text = text.replace(" percent", " per cent").replace(" kilometres", " km")
    return gold.model_copy(update={"statement": text})


def values_of(text: str) -> int:
    slots = read_slots(text)
    return len(slots.numbers) + len(slots.dates)
