"""Which language a text is written in, and the English parser.

Comes in: text; the folder of a spaCy pipeline. Goes out: a language code or None; a loaded
pipeline. Promises: a short or mixed text is never refused on a guess; the pipeline is loaded from
the given folder only, never from an installed package of the same name.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import ModelFileError

if TYPE_CHECKING:
    from spacy.language import Language

MIN_WORDS = 12
SURE = 0.99
SAMPLE_CHARS = 5000


@lru_cache(maxsize=1)
def _identifier() -> object:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_language(text: str) -> str | None:
    """ISO 639-1 code when the text surely is not English, else None."""
    if len(text.split()) < MIN_WORDS:
        return None
    sample = text[:SAMPLE_CHARS].lower()  # capitals confuse the identifier
    code, probability = _identifier().classify(sample)  # type: ignore[attr-defined]
    return str(code) if code != "en" and probability >= SURE else None


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
