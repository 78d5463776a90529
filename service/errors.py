"""Every error attest raises on purpose.

Comes in: what went wrong, in words for the person who can mend it. Goes out: one exception whose
class says what kind of failure it is. Promises: `str(error)` is safe to show to anyone (no secrets,
no article text), and `slug`, `status`, `exit_code`, `retryable` never depend on the message.

    AttestError
    ├── InputError               the caller sent something we cannot read        422, exit 2
    │   ├── EmptyArticle           nothing to read in it                         422
    │   ├── ArticleTooLarge        longer than the configured limit              413
    │   ├── TooManyArticles        more than the configured limit                413
    │   ├── NotText                not UTF-8, or markup instead of text          422
    │   ├── UnsupportedLanguage    not English                                   422
    │   └── NotFound               no such story, prompt, model, file            404
    ├── SettingsError            the configuration cannot work                   500, exit 2
    ├── PromptError              a prompt folder is broken                       500, exit 2
    ├── ModelFileError           weights missing, truncated or altered           503, exit 1
    └── BackendError             whoever answers did not answer usably           502, exit 1
        ├── BackendUnreachable     no connection                    retryable    503
        ├── BackendTimeout         no answer in time                retryable    504
        ├── BackendRateLimited     429, with retry_after if told    retryable    503
        ├── BackendUnavailable     5xx and the like                 retryable    503
        ├── BackendRefused         401, 403, 400 ...: asking again cannot help   502
        ├── QuotaExceeded          the account has no credit left                503
        ├── ContentFiltered        the provider refuses this text                502
        ├── ContextOverflow        prompt and answer do not fit the model        502
        ├── CircuitOpen            too many failures in a row; not asked         503
        └── OutOfMemory            the local engine could not allocate           503
"""

from __future__ import annotations


class AttestError(Exception):
    """Base of the tree. `where` names the input (file, article number, setting) when known."""

    slug = "error"
    title = "attest failed"
    status = 500
    exit_code = 1
    retryable = False

    def __init__(self, message: str, *, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(AttestError):
    slug, title, status, exit_code = "bad-input", "The input cannot be read", 422, 2


class EmptyArticle(InputError):
    slug, title = "empty-article", "The article is empty"


class ArticleTooLarge(InputError):
    slug, title, status = "article-too-large", "The article is too long", 413


class TooManyArticles(InputError):
    slug, title, status = "too-many-articles", "Too many articles in one request", 413


class NotText(InputError):
    slug, title = "not-text", "The article is not plain text"


class UnsupportedLanguage(InputError):
    slug, title = "unsupported-language", "The article is not in English"


class NotFound(InputError):
    slug, title, status = "not-found", "There is no such thing", 404


class SettingsError(AttestError):
    slug, title, exit_code = "bad-settings", "The configuration cannot work", 2


class PromptError(AttestError):
    slug, title, exit_code = "bad-prompt", "A prompt folder is broken", 2


class ModelFileError(AttestError):
    slug, title, status = "model-file", "A model file is missing or damaged", 503


class BackendError(AttestError):
    slug, title, status = "backend", "The model backend failed", 502


class BackendUnreachable(BackendError):
    slug, title, status, retryable = "backend-unreachable", "The model backend is not reachable", 503, True


class BackendTimeout(BackendError):
    slug, title, status, retryable = "backend-timeout", "The model backend took too long", 504, True


class BackendRateLimited(BackendError):
    """`retry_after`: seconds the server asked us to wait, or None."""

    slug, title, status, retryable = "backend-rate-limited", "The model backend asks to slow down", 503, True

    def __init__(self, message: str, *, where: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, where=where)
        self.retry_after = retry_after


class BackendUnavailable(BackendError):
    """`retry_after`: seconds the server asked us to wait, or None."""

    slug, title, status, retryable = "backend-unavailable", "The model backend is out of order", 503, True

    def __init__(self, message: str, *, where: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, where=where)
        self.retry_after = retry_after


class BackendRefused(BackendError):
    slug, title = "backend-refused", "The model backend refused the request"


class QuotaExceeded(BackendError):
    slug, title, status = "quota-exceeded", "The model account has no quota left", 503


class ContentFiltered(BackendError):
    slug, title = "content-filtered", "The model provider filtered this text"


class ContextOverflow(BackendError):
    slug, title = "context-overflow", "The text does not fit the model's context"


class CircuitOpen(BackendError):
    """`retry_after`: seconds until the next attempt is allowed."""

    slug, title, status = "circuit-open", "The model backend failed too often and is left alone", 503

    def __init__(self, message: str, *, where: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, where=where)
        self.retry_after = retry_after


class OutOfMemory(BackendError):
    slug, title, status = "out-of-memory", "The local model does not fit into memory", 503
