"""`POST /v1/facts` and `POST /v1/check`: one article.

Comes in: an article, for a check also statements. Goes out: its facts, or one verdict a statement.
Promises: only `/v1/facts` asks the model, and it waits for its turn; a check never does.
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request

from service.api.limits import check_article, check_statements
from service.api.problems import documented
from service.api.serving import Served
from service.api.wire import CheckReply, CheckRequest, FactsRequest
from service.stories.models import ArticleFacts

router = APIRouter(prefix="/v1", tags=["facts"])


@router.post(
    "/facts",
    summary="The facts of one article",
    responses=documented(400, 413, 415, 422, 500, 502, 503, 504),
)
async def read_facts(body: FactsRequest, request: Request, served: Served) -> ArticleFacts:
    """Reads the article and answers when it is read, which may take minutes with a local model."""
    check_article(body.article, served.settings)
    work = partial(served.reader.facts, body.article)
    return await served.model_line.run(work, gone=request.is_disconnected)


@router.post(
    "/check",
    summary="Does the article support these statements?",
    responses=documented(400, 413, 415, 422, 500, 503),
)
async def check_statements_of(body: CheckRequest, request: Request, served: Served) -> CheckReply:
    """One verdict a statement, in order. Decided by the text alone; no model is asked."""
    check_article(body.article, served.settings)
    check_statements(body.statements, served.settings)
    work = partial(served.reader.check, body.article, body.statements)
    verdicts = await served.check_line.run(work, gone=request.is_disconnected)
    return CheckReply(verdicts=tuple(verdicts))
