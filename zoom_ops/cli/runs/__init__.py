"""`zoom-ops run` and `runs`: the runs of the jobs."""

from .following import follow
from .lists import app, run

__all__ = ["app", "follow", "run"]
