"""Load the jobs from their folder, by path."""

import importlib.util
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from ...errors import BadInputError
from .registry import Job

_NAME, _OLD_NAME = "zoom_ops.job_api", "zoom_ops.words"


def load_jobs(folder: Path) -> Mapping[str, Job]:
    """Load every job of a folder, by name; raise BadInputError with the file and line of a mistake."""
    if not folder.is_dir():
        raise BadInputError(f"There is no folder of jobs at {folder}; JOBS_DIR names it.")
    files = sorted(path for path in _list(folder) if path.suffix == ".py" and path.name[0] not in "._")
    jobs = {path.stem: _load_job(path) for path in files}
    for job in jobs.values():
        for follower in job.then:
            if follower not in jobs:
                raise BadInputError(f"then names the job {follower!r}, which is not there.", file=f"{job.name}.py")
    return jobs


def _list(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise BadInputError(f"This folder of jobs cannot be read: {error.strerror}.", file=str(folder)) from error


def _load_job(path: Path) -> Job:
    _check_readable(path)
    module = _execute(path)
    jobs = [value for value in vars(module).values() if isinstance(value, Job)]
    if [job.name for job in jobs] != [path.stem]:
        raise BadInputError(f"expected one function under @job, called {path.stem}.", file=str(path))
    if not jobs[0].summary:
        raise BadInputError(
            "expected a docstring that says in its first line what the job does.", file=str(path), line=1
        )
    return jobs[0]


def _check_readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise BadInputError(f"This cannot be read: {error.strerror}.", file=str(path)) from error


def _execute(path: Path) -> ModuleType:
    name = f"zoom_ops_job_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInputError("This is not a Python file.", file=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # inspect finds the file's docstring here
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise BadInputError(f"{error.msg}.", file=str(path), line=error.lineno) from error
    except Exception as error:  # an operator's file may raise anything
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = lines[-1] if lines else None
        raise BadInputError(_reason(error), file=str(path), line=line) from error
    return module


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name == _OLD_NAME:
        return f"{_OLD_NAME} is called {_NAME} now: change the import. Nothing else of the file has to change."
    return f"{type(error).__name__}: {error}"
