"""What is newer at Zoom than a restored database: found by asking Zoom, and told."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from ...engine.lock import WorkLock
from ...errors import MisconfiguredError, ZoomOpsError
from ...planning import same
from ...store.backups.restoration import Restoration, find_restoration
from ...store.db.backup import Watch
from ...store.tables import binding, event
from ...store.webinars import load_seats
from ...zoom import UserGoneError
from ..context import Context
from ..reconcile.known import Known, load_known
from ..reconcile.refresh import refresh_webinar
from ..reconcile.restored import Findings, look_at_account
from ..recordings.sweep import sweep_days
from ..timeline import ring_event

_LINES = 10  # of one kind that are told; --json has all
_LONGEST_SWEEP = timedelta(days=180)
_EARLY = timedelta(days=1)  # a recording may have begun on the day before its event
_FIELDS = ("topic", "start", "duration", "timezone", "agenda")


@dataclass(kw_only=True)
class Newer:
    """What Zoom has, and the restored backup has not."""

    found: Findings = field(default_factory=Findings)
    gone: list[tuple[str, int]] = field(default_factory=list)  # events whose webinar is no longer there
    changed: dict[str, list[str]] = field(default_factory=dict)  # fields of webinars that have changed, by event
    seated: dict[str, int] = field(default_factory=dict)  # panelists that were not known, by event
    recorded: list[str] = field(default_factory=list)  # events with new recordings
    unasked: dict[str, str] = field(default_factory=dict)  # accounts that could not be asked, and why

    def as_json(self) -> dict[str, Any]:
        """Return all of it for scripts."""
        document = asdict(self)
        found = document.pop("found")
        taken = [{"event": event_id, "webinar": number} for event_id, number in found["taken"]]
        others = {
            name: [{"event": event_id, "webinar": number, "host": host} for event_id, number, host in found[name]]
            for name in ("unknown", "unclear")
        }
        gone = [{"event": event_id, "webinar": number} for event_id, number in self.gone]
        return {"taken_over": taken, **others, **document, "gone": gone}


def find_newer(context: Context, lock: WorkLock, watch: Watch) -> Newer:
    """Ask Zoom what has changed since the backup, account by account, and take it over.

    An account that cannot be asked is left to the daemon, which asks before it sends anything for it. So are all where
    a daemon works already: beside it, what was read here would be written over what it does meanwhile. The `lock` of
    work stays taken.
    """
    newer = Newer()
    if not lock.acquire():
        newer.unasked = dict.fromkeys(sorted(context.gateways), "another process works on this database already.")
        return newer
    with context.database.read() as connection:
        restoration = find_restoration(connection)
    if restoration is None:
        return newer
    _wait(context, restoration, watch)
    for account in sorted(context.gateways):
        try:
            _ask_account(context, account, restoration, newer, watch)
        except ZoomOpsError as error:
            newer.unasked[account] = str(error)
    return newer


def newer_sentences(newer: Newer) -> Iterator[str]:
    """Yield what is newer at Zoom, in sentences with what a person can do."""
    found = newer.found
    yield from _some(
        "taken over: made after the backup", (f"webinar {number} of {name}" for name, number in found.taken)
    )
    yield from _some("read again, and changed since", (f"{name} ({', '.join(f)})" for name, f in newer.changed.items()))
    yield from _some("with more panelists than known", (f"{name} ({n})" for name, n in newer.seated.items()))
    yield from _some("with new recordings", newer.recorded)
    yield from _some(
        "deleted at Zoom since; zoom-ops plan EVENT says the ways on",
        (f"webinar {number} of {name}" for name, number in newer.gone),
    )
    yield from _some(
        "of events that the backup does not know; import them again, and they are taken over",
        (f"webinar {number} of {name} ({host})" for name, number, host in found.unknown),
    )
    yield from _some(
        "not taken over, as its event is cancelled or has another webinar, or several",
        (f"webinar {number} of {name} ({host})" for name, number, host in found.unclear),
    )
    for account, reason in newer.unasked.items():
        yield (
            f"Zoom account {account} could not be asked: {reason} No webinar is made before that: the daemon asks by "
            "itself"
        )


def _some(what: str, things: Iterator[str] | list[str]) -> Iterator[str]:
    named = list(things)
    if named:
        rest = f" … and {len(named) - _LINES} more (--json)" if len(named) > _LINES else ""
        yield f"{len(named)} {what}: {', '.join(named[:_LINES])}{rest}"


def _wait(context: Context, restoration: Restoration, watch: Watch) -> None:
    """Wait until a change that was under way when the daemon ended is over, and Zoom's lists show it."""
    clock = context.clock
    stage = "seconds waited until Zoom shows every change"
    total = (context.journal.settled_at(restoration.at) - restoration.at).total_seconds()
    while (left := (context.journal.settled_at(restoration.at) - context.database.ask_clock()).total_seconds()) > 0:
        watch(stage, int(total - left), int(total))
        clock.sleep(min(left, 1.0) + 0.01)
    watch(stage, int(total), int(total))


