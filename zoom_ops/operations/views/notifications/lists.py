"""Lists of Zoom's notifications: read the same way on the command line, in the console and over the API."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ....alerting.hours import parse_since
from ....clock import iso_text
from ....engine.listing import list_troubled
from ....errors import BadInputError, NotFoundError
from ....store.db.connect import Database
from ....store.events import load_event
from ....store.notifications import NotificationFilter, page_notifications

STATES = {"new": "received", "folded": "taken in", "ignored": "of no event here"}


@dataclass(frozen=True, kw_only=True)
class NotificationQuery:
    """What a person writes to say which notifications they mean; empty: all of them.

    `failed`: those that came to nothing: they are of no event here, or a run of their event is in trouble.
    """

    account: str = ""
    event: str = ""
    since: str = ""
    failed: bool = False

    @property
    def words(self) -> dict[str, str]:
        """What was written, by name, for an address."""
        named = {"account": self.account, "event": self.event, "since": self.since}
        return {name: value for name, value in (named | {"failed": "1" if self.failed else ""}).items() if value}


def list_notifications(
    database: Database,
    query: NotificationQuery,
    accounts: Collection[str],
    *,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Row[Any], ...]:
    """List notifications, the newest first. Raise NotFoundError for an unknown account or event."""
    if query.account and query.account not in accounts:
        raise NotFoundError("account", query.account, accounts)
    with database.read() as connection:
        try:
            since = parse_since(query.since, database.now(connection)) if query.since else None
        except ValueError as error:
            raise BadInputError(str(error)) from None
        filters = NotificationFilter(
            account=query.account,
            event_id=query.event,
            since=since,
            unused_of=frozenset(subject.id for subject in list_troubled(connection, "event")) if query.failed else None,
        )
        rows = page_notifications(connection, filters, before=before, limit=limit)
        if query.event and not rows:
            load_event(connection, query.event)
    return rows


def notification_json(row: Row[Any]) -> dict[str, Any]:
    """Build the JSON of a notification, without its body."""
    return {
        "id": row.id,
        "account": row.account,
        "kind": row.kind,
        "state": STATES[row.state],
        "event": row.event_id,
        "webinar": row.webinar_id,
        "uuid": row.uuid,
        "occurred": iso_text(row.occurred_at),
        "received": iso_text(row.received_at),
    }
