"""Read which part of the plan a person means: the same way on the command line, in the console and over the API."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, select

from .....errors import BadInputError, NotFoundError
from .....store.events import load_event
from .....store.tables import binding
from ....context import Context
from .choice import KINDS, SUBJECTS, PlanQuery

MOST_EVENTS = 100  # that are named one by one
_LONGEST = 200
_MOST_DAYS = 3_650
_HOSTS = select(binding.c.host).distinct()


def check_query(context: Context, query: PlanQuery) -> PlanQuery:
    """Return a query as it is meant. Raise NotFoundError with the nearest names, or BadInputError.

    A name that does not exist is refused: a plan without anything in it would say that all is well.
    """
    _check("kind of change", query.kind, (*SUBJECTS, *KINDS))
    _check("account", query.account, context.gateways)
    _check("profile", query.profile, context.profiles)
    if query.days is not None and not 0 <= query.days <= _MOST_DAYS:
        raise BadInputError(f"The days ahead are a number from 0 to {_MOST_DAYS:,}.")
    if max(len(query.events), len(query.without)) > MOST_EVENTS:
        raise BadInputError(f"At most {MOST_EVENTS} events can be named one by one: choose by kind, host or days.")
    if len(series := query.series.strip()) > _LONGEST:
        raise BadInputError(f"The words of a series are at most {_LONGEST} characters.")
    host = query.host.strip().lower()
    with context.database.read() as connection:
        if host:
            _check("host", host, list_plan_hosts(context, connection))
        for event_id in query.without:
            load_event(connection, event_id)
    return replace(query, host=host, series=series)


def list_plan_hosts(context: Context, connection: Connection) -> tuple[str, ...]:
    """List the hosts that hold webinars or may hold them, sorted."""
    bound = connection.scalars(_HOSTS)
    return tuple(sorted({*bound, *(host for gateway in context.gateways.values() for host in gateway.account.hosts)}))


def read_days(text: str) -> int | None:
    """Read a number of days; None for no text. Raise BadInputError for anything else."""
    digits = text.strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6):
        raise BadInputError("The days ahead are a whole number, such as 7.")
    return int(digits)


def _check(what: str, name: str, known: Collection[str]) -> None:
    if name and name not in known:
        raise NotFoundError(what, name[:_LONGEST], known)
