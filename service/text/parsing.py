"""Sentences, parsed.

Comes in: the reading of sentences or statements. Goes out: spaCy `Doc`s, one a sentence. Promises:
one text gives one parse (kept for the parser's lifetime, so the gate never parses twice what the
cues already saw); thread-safe.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from service.text.language import load_parser

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

KEPT_PARSES = 4096


class Parser:
    """spaCy behind a small cache. Loaded at the first use, so that `--help` stays quick."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pipeline: Language | None = None
        self._kept: OrderedDict[str, Doc] = OrderedDict()
        self._lock = threading.Lock()

    def parse(self, texts: Sequence[str]) -> list[Doc]:
        """One Doc for each text. Raises ModelFileError when the pipeline cannot be loaded."""
        with self._lock:
            if self._pipeline is None:
                self._pipeline = load_parser(self._folder)
            missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
            fresh = dict(zip(missing, self._pipeline.pipe(missing), strict=True))
            docs = [fresh[text] if text in fresh else self._kept[text] for text in texts]
            self._kept.update(fresh)
            while len(self._kept) > KEPT_PARSES:
                self._kept.popitem(last=False)
            return docs

    def parse_one(self, text: str) -> Doc:
        return self.parse([text])[0]
