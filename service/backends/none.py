"""No model at all: what code alone can read and tell.

Comes in: nothing. Goes out: a `Backend` whose profile says that it does not answer. Promises: whoever asks
it nevertheless gets an error and never an invented answer; everything made with it names `none` as its
model.
"""

from __future__ import annotations

from service.backends.base import ModelReply, ModelRequest, Profile
from service.errors import BackendRefused


class NoModel:
    """For `--backend none`: sentences are cut along their grammar and told in the articles' own words."""

    name = "none"
    model = "none"
    model_sha256: str | None = None

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def complete(self, request: ModelRequest) -> ModelReply:
        raise BackendRefused(f"no model is configured (--backend none), so {request.stage} cannot be asked")

    def count_tokens(self, text: str) -> int:
        """Words between white space."""
        return len(text.split())

    def close(self) -> None:
        """Nothing is held."""
