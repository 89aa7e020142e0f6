"""The addresses that have proved to be known: of open sessions, and of a provider that told of sign-outs."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ..tables import audit
from .sessions import Waits, list_sessions
from .sign_ins import AT_PROVIDER

_MOST = 1_000
_TOLD_SINCE = timedelta(days=90)
_OF_PROVIDERS = 100  # lines of the audit


def load_known_addresses(connection: Connection, now: datetime, waits: Waits) -> tuple[str, ...]:
    """Load the addresses of the sessions that were used last, then those of providers; of each the latest last."""
    sessions = [session.address for session in list_sessions(connection, now, waits, limit=_MOST)]
    told = select(audit.c.address).where(
        audit.c.what == "user_signed_out",
        audit.c.detail["signed_out"].as_string() == AT_PROVIDER,
        audit.c.at > now - _TOLD_SINCE,
    )
    providers = connection.scalars(told.order_by(audit.c.at.desc()).limit(_OF_PROVIDERS))
    return tuple(dict.fromkeys(filter(None, (*reversed(sessions), *reversed(providers.all())))))
