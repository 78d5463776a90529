"""Property tests have no deadline: the parser is loaded inside the first of them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("grounding", deadline=None, max_examples=60)
settings.load_profile("grounding")
