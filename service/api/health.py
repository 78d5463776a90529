"""`GET /healthz` and `GET /readyz`: for those who watch over the process.

Comes in: a probe. Goes out: whether the process lives, whether it can serve. Promises: `/healthz` touches
nothing; `/readyz` waits for no model: what the doctor found last is shown, and renewed in the background
at most once in ATTEST_DOCTOR_KEEP_SECONDS (sooner after something was missing).
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.api.readiness import ReadinessReport
from service.api.serving import Served
from service.api.wire import Alive

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Alive:
    return Alive()


@router.get(
    "/readyz",
    summary="Can requests be served now?",
    responses={503: {"description": "Not ready; `checks` says why.", "model": ReadinessReport}},
)
async def readyz(served: Served, response: Response) -> ReadinessReport:
    report = await served.readiness.report()
    if report.status != "ready":
        response.status_code = 503
    return report
