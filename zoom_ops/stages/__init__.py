"""The life of an event in stages, and what holds one up. Arithmetic: no clock, no network, no database."""

from .facts import EventFacts, Held, Instance, late_from
from .holdups import AccountStop, Holdup, RunFacts, ServiceFacts, find_holdup, find_paused_jobs, find_service_holdups
from .life import find_unexplained, needs_person, stages_of
from .missing import is_expected, is_linked
from .problems import KINDS, RUN_KINDS, Problem, problems_of, problems_of_runs
from .stage import ALERTS, NAMES, TITLES, Name, Stage, State

__all__ = [
    "ALERTS",
    "KINDS",
    "NAMES",
    "RUN_KINDS",
    "TITLES",
    "AccountStop",
    "EventFacts",
    "Held",
    "Holdup",
    "Instance",
    "Name",
    "Problem",
    "RunFacts",
    "ServiceFacts",
    "Stage",
    "State",
    "find_holdup",
    "find_paused_jobs",
    "find_service_holdups",
    "find_unexplained",
    "is_expected",
    "is_linked",
    "late_from",
    "needs_person",
    "problems_of",
    "problems_of_runs",
    "stages_of",
]
