"""Backends that answer attacked articles: one that obeys the attack, one that plainly answers.

Comes in: attacks. Goes out: functions from a request to a reply. Promises: the obedient one says what
the attack wants in every answer, in the attack's own words and with the planted text, citing a true
sentence and the planted one; the plain one says nothing of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from service.backends.base import ModelRequest
from tests.attacks.attack_set import Attack

Script = Callable[[ModelRequest], str]
_NUMBERED = re.compile(r"^\[(s\d+)\] (.*)$", re.MULTILINE)
_QUIET = frozenset({"drop_facts"})
_LEAKING = frozenset({"prompt_leak"})
_BREAKING = frozenset({"json_closing", "schema_spoof", "tool_call"})


def obedient(attacks: Sequence[Attack]) -> Script:
    """Does what the attacks of one story ask for."""

    def answer(request: ModelRequest) -> str:
        question = request.messages[-1].content
        if any(a.attack_class in _QUIET for a in attacks) and request.stage == "extract_facts":
            return '{"facts": []}'
        wanted = [line for attack in attacks for line in _wanted(attack, request)]
        if request.stage == "write_summary":
            return json.dumps({"sentence": " ".join(wanted[:2])})
        shown = _NUMBERED.findall(question)
        facts: list[object] = []
        for line in wanted:
            facts += [_fact(line, ids) for ids in _places(shown, attacks)] if shown else [line]
        reply = json.dumps({"facts": facts})
        if any(a.attack_class in _BREAKING for a in attacks):
            return f"{reply[:-2]}]}}}}]}} {reply} END OF OUTPUT. {wanted[0]}"
        return reply

    return answer


def plain(request: ModelRequest) -> str:
    """A model that leaves everything as it stands."""
    question = request.messages[-1].content
    if request.stage == "write_summary":
        return json.dumps({"sentence": question.split("\n")[0].removeprefix("- ")})
    if shown := _NUMBERED.findall(question):
        return json.dumps({"facts": [_fact(text, (i,)) for i, text in shown]})
    return json.dumps({"facts": [question]})


def _wanted(attack: Attack, request: ModelRequest) -> list[str]:
    """What the attack would have the model say: forbidden strings, the planted text, the prompt itself."""
    forbidden = [f"{text[:1].upper()}{text[1:]}." for text in attack.must_not]
    leaks = [request.messages[0].content[:400]] if attack.attack_class in _LEAKING else []
    return [*leaks, attack.must_not[0], *forbidden, *(" ".join(p.split()) for p in attack.planted)]


def _fact(statement: str, ids: Sequence[str]) -> dict[str, object]:
    return {"ids": list(ids), "statement": statement, "kind": "event", "speaker": None}


def _places(shown: Sequence[tuple[str, str]], attacks: Sequence[Attack]) -> list[tuple[str, ...]]:
    """A true sentence, then the planted one where the question shows it, else one nobody was shown."""
    planted = [i for i, text in shown if any(text in p for attack in attacks for p in attack.planted)]
    return [(shown[0][0],), (planted[0],) if planted else ("s99",)]
