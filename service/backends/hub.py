"""The model hub: one file over HTTPS, taken up again where it broke off.

Comes in: where the hub keeps a file, and a partial copy of it. Goes out: that copy, whole. Promises:
the hub is given a few seconds to answer and no more; what came before a failure stays; a page of a
proxy or another file than the expected one is refused before it is written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import httpx

from service.backends.catalog import HubSource
from service.backends.weights import OnBytes, Opener, open_file, size_of

HUB_ATTEMPTS = 5
HUB_READ_SECONDS = 30.0  # silence in the middle of a file that counts as a broken connection

ClientFactory = Callable[[], httpx.Client]


class HubFailed(Exception):
    """The hub does not deliver; the reason is `str(error)`. The package index may."""


def from_hub(
    hub: HubSource,
    size: int,
    partial: Path,
    *,
    client_factory: ClientFactory,
    timeout_seconds: float,
    on_bytes: OnBytes,
    opener: Opener = open_file,
) -> int:
    """Let `partial` grow to `size` bytes from the hub; returns the bytes received.

    A connection that breaks after it brought something is taken up again with a Range request.
    Raises HubFailed when the hub is not reached within `timeout_seconds` or does not have the file.
    """
    received = 0
    problem = "the connection broke"
    for _ in range(HUB_ATTEMPTS):
        before = received
        try:
            with _answer(hub.url, size_of(partial), client_factory, timeout_seconds) as response:
                at = _continues_at(response, size_of(partial), size)
                with opener(partial, "ab" if at else "wb") as file:
                    for chunk in response.iter_bytes():
                        if at + len(chunk) > size:
                            raise HubFailed(f"it sends more than the {size:,} bytes expected")
                        file.write(chunk)
                        at += len(chunk)
                        received += len(chunk)
                        on_bytes(at)
        except httpx.HTTPError as error:
            problem = str(error) or type(error).__name__
        if size_of(partial) == size:
            return received
        if received == before:
            break
    raise HubFailed(problem)


@contextmanager
def _answer(
    url: str, start: int, client_factory: ClientFactory, timeout_seconds: float
) -> Iterator[httpx.Response]:
    try:
        client = client_factory()
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise HubFailed(f"the proxy or certificate settings are unusable ({error})") from None
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    timeout = httpx.Timeout(timeout_seconds, read=HUB_READ_SECONDS)
    with client:
        response = _send(client, client.build_request("GET", url, headers=headers, timeout=timeout))
        try:
            yield response
        finally:
            response.close()


def _send(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Send within the request's connect time-out, all in all.

    httpx gives that time to every address of a name and to every redirect, and none to the look-up of
    the name; behind a firewall that drops packets this adds up to a minute. Hence the thread.
    """
    box: SimpleQueue[httpx.Response | Exception] = SimpleQueue()

    def send() -> None:
        try:
            box.put(client.send(request, stream=True, follow_redirects=True))
        except Exception as error:
            box.put(error)

    seconds = request.extensions["timeout"]["connect"]
    threading.Thread(target=send, daemon=True).start()
    try:
        outcome = box.get(timeout=seconds)
    except Empty:
        raise HubFailed(f"no answer within {seconds:g} s") from None
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _continues_at(response: httpx.Response, start: int, size: int) -> int:
    """The offset at which the body belongs: `start`, or 0 when the server ignored the range."""
    if response.status_code == httpx.codes.OK:
        total, at = response.headers.get("Content-Length", str(size)), 0
    elif response.status_code == httpx.codes.PARTIAL_CONTENT:
        span, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        if span.partition("-")[0] != str(start):
            raise HubFailed("it answers with another piece than was asked for")
        at = start
    else:
        raise HubFailed(f"it answers HTTP {response.status_code}")
    if total not in (str(size), "*"):
        raise HubFailed(f"it has another file there: {total} bytes instead of {size}")
    return at
