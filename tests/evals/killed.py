"""`python -m evals` with a model that says who asks it, and waits for ever at one question.

    python -m tests.evals.killed LOG HANG CONCURRENCY ARGUMENTS...

Every question is a line in LOG. At question HANG (counted from 1; 0: never) the model prints "waiting" and
answers no more, so that whoever started this can kill it there.
"""

from __future__ import annotations

import hashlib
import signal
import sys
import threading
from pathlib import Path

import evals.systems
from evals.cli import main
from service.backends.base import Backend, ModelRequest, Profile
from service.backends.scripted import ScriptedBackend
from service.settings import Settings


def waiting_backend(log: Path, hang: int, concurrency: int) -> Backend:
    lock = threading.Lock()
    asked = 0

    def answer(request: ModelRequest) -> str:
        nonlocal asked
        with lock:
            asked += 1
            with log.open("a", encoding="utf-8") as file:
                name = hashlib.sha256(request.sha256("", "").encode()).hexdigest()
                file.write(f"{name} {request.seed}\n")
            if asked == hang:
                print("waiting", flush=True)
                while True:
                    signal.pause()
        return '{"facts": []}' if request.stage == "extract_facts" else '{"sentence": ""}'

    profile = Profile(extract_prompt="v1", summary_prompt="v1", concurrency=concurrency)
    return ScriptedBackend(answer, profile=profile)


if __name__ == "__main__":
    log, hang, concurrency = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

    def build(settings: Settings) -> Backend:
        return waiting_backend(log, hang, concurrency)

    vars(evals.systems)["build_backend"] = build
    sys.argv = ["evals", *sys.argv[4:]]
    main()
