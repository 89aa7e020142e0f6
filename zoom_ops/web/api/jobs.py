"""Endpoints of jobs: list, run now, pause, resume, schedule."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from ...errors import BadInputError
from ...identity import Scope
from ...operations.jobs import schedules
from ...operations.jobs.requests import preview_job, request_job, turns_of
from ...operations.views import jobs as views
from ...operations.views.figures.outcomes import load_strips
from ...operations.views.schedules import when_json, write_when
from .callers import Caller, needs
from .contents import PauseBody, RequestBody, body_as, takes
from .description import BODY, answers
from .models.jobs import DryRun, JobPage, JobPaused, JobSchedule
from .models.runs import RunsRequested
from .once import once
from .parameters import EventName, JobName, ThePage, answer_rows
from .problems import what_is_asked

router = APIRouter(tags=["jobs"])
TheJob = Annotated[JobName, Path(description="The job's name.")]
Reading = Annotated[Caller, needs(Scope.RUNS_READ)]
Running = Annotated[Caller, needs(Scope.JOBS_RUN)]


class ScheduleBody(RequestBody):
    """When a job has its turns; nothing of it: as its file says."""

    every: str = Field(default="", max_length=50, description="An interval, such as 90s, 10m, 2h or 1d.")
    at: str = Field(default="", max_length=200, description="In its place a cron line, such as 0 6 * * 1-5.")
    zone: str = Field(default="", max_length=100, description="The time zone of the cron line; else UTC.")


class RunBody(RequestBody):
    """The event of a run, with its options."""

    event: EventName | None = Field(default=None, description="Only for this event; else for all whose turn it is.")
    dry_run: bool = Field(default=False, description="Show what it would do, and do nothing.")
    force: bool = Field(default=False, description="Also what is refused or left alone for safety.")


@router.get("/jobs", responses=answers(200, gives=JobPage))
def list_jobs(caller: Reading, window: ThePage) -> Response:
    """List the jobs with their schedule, last run and next run."""
    database, jobs = caller.context.database, caller.operations.jobs
    return answer_rows(window, "jobs", views.list_jobs(database, jobs.values(), load_strips(database, jobs)))


@router.post(
    "/jobs/{name}/runs",
    status_code=202,
    responses=answers(200, 202, 404, 409, *BODY, gives={200: DryRun, 202: RunsRequested}),
    openapi_extra=takes(RunBody),
)
@once
def run_job(name: TheJob, caller: Running, body: Annotated[RunBody, body_as(RunBody)]) -> Response:
    """Run a job now, and return the numbers of its runs. `GET /runs/{run}` follows a run.

    With `dry_run`, answer 200 with the plans of what it would do, and do nothing.
    """
    job = caller.operations.get_job(name)
    with what_is_asked():
        if body.dry_run:
            events = (body.event,) if body.event else turns_of(caller.context, job)
            planned = [plan for event in events for plan in preview_job(caller.context, job, event, force=body.force)]
            return JSONResponse({"plans": [plan.model_dump(mode="json") for plan in planned]})
        requested = request_job(caller.context, job, body.event, caller.by, force=body.force)
    caller.operations.wake()
    return JSONResponse({"runs": list(requested)}, 202)


@router.post(
    "/jobs/{name}/pause",
    responses=answers(200, 404, *BODY, gives=JobPaused),
    openapi_extra=takes(PauseBody),
)
def pause_job(name: TheJob, caller: Running, body: Annotated[PauseBody, body_as(PauseBody)]) -> Response:
    """Pause the schedule of a job, with a note; changes, notifications and requests by hand still start it."""
    schedules.pause_job(caller.context.database, caller.operations.get_job(name), body.note, caller.by)
    return JSONResponse({"name": name, "paused": True})


@router.post("/jobs/{name}/resume", responses=answers(200, 404, gives=JobPaused))
def resume_job(name: TheJob, caller: Running) -> Response:
    """Resume the schedule of a job; the turns that it missed are not made up for."""
    schedules.resume_job(caller.context.database, caller.operations.get_job(name), caller.by)
    return JSONResponse({"name": name, "paused": False})


@router.put(
    "/jobs/{name}/schedule",
    responses=answers(200, 404, *BODY, gives=JobSchedule),
    openapi_extra=takes(ScheduleBody),
)
def change_schedule(name: TheJob, caller: Running, body: Annotated[ScheduleBody, body_as(ScheduleBody)]) -> Response:
    """Change when a job has its turns: at an interval, or by a cron line in a time zone."""
    if body.every.strip() and body.at.strip():
        raise BadInputError("Give every or at, not both.")
    job, words = caller.operations.get_job(name), body.every.strip() or body.at
    when = schedules.change_schedule(caller.context.database, job, words, body.zone, caller.by)
    return JSONResponse({"name": name, **when_json(when), "schedule": write_when(when)})
