"""Property tests have no deadline: the language model is loaded inside the first of them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("text", deadline=None)
settings.load_profile("text")
