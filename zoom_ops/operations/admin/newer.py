"""What is newer at Zoom than a restored database: found by asking Zoom, and told."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, select

from ...engine.lock import WorkLock
from ...errors import MisconfiguredError, SettlingError, ZoomOpsError
from ...store.backups.newer import Newer, Place, load_newer, note_newer
from ...store.backups.restoration import Restoration, find_restoration, is_older
from ...store.db.backup import Watch
from ...store.tables import binding, event
from ...zoom import UserGoneError
from ..context import Context
from ..reconcile.known import load_known
from ..reconcile.refresh import refresh_webinar
from ..reconcile.restored import look_at_account
from ..recordings.sweep import sweep_days
from ..timeline import ring_event

log = structlog.get_logger()
_LINES = 10  # of one kind that are told; --json has all
_LONGEST_SWEEP = timedelta(days=180)
_EARLY = timedelta(days=1)  # a recording may have begun on the day before its event
_SOON, _LATER = timedelta(seconds=2), timedelta(seconds=30)  # until a daemon looks again


def find_newer(context: Context, lock: WorkLock, watch: Watch) -> Newer:
    """Ask Zoom what has changed since the backup, account by account, and take it over.

    An account that cannot be asked is left to the daemon, which asks before it sends anything for it. So are all where
    a daemon works already: beside it, what was read here would be written over what it does meanwhile. The `lock` of
    work stays taken.
    """
    if not lock.acquire():
        others = dict.fromkeys(sorted(context.gateways), "another process works on this database already.")
        return Newer(unasked=others)
    with context.database.read() as connection:
        restoration = find_restoration(connection)
    if restoration is None:
        return Newer()
    _wait(context, restoration, watch)
    unasked = dict[str, str]()
    for account in sorted(context.gateways):
        try:
            _ask_account(context, account, restoration, watch)
        except ZoomOpsError as error:
            unasked[account] = str(error)
    with context.database.read() as connection:
        return replace(load_newer(connection), unasked=unasked)


def ask_unlooked(context: Context) -> timedelta | None:
    """Look at the accounts that were not looked at since the database was restored, beside the work of a daemon.

    So what is newer is found also where the command that restores was killed, or could not ask. Return after which time
    to look again, or None where each was looked at.
    """
    with context.database.read() as connection:
        restoration = find_restoration(connection)
    left = set(context.gateways) - set(restoration.looked) if restoration else set()
    pause: timedelta | None = None
    for account in sorted(left):
        try:
            look_at_account(context, account)
            _ring_older(context, account)
        except SettlingError:
            pause = max(pause or _SOON, _SOON)
        except ZoomOpsError as error:
            log.warning("restored_account_not_asked", account=account, reason=str(error))
            pause = _LATER
    if pause is None:  # the command may have been killed after it had looked, and before it read each again
        for account in sorted(set(context.gateways) - left):
            _ring_older(context, account)
    return pause


def newer_sentences(newer: Newer, shown: int = _LINES) -> Iterator[str]:
    """Yield what is newer at Zoom, in sentences with what a person can do; of each kind the first `shown` events."""
    some = partial(_some, shown=shown)
    yield from some("taken over: made after the backup", _numbers(newer.taken))
    yield from some("read again, and changed since", (f"{name} ({', '.join(f)})" for name, f in newer.changed.items()))
    yield from some("with more panelists than known", (f"{name} ({n})" for name, n in newer.seated.items()))
    yield from some("with new recordings", newer.recorded)
    yield from some("deleted at Zoom since; zoom-ops plan EVENT says the ways on", _numbers(newer.gone))
    if newer.unknown:
        yield f"{newer.unknown_sentence}: {_first(_hosted(newer.unknown), shown)}"
    yield from some(
        "not taken over, as its event is cancelled or has another webinar, or several", _hosted(newer.unclear)
    )
    for account, reason in newer.unasked.items():
        yield (
            f"Zoom account {account} could not be asked: {reason} No webinar is made before that: the daemon asks by "
            "itself"
        )


def _numbers(webinars: Mapping[str, int]) -> Iterator[str]:
    return (f"webinar {number} of {name}" for name, number in webinars.items())


def _hosted(places: Mapping[str, tuple[Place, ...]]) -> Iterator[str]:
    return (f"webinar {number} of {name} ({host})" for name, found in places.items() for number, host in found)


def _some(what: str, things: Iterable[str], shown: int) -> Iterator[str]:
    named = list(things)
    if named:
        yield f"{len(named)} {what}: {_first(named, shown)}"


def _first(things: Iterable[str], shown: int) -> str:
    named = list(things)
    rest = f" … and {len(named) - shown} more (--json)" if len(named) > shown else ""
    return f"{', '.join(named[:shown])}{rest}"


def _wait(context: Context, restoration: Restoration, watch: Watch) -> None:
    """Wait until a change that was under way when the daemon ended is over, and Zoom's lists show it."""
    clock = context.clock
    stage = "seconds waited until Zoom shows every change"
    total = (context.journal.settled_at(restoration.at) - restoration.at).total_seconds()
    while (left := (context.journal.settled_at(restoration.at) - context.database.ask_clock()).total_seconds()) > 0:
        watch(stage, int(total - left), int(total))
        clock.sleep(min(left, 1.0) + 0.01)
    watch(stage, int(total), int(total))


def _ask_account(context: Context, account: str, restoration: Restoration, watch: Watch) -> None:
    look_at_account(context, account, lambda n, of: watch(f"hosts of {account} looked at", n, of))
    with context.database.read() as connection:
        older = _list_older(connection, account, restoration, context.database.now(connection))
    for number, event_id in enumerate(older, 1):
        with suppress(MisconfiguredError):  # its run is parked with the reason
            _read_again(context, event_id)
        watch(f"webinars of {account} read again", number, len(older))
    recorded = _sweep(context, account, restoration, watch)
    with context.database.begin() as connection:
        note_newer(connection, "recorded", dict.fromkeys(recorded, 1))


def _list_older(connection: Connection, account: str, restoration: Restoration, now: datetime) -> list[str]:
    query = select(binding.c.event_id).join(event, binding.c.event_id == event.c.id)
    older = query.where(binding.c.account == account, is_older(restoration, binding.c), event.c.end_at > now)
    return list(connection.scalars(older.order_by(event.c.end_at)))


def _ring_older(context: Context, account: str) -> None:
    """Ask for the runs that read the webinars of an account again, instead of waiting for their turn."""
    with context.database.begin() as connection:
        restoration = find_restoration(connection)
        now = context.database.now(connection)
        for event_id in _list_older(connection, account, restoration, now) if restoration else ():
            ring_event(context, connection, event_id, "event.changed")


def _read_again(context: Context, event_id: str) -> None:
    """Read a webinar again, and ask for the run that settles it."""
    with context.database.read() as connection:
        known = load_known(connection, event_id)
    refresh_webinar(context, known)
    with context.database.begin() as connection:
        ring_event(context, connection, event_id, "event.changed")


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
