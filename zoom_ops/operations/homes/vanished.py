"""Records that a home has no more. A record that vanished is no cancelled event: an operator decides.

A home that does not list a record may only list another part, such as its latest month. So each record of a coming
event that is not listed any more is asked for: it is gone where the home says so.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import structlog
from sqlalchemy import Connection

from ...errors import NotFoundError, ZoomOpsError
from ...homes import Changed, EventRecords, MissingRightError, Raw
from ...messages import alerts as say
from ...store.alerts import Alert, are_settled, list_raised, settle_alerts
from ...store.homes.records import KnownRecord, find_coming, list_gone, mark_gone, mark_missed
from ..context import Context

log = structlog.get_logger()
KIND, MANY = "home_record_gone", "home_records_gone"
MOST_ASKED_FOR = 20  # records of a pull, one after the other; the next pull goes on
MOST_ALERTS = 10  # of one home: more have one together
_NAMED = 3  # events in the alert of many


@dataclass(frozen=True, kw_only=True)
class Vanished:
    """What became of the records that a home does not list any more, by the home's id.

    `missed`: nobody has asked for them yet. `back`: the home has them, though they were gone or missed. `found`: those
    that were asked for and are there.
    """

    gone: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    found: tuple[Raw, ...] = ()


def find_vanished(context: Context, home: EventRecords, changed: Changed, known: dict[str, KnownRecord]) -> Vanished:
    """Find which of the known events' records the home has no more. Some of those that it does not list are asked for.

    What the home itself names as deleted is gone.
    """
    listed = {raw.id for raw in changed.records} | (changed.all_ids or frozenset())
    ours = [each for each in known.values() if each.event_id]
    absent = [each for each in ours if each.gone_at is None and each.record not in listed]
    named = {each.record for each in absent} & set(changed.gone)
    suspects = [each for each in absent if each.record not in named and (each.missed_at or changed.all_ids is not None)]
    coming = _select_coming(context, home.name, suspects)
    gone, found = _ask_for(home, [each.record for each in coming[:MOST_ASKED_FOR]])
    known_now = {*gone, *(raw.id for raw in found)}
    returned = (each.record for each in ours if (each.gone_at or each.missed_at) and each.record in listed)
    return Vanished(
        gone=(*named, *gone),
        missed=tuple(each.record for each in coming if each.missed_at is None and each.record not in known_now),
        back=(*returned, *(raw.id for raw in found)),
        found=tuple(found),
    )


def note_vanished(connection: Connection, home: str, vanished: Vanished, now: datetime) -> None:
    """Note what vanished and what is back, and keep the alerts true."""
    mark_gone(connection, home, vanished.gone, now)
    mark_missed(connection, home, vanished.missed, now)
    mark_gone(connection, home, vanished.back, None)
    settle_gone(connection, now)


def settle_gone(connection: Connection, now: datetime) -> None:
    """Let exactly the coming events whose record is gone have an alert: not those that were cancelled or deleted.

    A home that lost many has one alert for all of them: it is the home that is looked at then.
    """
    rows = list_gone(connection, now)
    counts = Counter(row.home for row in rows)
    many = [home for home, count in counts.items() if count > MOST_ALERTS]
    few = [row for row in rows if row.home not in many]
    wanted = [
        *(_alert_of_many(home, [row.event_id for row in rows if row.home == home]) for home in many),
        *(_alert_of(event_id, [row.home for row in of]) for event_id, of in groupby(few, attrgetter("event_id"))),
    ]
    lasting = list_raised(connection, (KIND, MANY))
    if not are_settled(wanted, lasting):
        settle_alerts(connection, wanted, lasting, now)


def _select_coming(context: Context, home: str, suspects: list[KnownRecord]) -> list[KnownRecord]:
    """Select those whose event is still to come. Those that are missed longest come first, so each has its turn."""
    if not suspects:
        return []
    with context.database.read() as connection:
        now = context.database.now(connection)
        coming = find_coming(connection, home, [each.record for each in suspects], now)
    return sorted((each for each in suspects if each.record in coming), key=lambda each: each.missed_at or now)


def _ask_for(home: EventRecords, records: list[str]) -> tuple[list[str], list[Raw]]:
    """Ask a home for records one by one; return the ids of those that are gone, and those that are there."""
    gone: list[str] = []
    found: list[Raw] = []
    for record in records:
        try:
            found.append(home.get(record))
        except (NotFoundError, MissingRightError):
            gone.append(record)
        except ZoomOpsError as error:  # what was listed counts; the next pull asks again
            log.info("home_not_asked", home=home.name, record=record, reason=str(error))
            break
    return gone, found


def _alert_of(event_id: str, homes: list[str]) -> Alert:
    return Alert(
        kind=KIND,
        subject=event_id,
        message=say.RECORD_GONE(event=event_id, homes=tuple(dict.fromkeys(homes))),
        cause="a home has the event's record no more",
    )


def _alert_of_many(home: str, event_ids: list[str]) -> Alert:
    return Alert(
        kind=MANY,
        subject=home,
        message=say.RECORDS_GONE(count=len(event_ids), home=home, events=tuple(event_ids[:_NAMED])),
        cause="a home has the records of many events no more",
    )
