"""How a command ends: its exit code, and one clear line when something went wrong.

Comes in: a command line app. Goes out: the end of the process: 0 done, 1 failed, 2 bad usage or bad input.
Promises: never a traceback for what a person can mend; output is UTF-8; whoever closes the pipe early sees
no complaint.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from rich.console import Console

from service.errors import AttestError

INTERRUPTED = 130  # what typer makes of Ctrl-C
NOTHING_HALF_WRITTEN = "interrupted; no file is left half written"


def run_and_leave(app: Callable[[], object], name: str, interrupted: str = NOTHING_HALF_WRITTEN) -> NoReturn:
    """Run `app` as the program `name`. `interrupted`: what to say after Ctrl-C."""
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8 (RFC 8259, section 8.1), whatever the locale
    try:
        code = _run(app, name, interrupted)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has gone; the rest of the buffer must not raise at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _run(app: Callable[[], object], name: str, interrupted: str) -> int:
    """The exit code of the command given; what went wrong is told on stderr."""
    try:
        app()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        if code == INTERRUPTED:
            _interrupted(name, interrupted)
        return code
    except AttestError as error:
        return _complain(name, str(error), error.exit_code)
    except KeyboardInterrupt:
        _interrupted(name, interrupted)
    except BrokenPipeError:
        raise
    except OSError as error:
        parts = (error.filename, error.strerror or error)
        return _complain(name, ": ".join(str(part) for part in parts if part))
    return 0


def _interrupted(name: str, interrupted: str) -> NoReturn:
    """Leave without waiting for the threads of questions that a server has not answered yet."""
    code = _complain(name, interrupted)
    os._exit(code)


def _complain(name: str, message: str, code: int = 1) -> int:
    complaint = Console(stderr=True, highlight=False, soft_wrap=True)
    complaint.print(f"{name}: {' '.join(message.split())}", markup=False)
    return code
