"""The life of an event in stages, and what holds one up. Arithmetic: no clock, no network, no database."""

from .facts import EventFacts, Held, Instance, late_from
from .holdups import (
    AccountStop,
    Holdup,
    RunFacts,
    ServiceFacts,
    find_holdup,
    find_paused_jobs,
    find_service_holdups,
    name_job,
)
from .life import find_unexplained, needs_person, stages_of
from .making import cause_of_run, without_names
from .missing import is_expected, is_linked
from .stage import ALERTS, LINK_CHANGED, NAMES, TITLES, Name, Stage, State
from .troubles import ALERT_KINDS, RUN_ALERTS, Trouble, troubles_of, troubles_of_runs

__all__ = [
    "ALERTS",
    "ALERT_KINDS",
    "LINK_CHANGED",
    "NAMES",
    "RUN_ALERTS",
    "TITLES",
    "AccountStop",
    "EventFacts",
    "Held",
    "Holdup",
    "Instance",
    "Name",
    "RunFacts",
    "ServiceFacts",
    "Stage",
    "State",
    "Trouble",
    "cause_of_run",
    "find_holdup",
    "find_paused_jobs",
    "find_service_holdups",
    "find_unexplained",
    "is_expected",
    "is_linked",
    "late_from",
    "name_job",
    "needs_person",
    "stages_of",
    "troubles_of",
    "troubles_of_runs",
    "without_names",
]
