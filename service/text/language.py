"""Which language a text is written in, and the English parser.

Comes in: text; the folder of a spaCy pipeline. Goes out: a language code or None; a loaded
pipeline. Promises: a short or mixed text is never refused on a guess, nor is a sentence that holds one
word which only English has; the pipeline is loaded from
the given folder only, never from an installed package of the same name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import ModelFileError

if TYPE_CHECKING:
    from spacy.language import Language

MIN_WORDS = 12
MIN_LETTERS = 12  # of a script without spaces
SURE = 0.99
FAIRLY_SURE = 0.9
MIN_SENTENCE_WORDS = 7
# Without one of these hardly an English sentence gets along; other languages do not have them.
_ENGLISH = frozenset(
    "the of and to for with from by said that it they she will are were had his her their which but at be"
    " have been into who its you this would than after about".split()
)
PIECE_CHARS = 400
MAX_PIECES = 25  # spread over the text, so that a long one costs no more
_SHARED = frozenset("a an as i in is it's me my no not on or so up us was we what when where while".split())


@lru_cache(maxsize=1)
def _identifier() -> object:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_language(text: str) -> str | None:
    """ISO 639-1 code when most of the text surely is not English, else None ("und": unknown script).

    The identifier is sure of itself even when it is wrong, and quotations and lists of names mislead
    it, so it is asked about pieces and most of them must agree that this is not English.
    """
    letters = [character for character in text[: PIECE_CHARS * MAX_PIECES] if character.isalpha()]
    other_script = sum(not _is_latin(letter) for letter in letters)
    if other_script >= MIN_LETTERS and other_script > len(letters) / 2:
        code, _ = _classified(text[: PIECE_CHARS * MAX_PIECES])
        return code if code != "en" else "und"
    words = text.split()
    if len(words) < MIN_WORDS:
        return None
    pieces = _pieces(words)
    verdicts = [_classified(piece) for piece in pieces]
    foreign = [code for code, probability in verdicts if code != "en" and probability >= SURE]
    return max(foreign, key=foreign.count) if len(foreign) > len(pieces) / 2 else None


def is_foreign_sentence(text: str) -> bool:
    """Whether one sentence of an English article surely is not English."""
    letters = [character for character in text if character.isalpha()]
    other_script = sum(not _is_latin(letter) for letter in letters)
    if other_script >= MIN_LETTERS and 3 * other_script > 2 * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < MIN_SENTENCE_WORDS or not _ENGLISH.isdisjoint(words):
        return False
    if _SHARED.isdisjoint(words) and len(words) >= MIN_WORDS:
        return _classified(text)[0] != "en"
    code, probability = _classified(text)
    return code != "en" and probability >= FAIRLY_SURE


def _classified(text: str) -> tuple[str, float]:
    code, probability = _identifier().classify(text.lower())  # type: ignore[attr-defined]
    return str(code), float(probability)  # lower case: capitals confuse the identifier


def _pieces(words: list[str]) -> list[str]:
    """Up to MAX_PIECES runs of about PIECE_CHARS characters, spread evenly; the last is not a scrap."""
    text = " ".join(words)
    count = max(1, round(len(text) / PIECE_CHARS))
    size = len(text) / count
    chosen = range(count) if count <= MAX_PIECES else (count * n // MAX_PIECES for n in range(MAX_PIECES))
    return [text[int(index * size) : int((index + 1) * size)] for index in chosen]


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"


def load_parser(folder: Path) -> Language:
    """The spaCy pipeline in `folder`. Raises ModelFileError when it is not one."""
    import spacy

    try:
        return spacy.load(folder)
    except (OSError, ValueError) as error:
        raise ModelFileError(
            f"cannot load the English parser from {folder}: {error}. "
            "Get it with: attest models pull en-core-web-sm"
        ) from None
