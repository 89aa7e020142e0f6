"""`zoom-ops run`, `runs` and `logs`: the runs of the jobs."""

from .following import follow
from .lists import app, run
from .log import logs

__all__ = ["app", "follow", "logs", "run"]
