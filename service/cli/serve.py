"""`attest serve`: the HTTP API and the page."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.common import (
    BackendOption,
    BaseUrlOption,
    ModelOption,
    PromptOption,
    ScriptOption,
    given_settings,
)

SHUTDOWN_SECONDS = 20


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than loopback reach everybody.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    backend: BackendOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    prompt: PromptOption = None,
    script: ScriptOption = None,
) -> None:
    """Serve the API and the page until interrupted.

    Examples:  attest serve  |  attest serve --port 9000 --backend openai --base-url http://127.0.0.1:8080/v1
    """
    import uvicorn

    from service.api.app import create_app

    settings = given_settings(backend, model, base_url, prompt, script)
    typer.echo(f"attest: http://{host}:{port}/ (page), /openapi.json (API)", err=True)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_level="info",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
