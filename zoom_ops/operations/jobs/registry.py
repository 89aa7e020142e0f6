"""Jobs as values, one for each file in `jobs/`, loaded by path."""

import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection

from ...engine.runs import JUST_HAPPENED, Request, SubjectKind
from ...engine.timetable import Schedule, When
from ...errors import BadInputError
from ...messages import Message
from ..due import Selection

Outcome = Message | str | None
"""What a job did, as a message or a sentence; None for nothing."""
_NAME, _OLD_NAME = "zoom_ops.job_api", "zoom_ops.words"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A file in `jobs/`: what it does, and when."""

    name: str
    summary: str
    when: When
    turn: Selection  # selects the subjects for which it is due
    on: tuple[str, ...] = ()  # rings it: "event.changed", or a notification's kind
    then: tuple[str, ...] = ()  # jobs that follow it, for the same event
    about: SubjectKind = "event"  # the kind of subject that a person may request it for
    function: Callable[[Any], Outcome]
    digest: str = ""  # of its file


def load_jobs(folder: Path) -> Mapping[str, Job]:
    """Load every job of a folder, by name; raise BadInputError with the file and line of a mistake."""
    jobs = {path.stem: load_job(path) for path in list_job_files(folder)}
    check_followers(jobs)
    return jobs


def list_job_files(folder: Path) -> tuple[Path, ...]:
    """List the job files of a folder. Raise BadInputError if it is not there or cannot be read."""
    if not folder.is_dir():
        raise BadInputError(f"There is no folder of jobs at {folder}; JOBS_DIR names it.")
    try:
        return tuple(sorted(path for path in folder.iterdir() if path.suffix == ".py" and path.name[0] not in "._"))
    except OSError as error:
        raise BadInputError(f"This folder of jobs cannot be read: {error.strerror}.", file=str(folder)) from error


def load_job(path: Path) -> Job:
    """Load a job file; raise BadInputError with the file and line of a mistake."""
    source = _read(path)
    jobs = [value for value in vars(_execute(path, source)).values() if isinstance(value, Job)]
    if [job.name for job in jobs] != [path.stem]:
        raise BadInputError(f"expected one function under @job, called {path.stem}.", file=str(path))
    if not jobs[0].summary:
        raise BadInputError(
            "expected a docstring that says in its first line what the job does.", file=str(path), line=1
        )
    return replace(jobs[0], digest=hashlib.sha256(source).hexdigest())


def check_followers(jobs: Mapping[str, Job]) -> None:
    """Raise BadInputError if a job is to be followed by one that is not there."""
    for job in jobs.values():
        for follower in job.then:
            if follower not in jobs:
                raise BadInputError(f"then names the job {follower!r}, which is not there.", file=f"{job.name}.py")


def rings_of(jobs: Iterable[Job]) -> dict[str, tuple[str, ...]]:
    """Map each happening to the jobs that it rings."""
    rings: dict[str, tuple[str, ...]] = {}
    for job in jobs:
        for kind in job.on:
            rings[kind] = (*rings.get(kind, ()), job.name)
    return rings


def schedule_of(job: Job) -> Schedule:
    """Build the schedule by which the engine runs a job."""
    # A monitor alarms when the service falls silent: its watch does not stand in line behind five hundred events.
    priority = JUST_HAPPENED if job.about == "service" else 0

    def requests(connection: Connection, now: datetime) -> Iterable[Request]:
        for subject, account in job.turn(connection, job.name, now):
            yield Request(job=job.name, subject=subject, account=account, priority=priority, unpark=False)

    return Schedule(name=job.name, when=job.when, requests=requests)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"This cannot be read: {error.strerror}.", file=str(path)) from error


def _execute(path: Path, source: bytes) -> ModuleType:
    """Execute a job file. Not by its loader: that takes a stored form for fresh if only seconds and size agree."""
    name = f"zoom_ops_job_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInputError("This is not a Python file.", file=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # inspect finds the file's docstring here
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102  # an operator's own file
    except SyntaxError as error:
        raise BadInputError(f"{error.msg}.", file=str(path), line=error.lineno) from error
    except (Exception, SystemExit) as error:  # an operator's file may raise anything
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        reason = f"{type(error).__name__}: {error}"
        if isinstance(error, ModuleNotFoundError) and error.name == _OLD_NAME:
            reason = f"{_OLD_NAME} is called {_NAME} now: change the import. Nothing else of the file has to change."
        raise BadInputError(reason, file=str(path), line=lines[-1] if lines else None) from error
    return module
