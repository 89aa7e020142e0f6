"""The README's job runs, and its scopes and kinds of notification are those of the code."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import AN_OPERATOR, a_performer, an_event
from tests.docs.pages import ROOT, iter_blocks, iter_quoted, read, section
from zoom_ops.app import App, open_app
from zoom_ops.engine.listing import get_run
from zoom_ops.engine.runs import Run
from zoom_ops.operations.events.importing import write_event
from zoom_ops.operations.jobs.requests import preview_job, request_job
from zoom_ops.settings import load_settings
from zoom_ops.zoom import KNOWN_KINDS
from zoom_ops.zoom.endpoints import ENDPOINTS

README = read(ROOT / "README.md")
SHARING = {"cloud_recording:read:recording_settings:admin"}  # who may see a recording
JOB = section(README, "## Writing a job")


@pytest.fixture
def jobs_dir(tmp_path: Path) -> Path:
    """Put the job of the README beside those that ship."""
    folder = Path(shutil.copytree(ROOT / "jobs", tmp_path / "jobs"))
    name = next(quoted for quoted in iter_quoted(JOB) if quoted.startswith("jobs/") and quoted.endswith(".py"))
    (tmp_path / name).write_text(next(iter_blocks(JOB, "python")), encoding="utf-8")
    return folder


def test_job_of_readme_runs(jobs_dir: Path, tmp_path: Path) -> None:
    folders = {"ZOOM_OPS_JOBS_DIR": str(jobs_dir), "ZOOM_OPS_CONFIG_DIR": str(ROOT / "config")}

    with open_app(load_settings(folders, tmp_path)) as service:
        job = service.get_job("name_missing_addresses")
        event = an_event(performers=(a_performer(name="Ana Silva", email=None),))
        with service.database.begin() as connection:
            write_event(service.context, connection, event, "event_imported", "The event was imported.")
        previewed = preview_job(service.context, job, event.id)
        run = _perform(service, request_job(service.context, job, event.id, AN_OPERATOR)[0])

    assert (run.state, str(run.outcome)) == ("done", "Without an address: Ana Silva.")
    assert (job.summary[:21], job.when) == ("Name the speakers who", timedelta(hours=1))
    assert previewed == ()


def test_scopes_of_readme_are_those_the_code_needs() -> None:
    rows = re.findall(r"^\| `(\w+:\w+:\w+:admin)` \| (.*) \|$", section(README, "### 1. An app at Zoom"), re.MULTILINE)

    assert sorted(scope for scope, _ in rows) == sorted({f"{verb.granular}:admin" for verb in ENDPOINTS} | SHARING)
    assert all(purpose for _, purpose in rows)


def test_classic_scopes_of_readme_are_those_the_code_takes() -> None:
    named = {name for name in iter_quoted(section(README, "### 1. An app at Zoom")) if name.count(":") == 2}

    assert named == {f"{verb.classic}:admin" for verb in ENDPOINTS}


def test_notifications_of_readme_are_those_the_code_knows() -> None:
    (kinds,) = iter_blocks(section(README, "### 1. An app at Zoom"), "text")

    assert sorted(kinds.split()) == sorted(KNOWN_KINDS)


def test_picture_of_readme_is_small_enough_to_load_at_once() -> None:
    assert (ROOT / "docs" / "screenshots" / "event-page.png").stat().st_size < 300_000


def _perform(service: App, run_id: int) -> Run:
    assert service.engines.alone_lock.acquire()
    service.engines.alone.drain(lambda: get_run(service.context.database, run_id).state != "active")
    service.engines.alone.stop()
    return get_run(service.context.database, run_id)
