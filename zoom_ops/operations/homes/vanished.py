"""Records that a home has no more. A record that vanished is no cancelled event: an operator decides."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from ...homes import Changed
from ...store.alerts import Alert, are_settled, list_raised, settle_alerts
from ...store.home_records import KnownRecord, list_gone, mark_gone

KIND = "home_record_gone"


@dataclass(frozen=True, kw_only=True)
class Vanished:
    """Records that a home has no more, and those that are back, by the home's id."""

    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def find_vanished(changed: Changed, known: dict[str, KnownRecord]) -> Vanished:
    """Find which of the known records the home has no more, as far as its answer tells."""
    listed, named = {raw.id for raw in changed.records}, set(changed.gone)

    def is_gone(record: str) -> bool:
        return record in named or (changed.all_ids is not None and record not in changed.all_ids)

    here = [each for each in known.values() if each.gone_at is None and is_gone(each.record)]
    back = [each for each in known.values() if each.gone_at is not None and _is_back(each.record, changed, listed)]
    return Vanished(
        gone=tuple(each.record for each in here if each.record not in listed),
        back=tuple(each.record for each in back),
    )


def note_vanished(connection: Connection, home: str, vanished: Vanished, now: datetime) -> None:
    """Note what vanished and what is back, and keep the alerts true."""
    if vanished.gone:
        mark_gone(connection, home, vanished.gone, now)
    if vanished.back:
        mark_gone(connection, home, vanished.back, None)
    settle_gone(connection, now)


def settle_gone(connection: Connection, now: datetime) -> None:
    """Let exactly the coming events whose record is gone have an alert: not those that were cancelled or deleted."""
    rows = list_gone(connection, now)
    wanted = [
        _alert_of(event_id, [row.home for row in of_event])
        for event_id, of_event in groupby(rows, attrgetter("event_id"))
    ]
    lasting = list_raised(connection, (KIND,))
    if not are_settled(wanted, lasting):
        settle_alerts(connection, wanted, lasting, now)


def _is_back(record: str, changed: Changed, listed: set[str]) -> bool:
    return record in listed or (changed.all_ids is not None and record in changed.all_ids)


def _alert_of(event_id: str, homes: list[str]) -> Alert:
    names = " and ".join(dict.fromkeys(homes))
    return Alert(
        kind=KIND,
        subject=event_id,
        sentence=f"The record of {event_id} is gone from the home {names}. Nothing was changed here or at Zoom. If the "
        f"event does not take place: zoom-ops events cancel {event_id}. If it does, dismiss this alert.",
        cause="a home lists the event's record no more",
    )
