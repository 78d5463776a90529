"""Stretches of an article that are written for machines, told by their form.

Comes in: a text, folded for reading. Goes out: spans of it: control tokens and turns of chat templates,
hidden HTML, JSON, code, base64, made-up sentence numbers. Promises: news prose has none of these; a
stretch that nothing closes ends with its paragraph, so that a single token cannot hide a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TURN_CHARS = 600  # from the token that opens a turn to the one that closes it
MAX_JSON_GAP = 200  # between two joints of one JSON text on one line
MIN_JSON_JOINTS = 3  # where no brace opens on a quotation mark


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]`. What stands `apart` is a sentence of its own; else it taints the one around it."""

    start: int
    end: int
    apart: bool


_DATA = r"(?:article|input|document|context|text|data)"  # elements a prompt may put an article in
_OPENS = (
    r"<\|(?:im_start|start_header_id|end_header_id|begin_of_text|python_tag|object_ref_start|system|user"
    r"|assistant|start|message|channel|fim_prefix|tool_call)\|>|<\|(?i:user|assistant|system)[^|<>\n]{0,10}\|>"
    r"|\[(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|\[/INST\]|<<SYS>>|<s>|<start_of_turn>"
    rf"|</?think>|<tool_(?:call|response)>|</{_DATA}>|<<(?!END|/)[A-Z_ ]{{2,30}}>>"
    r"|<[a-z]+[_-][a-z_-]+(?: [^<>\n]{0,80})?>|<(?:invoke|parameter)\b[^<>\n]{0,80}>"
)
_CLOSES = (
    r"<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|object_ref_end|end|return|eos)\|>|</s>|<</SYS>>"
    r"|</(?:[a-z]+[_-][a-z_-]+|invoke|parameter)>"
    rf"|\[/(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|<end_of_turn>|</tool_(?:call|response)>|<{_DATA}>"
    r"|<<(?:END|/)[A-Z_ ]{0,30}>>"
)
_TOKEN = re.compile(
    rf"(?P<opens>{_OPENS})|(?P<closes>{_CLOSES})|<\|[^|<>\n]{{1,40}}\|>|\[TOOL_CALLS\]|(?<!\S)/(?:no_)?think\b"
)
# After these a new turn begins, whatever comes; after the others a text may simply go on.
_HEADER = re.compile(
    r"(?:<\|(?:im_start|user|assistant|system)\|>|<\|end_header_id\|>|\[INST\]|<<SYS>>|<start_of_turn>)$"
)
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n|\Z")

_HIDING = (
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}"
    r"|color\s*[:=]\s*[\"']?(?:white|transparent|#fff)|(?<![-\w])hidden(?![-\w])|aria-hidden\s*=\s*[\"']?true)"
)
_UNSEEN = (
    r"<!--(?:[^-]|-(?!->)){0,1000}-->",
    r"<!--(?!(?:[^-]|-(?!->)){0,1000}-->)[^\n]*",
    r"<(?P<raw>script|style|template|noscript|svg)\b[^<>]*>[\s\S]{0,1000}?</(?P=raw)\s*>",
    rf"<(?P<kind>\w+)\b[^<>]{{0,300}}{_HIDING}[^<>]{{0,300}}>[\s\S]{{0,1000}}?</(?P=kind)\s*>",
)
_APART = (
    # three backticks read as two quotation marks, a double and a single one
    r"^[^\S\n]*(?P<code>\"'|~~~)\w*[^\S\n]*\n(?:.*\n){0,40}?[^\S\n]*(?P=code)[^\S\n]*$",
    r"<(?:img|iframe|object|embed|meta|link|input|form|base|script|style)\b[^<>\n]*>",
    r"^(?-i:BEGIN (?P<block>[A-Z ]{2,30}))\n(?:.*\n){0,20}?(?-i:END) (?P=block)$",
    r"!\[[^\]\n]{0,200}\]\([^)\s]{0,500}\)",
    r"^[^\S\n]*(?:\"'\w*|\"\"\"|~~~|-{3,}|={3,})[^\S\n]*$",
    r"^[^\S\n]*\|.*\|[^\S\n]*$",  # a row of a table
)
_TAINTING = (
    r"\]\((?:javascript|data|vbscript):",
    r"\bdata:[\w/+.-]{3,40};base64,",
    r"::=",
    r"\|\s*(?:ba|z)?sh\b(?!-)",
    r"(?:\b[A-Za-z] ){9}",  # s p a c e d  o u t
)
_UNSEEN_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in _UNSEEN)
_APART_FORMS = _UNSEEN_FORMS + tuple(re.compile(form, re.MULTILINE | re.IGNORECASE) for form in _APART)
_TAINTING_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in _TAINTING)
_MARK = re.compile(r"\[(?:s\d{1,3}|(?:article|sentence|document|fact)_ids?\b[^\]\n]{0,40})\]")
_BASE64 = re.compile(r"(?<![\w./:#@?&=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w.-])")
_JOINT = re.compile(
    r"[{}](?:\s*\\?\")?|\\\"|\"\s*\]|\[\s*\"(?=[a-z_]+\")|\"[a-z_]{1,30}\"\s*:\s*(?=[\"\[{\d]|null|true|false|$)"
    r"|(?<=[a-z_.!?])\",\s*\"(?=[a-z_]+\"\s*:)|[\]}]\s*[\]},]{2,}"
)
_LOOSE = '"\\]}'  # what JSON leaves at either end
_LABEL_BEFORE = re.compile(r"(?:^|(?<=[.!?]\s))[^.!?\n\"]{1,60}:\s*$|[^\s\"]+$")


