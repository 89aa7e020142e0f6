"""Job files: the service loads an operator's own folder by path, and a mistake is reported with file and line."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import AMARA, EVENT_ID, JONAS, an_event
from tests.integration.service import MakeService, Service
from tests.root import ROOT
from zoom_ops.errors import BadInputError
from zoom_ops.operations.jobs.registry import load_jobs

JOBS = ROOT / "jobs"
JOBS_OF_AN_EVENT = ("create_webinars", "register_panelists")
GREET = '''"""Greet each event.

More about it.
"""

from zoom_ops.job_api import Work, job, minutes, unplanned_events


@job(every=minutes(5), turn=unplanned_events, on=("event.changed",))
def greet(work: Work) -> str:
    """Say hello."""
    return f"Hello, {work.event.name}."
'''
CAREFUL = '''"""Seat people one action at a time."""

from zoom_ops.job_api import Work, job, minutes, unseated_events


@job(every=minutes(5), turn=unseated_events)
def careful(work: Work) -> None:
    """Seat people."""
    for action in work.plan("AddPanelists", "RemovePanelist").actions:
        work.perform(action)
'''


BOTH = '''"""Create the webinar and seat the speakers in one run."""

from zoom_ops.job_api import Work, job, minutes, unplanned_events


@job(every=minutes(5), turn=unplanned_events)
def both(work: Work) -> None:
    """Do both."""
    work.converge("CreateWebinar", "UpdateWebinar", "CancelWebinar")
    work.converge("AddPanelists", "RemovePanelist")
'''


def with_jobs(folder: Path, **contents: str) -> Path:
    """Write job files beside those that ship with the service."""
    jobs = folder / "own-jobs"
    jobs.mkdir()
    for path in JOBS.glob("*.py"):
        (jobs / path.name).write_text(path.read_text("utf-8"), "utf-8")
    for name, content in contents.items():
        (jobs / f"{name}.py").write_text(content, "utf-8")
    return jobs


def test_job_of_ones_own_is_rung_like_the_others(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(with_jobs(tmp_path, greet=GREET))})

    service.add()
    service.settle()

    assert service.app.get_job("greet").summary == "Greet each event."
    assert service.run("greet")["outcome"] == "Hello, Tides of Tomorrow."
    assert len(service.zoom.webinars()) == 1


def test_job_of_ones_own_may_plan_and_perform(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(with_jobs(tmp_path, careful=CAREFUL))})
    service.add(an_event(performers=()))
    service.settle()
    service.write(an_event())

    previewed = service.preview("careful")
    service.ask("careful", EVENT_ID)

    assert [action.kind for plan in previewed for action in plan.actions] == ["AddPanelists"]
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])


def test_job_that_converges_twice_leaves_nothing_due(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(with_jobs(tmp_path, both=BOTH))})
    service.write(an_event())

    service.ask("both", EVENT_ID)
    service.settle()

    with service.app.database.read() as connection:
        due = [service.app.get_job(name).turn(connection, name, service.clock.now()) for name in JOBS_OF_AN_EVENT]
    assert service.zoom.panelists() == sorted([AMARA.email, JONAS.email])
    assert due == [(), ()]


def test_run_of_a_job_that_is_no_longer_there_fails_with_a_sentence(make_service: MakeService, tmp_path: Path) -> None:
    jobs = with_jobs(tmp_path, greet=GREET)
    before = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(jobs)})
    before.add_in_doubt()
    (jobs / "greet.py").unlink()
    after = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(jobs)})

    after.later(timedelta(seconds=1))

    assert after.run("greet")["state"] == "failed"
    assert after.run("greet")["error"] == "There is no job greet any more."


def test_job_that_breaks_fails_its_own_run_only(make_service: MakeService, tmp_path: Path) -> None:
    broken = GREET.replace('f"Hello, {work.event.name}."', "str(1 // 0)")
    service = make_service(settings={"ZOOM_OPS_JOBS_DIR": str(with_jobs(tmp_path, greet=broken))})

    service.add()
    service.settle()

    assert service.run("greet")["error"] == "An unexpected ZeroDivisionError stopped this; the log has the details."
    assert service.run("register_panelists")["state"] == "done"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("def greet(:\n", "greet.py:1: "),
        (GREET.replace("unplanned_events, on", "unplaned_events, on"), "greet.py:9: NameError: name 'unplaned_events'"),
        (
            GREET.replace("job_api", "words"),
            "greet.py:6: zoom_ops.words is called zoom_ops.job_api now",
        ),
        (GREET.replace("import Work", "import Wrok"), "greet.py:6: ImportError: cannot import name 'Wrok'"),
        (GREET.replace("def greet", "def hello"), "greet.py: expected one function under @job, called greet."),
        (GREET.replace("@job", "# @job"), "greet.py: expected one function under @job, called greet."),
        (
            GREET.replace('on=("event.changed",)', 'then=("greeet",)'),
            "then names the job 'greeet', which is not there.",
        ),
        (GREET.replace("minutes(5)", "minutes(0)"), "A job's turn comes once a second at most."),
        (GREET[GREET.index("from") :].replace('    """Say hello."""\n', ""), "greet.py:1: expected a docstring"),
    ],
    ids=[
        "syntax",
        "name",
        "old name",
        "import",
        "other name",
        "no job",
        "no such follower",
        "too often",
        "no docstring",
    ],
)
def test_mistake_in_a_job_file_is_told_with_its_place(tmp_path: Path, content: str, complaint: str) -> None:
    jobs = with_jobs(tmp_path, greet=content)

    with pytest.raises(BadInputError) as refused:
        load_jobs(jobs)

    assert complaint in str(refused.value)


def test_missing_folder_of_jobs_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no folder of jobs at"):
        load_jobs(tmp_path / "nowhere")


def test_jobs_that_ship_are_what_they_say(service: Service) -> None:
    summaries = {job.name: job.summary for job in service.app.jobs.values()}

    assert summaries["register_panelists"].startswith("Add the speakers as panelists")
    assert all(len(path.read_text("utf-8").splitlines()) <= 40 for path in JOBS.glob("*.py"))
