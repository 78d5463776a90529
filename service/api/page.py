"""`GET /`: the web page, and the files it is made of.

Comes in: a browser. Goes out: three files of `service/page/`. Promises: nothing is loaded from anywhere
else and nothing inline is run; the browser is told so (Content-Security-Policy).
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

from service.errors import NotFound

PAGE = Path(__file__).resolve().parents[1] / "page"
_ASSETS = frozenset({"attest.js", "attest.css", "icon.svg"})

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # ask again, so that page and script are of one version
}


router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    return FileResponse(PAGE / "index.html", headers=_HEADERS)


@router.get("/assets/{name}")
async def asset(name: str) -> FileResponse:
    if name not in _ASSETS:
        raise NotFound("the page has no such file")
    return FileResponse(PAGE / name, headers=_HEADERS)
