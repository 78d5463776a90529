"""`GET /v1/prompts`: what attest would ask a model, by name, version and hash.

Comes in: nothing. Goes out: a `PromptList`. Promises: the hashes are those that stand on facts.
"""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter

from service.api.problems import documented
from service.api.serving import Served
from service.api.wire import PromptInfo, PromptList

router = APIRouter(prefix="/v1", tags=["prompts"])


@router.get("/prompts", summary="Every prompt and its hash", responses=documented(500))
async def list_prompts(served: Served) -> PromptList:
    found = await to_thread.run_sync(served.reader.prompts.all)
    return PromptList(prompts=tuple(PromptInfo.of(prompt) for prompt in found))
