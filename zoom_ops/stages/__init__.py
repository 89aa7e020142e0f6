"""The life of an event in stages, and what holds one up. Arithmetic: no clock, no network, no database."""

from .holdups import AccountStop, Holdup, RunFacts, ServiceFacts, find_holdup, find_paused_jobs, find_service_holdups

__all__ = [
    "AccountStop",
    "Holdup",
    "RunFacts",
    "ServiceFacts",
    "find_holdup",
    "find_paused_jobs",
    "find_service_holdups",
]