def _ask_account(context: Context, account: str, restoration: Restoration, newer: Newer, watch: Watch) -> None:
    found = look_at_account(context, account, lambda n, of: watch(f"hosts of {account} looked at", n, of))
    newer.found.taken += found.taken
    newer.found.unknown += found.unknown
    newer.found.unclear += found.unclear
    with context.database.read() as connection:
        older = _list_older(connection, account, restoration, context.database.now(connection))
    for number, event_id in enumerate(older, 1):
        with suppress(MisconfiguredError):  # its run is parked with the reason
            _read_again(context, event_id, newer)
        watch(f"webinars of {account} read again", number, len(older))
    newer.recorded += _sweep(context, account, restoration, watch)


def _list_older(connection: Connection, account: str, restoration: Restoration, now: datetime) -> list[str]:
    query = select(binding.c.event_id).join(event, binding.c.event_id == event.c.id)
    query = query.where(binding.c.account == account, binding.c.state != "cancelled", event.c.end_at > now)
    return list(connection.scalars(query.where(binding.c.known_at < restoration.at).order_by(event.c.end_at)))


def _read_again(context: Context, event_id: str, newer: Newer) -> None:
    """Read a webinar again, note in what it differs from the backup, and ask for the run that settles it."""
    before, seats = _load(context, event_id)
    refresh_webinar(context, before)
    with context.database.begin() as connection:
        ring_event(context, connection, event_id, "event.changed")
    after, seats_now = _load(context, event_id)
    if before.bound is None or after.bound is None:
        return
    if after.bound.state == "gone":
        newer.gone += [(event_id, after.bound.webinar_id)] if before.bound.state != "gone" else []
        return
    had, has = dict(before.bound.known), dict(after.bound.known)
    if changed := [name for name in _FIELDS if not same(had.get(name), has.get(name))]:
        newer.changed[event_id] = changed
    if more := len(seats_now - seats):
        newer.seated[event_id] = more


def _load(context: Context, event_id: str) -> tuple[Known, set[str]]:
    with context.database.read() as connection:
        return load_known(connection, event_id), {row.email for row in load_seats(connection, event_id)}


def _sweep(context: Context, account: str, restoration: Restoration, watch: Watch) -> list[str]:
    """Fetch the recordings of what was held since the backup; return the events."""
    today = context.clock.now().date()
    since = restoration.as_of or restoration.at
    first = max(since.date() - _EARLY, today - _LONGEST_SWEEP)
    with context.database.read() as connection:
        query = select(binding.c.host).distinct().join(event, binding.c.event_id == event.c.id)
        held = query.where(binding.c.account == account, event.c.end_at > since - _EARLY)
        hosts = sorted(connection.scalars(held.where(event.c.start_at < context.database.now(connection))))
    found: dict[str, None] = {}
    for number, host in enumerate(hosts, 1):
        try:
            found |= dict.fromkeys(sweep_days(context, account, host, first, today + _EARLY))
        except UserGoneError:
            continue  # the weekly look tells of it
        watch(f"lists of recordings of {account} read", number, len(hosts))
    return list(found)
