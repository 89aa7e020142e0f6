"""The services that operators work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import NotFoundError
from .context import Context
from .jobs.registry import Job


@dataclass(frozen=True, kw_only=True)
class Operations:
    """The context, the jobs, and a function that makes the engine look at once."""

    context: Context
    jobs: Mapping[str, Job]
    wake: Callable[[], None]
    configuration: Callable[[], dict[str, Any]] = dict  # what the files say, and what each process has against it
    moving: Callable[[Path | None], dict[str, Any]] = lambda _: {}  # how a backup is restored on another machine

    def get_job(self, name: str) -> Job:
        """Return a job; raise NotFoundError with the nearest names."""
        if name not in self.jobs:
            raise NotFoundError("job", name, self.jobs)
        return self.jobs[name]
