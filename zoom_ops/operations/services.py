"""The desk: what an operator at the console works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..errors import NotFoundError
from .context import Context
from .jobs.registry import Job


@dataclass(frozen=True, kw_only=True)
class Operations:
    """The machines, the jobs, and a way to have the engine look at once."""

    context: Context
    jobs: Mapping[str, Job]
    wake: Callable[[], None]
    settings: tuple[tuple[str, str], ...] = ()  # by name, secrets only as set or not

    def get_job(self, name: str) -> Job:
        """Get a job; raise NotFoundError with the nearest names."""
        if name not in self.jobs:
            raise NotFoundError("job", name, self.jobs)
        return self.jobs[name]
