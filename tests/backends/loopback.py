"""A real OpenAI-compatible server with a real model on loopback: llama-cpp-python's own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY = "loopback-key"
# The socket is opened by the test and inherited, so no other process can take the port in between; what
# is asked before the model is loaded waits in the socket's queue.
SERVER = """
import socket, sys
import uvicorn
from llama_cpp.server.app import create_app
from llama_cpp.server.settings import ModelSettings, ServerSettings

descriptor, model, key, tokens = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
app = create_app(
    server_settings=ServerSettings(api_key=key),
    model_settings=[
        ModelSettings(model=model, model_alias="small", n_ctx=tokens, n_threads=1, verbose=False)
    ],
)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[socket.socket(fileno=descriptor)])
"""


@contextmanager
def running_server(model: Path, log: Path, *, context_tokens: int) -> Iterator[str]:
    """The address of a server that calls its model `small` and wants `KEY`."""
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as output:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(descriptor), str(model), KEY, str(context_tokens)],
            stdout=output, stderr=subprocess.STDOUT, pass_fds=[descriptor],
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
        assert process.poll() is None, log.read_text(encoding="utf-8")
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
