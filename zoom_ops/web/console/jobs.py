"""Jobs in the console: list, run now, schedule, pause, resume."""

from fastapi import Request, Response

from ...operations.jobs.requests import request_job
from ...operations.jobs.schedules import change_schedule, pause_job, resume_job
from ...operations.views.figures.outcomes import load_strips
from ...operations.views.impact import impact_of_job
from ...operations.views.jobs import list_jobs
from ...operations.views.schedules import write_when
from ..dependencies import TheOperations
from .confirming import Question, ask_first, name_effects
from .figures.pages import draw_strip
from .frame import TheActor, TheForm, go_on, make_router, show
from .options import event_of, quote_event

router = make_router()


@router.get("/jobs")
def show_jobs(request: Request, operations: TheOperations) -> Response:
    """Show the jobs with their schedules and their last runs."""
    about = {name: job.about for name, job in operations.jobs.items()}
    latest = load_strips(operations.context.database, operations.jobs)
    jobs = list_jobs(operations.context.database, operations.jobs.values(), latest)
    strips = {name: draw_strip(name, runs) for name, runs in latest.items()}
    return show(request, "jobs.html", {"jobs": jobs, "about": about, "strips": strips})


@router.post("/jobs/{name}/run")
def run_now(request: Request, name: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Request runs of a job now, for one event or for all events that are due."""
    job, event = operations.get_job(name), event_of(operations, form.get("event", "")) or None
    of_whom = f"for {quote_event(operations, event)} " if event else ""
    question = Question(title=f"Run {name} {of_whom}now?", button="Run it now", back="/-/jobs")
    effects = name_effects(operations.context.database, impact_of_job(operations.context, job, event))
    if confirmation := ask_first(request, form, effects, question):
        return confirmation
    runs = request_job(operations.context, job, event, by)
    operations.wake()
    if not runs:
        return go_on("/-/jobs", f"{name} has nothing to do now.")
    where = f"/-/runs/{runs[0]}" if len(runs) == 1 else f"/-/runs?job={name}"
    return go_on(where, f"{name} was asked for: {len(runs)} {'run' if len(runs) == 1 else 'runs'}.")


@router.post("/jobs/{name}/pause")
def pause(name: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Pause the schedule of a job, with a note."""
    pause_job(operations.context.database, operations.get_job(name), form.get("note", ""), by)
    return go_on("/-/jobs", f"{name} is paused. It still does what a notification, a change or a person asks of it.")


@router.post("/jobs/{name}/resume")
def resume(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Resume the schedule of a job."""
    resume_job(operations.context.database, operations.get_job(name), by)
    return go_on("/-/jobs", f"{name} runs by itself again.")


@router.post("/jobs/{name}/schedule")
def change(name: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Change when a job has its turns."""
    job, words = operations.get_job(name), form.get("every", "")
    when = change_schedule(operations.context.database, job, words, form.get("zone", ""), by)
    return go_on("/-/jobs", f"{name} has its turn {write_when(when)} from now on.")
