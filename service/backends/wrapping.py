"""A backend around a backend: everything passes through unless a subclass says otherwise."""

from __future__ import annotations

from service.backends.base import Backend, ModelReply, ModelRequest, Profile


class WrappingBackend:
    """Delegates the whole protocol to `backend`; closing it closes what it wraps."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.backend!r})"

    @property
    def name(self) -> str:
        return self.backend.name

    @property
    def model(self) -> str:
        return self.backend.model

    @property
    def model_sha256(self) -> str | None:
        return self.backend.model_sha256

    @property
    def profile(self) -> Profile:
        return self.backend.profile

    def complete(self, request: ModelRequest) -> ModelReply:
        return self.backend.complete(request)

    def count_tokens(self, text: str) -> int:
        return self.backend.count_tokens(text)

    def close(self) -> None:
        self.backend.close()