def stretches(text: str) -> list[Stretch]:
    """Everything in `text` that is made for machines; stretches may overlap."""
    found = [*_turns(text), *_json(text)]
    for form in _APART_FORMS:
        found += [Stretch(m.start(), m.end(), apart=True) for m in form.finditer(text)]
    for form in _TAINTING_FORMS:
        found += [Stretch(m.start(), m.end(), apart=False) for m in form.finditer(text)]
    found += [Stretch(m.start(), m.end(), apart=False) for m in _MARK.finditer(text)]
    found += [Stretch(m.start(), m.end(), apart=False) for m in _BASE64.finditer(text) if _encoded(m[0])]
    return sorted(found, key=lambda s: (s.start, s.end))


def breaks(text: str) -> set[int]:
    """Offsets at which a sentence ends because machine text begins or ends there."""
    if not re.search(r"[<\[{}|`\"!-]", text):
        return set()
    found = {m.start() for m in _MARK.finditer(text)}
    for stretch in stretches(text):
        if stretch.apart:
            found |= {stretch.start, stretch.end}
    return found


def without_hidden(text: str) -> str:
    """`text` without HTML that a browser does not show."""
    for form in _UNSEEN_FORMS:
        text = form.sub(" ", text)
    return text


def _turns(text: str) -> Iterator[Stretch]:
    """Tokens, with what stands between one that closes nothing and the next."""
    tokens = list(_TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        end = token.end()
        if not token["closes"]:
            following = tokens[index + 1].start() if index + 1 < len(tokens) else None
            if following is not None and following - end <= MAX_TURN_CHARS:
                end = following
            elif _HEADER.search(token[0]):
                ended = _PARAGRAPH_END.search(text, end)
                end = min(ended.start() if ended else len(text), end + MAX_TURN_CHARS)
        yield Stretch(token.start(), end, apart=True)


def _json(text: str) -> Iterator[Stretch]:
    """JSON on one line, whole or in pieces, with the label before it ("Output schema: {...")."""
    line_start = 0
    for line in text.split("\n"):
        chain: list[re.Match[str]] = []
        for joint in [*_JOINT.finditer(line), None]:
            if joint and (not chain or joint.start() - chain[-1].end() <= MAX_JSON_GAP):
                chain.append(joint)
                continue
            if len(chain) >= MIN_JSON_JOINTS or any(j[0][0] == "{" and len(j[0]) > 1 for j in chain):
                label = _LABEL_BEFORE.search(line, 0, chain[0].start())
                start = label.start() if label else chain[0].start()
                while start and line[start - 1] in _LOOSE:
                    start -= 1
                end = (
                    chain[-1].end()
                    + len(line[chain[-1].end() :])
                    - len(line[chain[-1].end() :].lstrip(_LOOSE))
                )
                if 2 * (end - start) > len(line.strip()):  # what else stands on the line belongs to it
                    start, end = 0, len(line)
                yield Stretch(line_start + start, line_start + end, apart=True)
            chain = [joint] if joint else []
        line_start += len(line) + 1


def _encoded(run: str) -> bool:
    """Letters and digits mixed as no word and no address mixes them."""
    changes = len(re.findall(r"[a-z](?=[A-Z])|[A-Z](?=[a-z])|[A-Za-z](?=\d)|\d(?=[A-Za-z])", run))
    return changes >= 6 and bool(re.search(r"\d|=", run)) and any(c.islower() for c in run)
