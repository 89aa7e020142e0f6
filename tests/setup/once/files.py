"""A cache of parsed job files and profiles for all services of this process: nearly all read the delivered ones."""

from functools import cache

from zoom_ops.operations.jobs import registry
from zoom_ops.settings import files


def parse_once() -> None:
    """Compile each text of a job, and parse each text of a profile, once; saves a twentieth of the time of a service.

    Each service still executes the jobs: they share no state. A profile never changes.
    """
    registry.compile = cache(compile)  # type: ignore[attr-defined]  # found before the built-in function
    files.parse_profile = cache(files.parse_profile)
