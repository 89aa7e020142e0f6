"""The scopes of API tokens: the one list for the command line, the API, and the docs."""

from collections.abc import Iterable
from enum import StrEnum

from ..errors import NotFoundError


class Scope(StrEnum):
    """A permission of a script. `meaning` describes it in a sentence."""

    meaning: str

    EVENTS_READ = "events:read", "List and read events as every visitor sees them."
    EVENTS_READ_ALL = "events:read-all", "The same as operators see them: addresses, join links, what is for members."
    EVENTS_WRITE = "events:write", "Add, change and cancel events, and see of them what operators see."
    PEOPLE_READ = "people:read", "Read the address book."
    PEOPLE_WRITE = "people:write", "Change the address book."
    JOBS_RUN = "jobs:run", "Run a job now, for one event or for all whose turn it is; pause it, change its schedule."
    RUNS_READ = "runs:read", "See jobs, runs, their calls to Zoom, accounts, hosts and alerts."
    RUNS_WRITE = "runs:write", "Try a run again, cancel it, dismiss an alert, resume an account."
    PLAN_READ = "plan:read", "See what would be changed at Zoom and on the event records."
    PLAN_APPLY = "plan:apply", "Have that done."
    APPROVALS_WRITE = "approvals:write", "Approve what is doubtful, adopt a webinar, keep a recording back."
    WEBHOOKS_READ = "webhooks:read", "List the systems that are told what happens, and what they were told."
    WEBHOOKS_WRITE = "webhooks:write", "Send them a test, or a message again."
    AUDIT_READ = "audit:read", "Read who did what."

    def __new__(cls, name: str, meaning: str) -> "Scope":
        """Build a scope from its name and its meaning."""
        scope = str.__new__(cls, name)
        scope._value_, scope.meaning = name, meaning
        return scope


def read_scopes(names: Iterable[str]) -> tuple[Scope, ...]:
    """Parse names of scopes. Return them in the order of `Scope`. Raise NotFoundError with the nearest names."""
    requested = list(names)
    for name in requested:
        if name not in list(Scope):
            raise NotFoundError("scope", name, Scope)
    return tuple(scope for scope in Scope if scope in requested)
