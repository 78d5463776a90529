from __future__ import annotations

import re

import httpx
import pytest

from service.api.page import PAGE

pytestmark = pytest.mark.anyio

FILES = ["/", "/assets/attest.js", "/assets/attest.css", "/assets/icon.svg"]


@pytest.mark.parametrize("path", FILES)
async def test_every_file_is_served_under_a_strict_policy(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)
    assert reply.status_code == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_asks_for_nothing_that_is_not_served(client: httpx.AsyncClient) -> None:
    html = (await client.get("/")).text
    wanted = re.findall(r'(?:src|href)="([^"#]+)"', html)
    assert wanted
    for path in wanted:
        assert path.startswith("/")
        assert (await client.get(path)).status_code == 200


async def test_nothing_inline_that_the_policy_would_stop() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r"\s(?:style|on[a-z]+)=", html)


async def test_text_is_never_read_as_markup() -> None:
    script = (PAGE / "attest.js").read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"):
        assert way not in script


async def test_every_control_has_a_name() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in html
    assert 'name="viewport"' in html
    labelled = set(re.findall(r'<label for="([^"]+)"', html))
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>", html):
        name = re.search(r'\bid="([^"]+)"', tag)
        assert (name and name[1] in labelled) or "aria-label" in tag, tag
