"""Endpoints of runs: list, show, retry, cancel."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...identity import Scope
from ...operations.jobs import requests
from ...operations.views.run_lists.causes import show_causes
from ...operations.views.run_lists.filters import RunQuery, read_query
from ...operations.views.run_lists.retries import plan_retry, retry_in_batches, retry_json
from ...operations.views.run_log import load_log
from ...operations.views.runs import run_json, show_run, show_runs
from .callers import Caller, needs
from .contents import RequestBody, body_as, takes
from .description import BODY, answers
from .models.runs import CausePage, RetryPlan, Run, RunDetail, RunLogPage, RunPage, RunsRequested, RunsRetried
from .once import once
from .parameters import LARGEST, EventName, JobName, ThePage, answer_newest, answer_rows
from .problems import what_is_asked

_MOST_CAUSES = 1_000
router = APIRouter(tags=["runs"])
TheRun = Annotated[int, Path(ge=1, le=LARGEST, description="The run's number.")]
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Writing = Annotated[Caller, needs(Scope.RUNS_WRITE)]


class RetryBody(RequestBody):
    """The options of a retry."""

    force: bool = Field(default=False, description="Also what the guard refuses as unsafe.")
    not_done: bool = Field(default=False, description="You have looked for what is open, and it was not done.")


class RetryFailedBody(RequestBody):
    """Which of the failed and parked runs to retry."""

    failed: Literal[True] = Field(description="Always true: only runs that failed or are parked are retried.")
    job: JobName | None = Field(default=None, description="Only those of this job.")
    event: EventName | None = Field(default=None, description="Only those for this event.")
    since: str = Field(default="", max_length=40, description="Only those asked for since then: 2h, 7d, 2027-01-31.")
    cause: str = Field(default="", max_length=300, description="Only those with these words in their cause.")
    force: bool = Field(default=False, description="Also what the guard refuses as unsafe.")
    dry_run: bool = Field(default=False, description="Only return what it would do.")


def _query(  # each is a parameter of the request
    failed: Annotated[bool, Query(description="Only those that failed, or need an operator.")] = False,
    state: Annotated[str, Query(max_length=20, description="Only those in this state.")] = "",
    job: Annotated[JobName | None, Query(description="Only those of this job.")] = None,
    event: Annotated[EventName | None, Query(description="Only those for this event.")] = None,
    since: Annotated[
        str, Query(max_length=40, description="Only those asked for since then: 2h, 7d, 2027-01-31.")
    ] = "",
    cause: Annotated[str, Query(max_length=300, description="Only those with these words in their cause.")] = "",
    everything: Annotated[bool, Query(alias="all", description="Also failures that a later run has replaced.")] = False,
) -> RunQuery:
    return RunQuery(
        job=job or "",
        event=event or "",
        since=since,
        state=state,
        cause=cause,
        failed=failed,
        everything=everything,
    )


@router.get("/runs", responses=answers(200, 422, gives=RunPage))
def list_runs(caller: Reading, window: ThePage, query: Annotated[RunQuery, Depends(_query)]) -> Response:
    """List runs, the newest first. One that failed names the later run of the same job and subject, if there is one."""
    database = caller.context.database
    with what_is_asked():
        choice = read_query(database, query, caller.operations.jobs)
    return answer_newest(window, "runs", show_runs(database, choice, before=window.cursor, limit=window.per_page + 1))


@router.get("/runs/causes", responses=answers(200, 422, gives=CausePage))
def list_causes(caller: Reading, window: ThePage, query: Annotated[RunQuery, Depends(_query)]) -> Response:
    """List what the runs that failed or are parked have in common, the most frequent first; the parameters filter."""
    with what_is_asked():
        choice = read_query(caller.context.database, query, caller.operations.jobs)
    return answer_rows(window, "causes", show_causes(caller.context.database, choice, limit=_MOST_CAUSES))


@router.post(
    "/runs/retry",
    status_code=202,
    responses=answers(200, 202, *BODY, gives={200: RetryPlan, 202: RunsRetried}),
    openapi_extra=takes(RetryFailedBody),
)
def retry_runs(caller: Writing, body: Annotated[RetryFailedBody, body_as(RetryFailedBody)]) -> Response:
    """Retry all runs that failed or are parked and match; with `dry_run`, only return what that would do."""
    query = RunQuery(failed=True, job=body.job or "", event=body.event or "", since=body.since, cause=body.cause)
    with what_is_asked():
        choice = read_query(caller.context.database, query, caller.operations.jobs)
    plan = plan_retry(caller.context, caller.operations.jobs, choice, force=body.force)
    if body.dry_run:
        return JSONResponse(retry_json(plan))
    batches = tuple(retry_in_batches(caller.context, plan, caller.by, query.words))
    caller.operations.wake()
    runs, skipped = [run for batch in batches for run in batch.runs], sum(batch.skipped for batch in batches)
    return JSONResponse(retry_json(plan) | {"runs": runs, "skipped": skipped}, 202)


@router.get("/runs/{run}", responses=answers(200, 404, gives=RunDetail))
def get_run(run: TheRun, caller: Reading) -> Response:
    """Show a run: its state, the open change of its event, and the calls that it made to Zoom."""
    return JSONResponse(show_run(caller.context.database, run))


@router.get("/runs/{run}/log", responses=answers(200, 404, gives=RunLogPage))
def list_run_log(run: TheRun, caller: Reading, window: ThePage) -> Response:
    """List all that is known of a run in order of time: who asked for it, attempts, calls, changes, follow-ups."""
    return answer_rows(window, "log", load_log(caller.context.database, run)[1])


@router.post(
    "/runs/{run}/retry",
    status_code=202,
    responses=answers(202, 404, 409, *BODY, gives=RunsRequested),
    openapi_extra=takes(RetryBody),
)
@once
def retry_run(run: TheRun, caller: Writing, body: Annotated[RetryBody, body_as(RetryBody)]) -> Response:
    """Retry a run, and return the number of the run that does it."""
    again = requests.retry_run(caller.context, run, caller.by, force=body.force, not_done=body.not_done)
    caller.operations.wake()
    return JSONResponse({"runs": [again]}, 202)


@router.post("/runs/{run}/cancel", responses=answers(200, 404, 422, gives=Run))
def cancel_run(run: TheRun, caller: Writing) -> Response:
    """Cancel a run that has not ended."""
    return JSONResponse(run_json(requests.cancel_run(caller.context, run, caller.by)))
