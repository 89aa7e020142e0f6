"""What is known of the service itself, as values, and how they are loaded."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from ...networks import NEW_FOR, network_of
from ...planning import ELSEWHERE_LATELY, FOREIGN_LINK
from ...store import audit
from ...store.accounts.stops import Stop, load_stops
from ...store.backups.folder import BackupFolder, look_at_folder
from ...store.coming import ComingEvent, WaitingEvent, find_unbound, list_coming
from ...store.db.disks import Disk
from ...store.db.facts import find_fact, keep_fact
from ...store.identity.tokens import ApiToken, list_tokens
from ...store.published import count_alerted
from ...store.refusals import Refused, load_refusals
from ...store.schedules import ScheduleSetting, load_schedule_settings
from ..context import Context
from .attacks import LASTS, WITHIN, WRONG_CODES_LAST
from .firewall import Tracked
from .paused import AFTERWARDS, list_waiting_for
from .watchers import WATCHERS

SOON = timedelta(hours=24)  # an event that begins within this time is hurt by a pause
_PREPARE = ("create_webinars", "register_panelists")  # the jobs without whose turns an event is not ready
AN_HOUR = timedelta(hours=1)
_ADDED, _GONE = "second_factor_added", ("second_factor_removed", "second_factor_reset", "user_removed")
_NEW_NETWORK = "new_network"  # in the detail of such a line
_UNHEARD = "monitor_unheard"  # row of `meta`


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A pause of an account or a job, and the events that begin soon and need what is paused."""

    what: Literal["account", "job"]
    name: str
    by: str
    note: str
    since: datetime | None
    coming: int = 0
    lacking: tuple[WaitingEvent, ...] = ()  # those of them that have no webinar, by their ids
    waiting: tuple[WaitingEvent, ...] = ()  # the events that wait now for a job that fetches or publishes


@dataclass(frozen=True, kw_only=True)
class Unheard:
    """How many rounds in a row the monitor did not take, and the latest reason."""

    rounds: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class WatchFacts:
    """What the watch over the service looks at, at a moment."""

    now: datetime
    disks: tuple[Disk, ...] = ()
    tokens: tuple[ApiToken, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stopped_accounts: tuple[str, ...] = ()  # as a whole, and not by a pause
    without_account: tuple[int, str] | None = None  # events that need an account where none is configured, the first
    unheard: Unheard = Unheard()
    backups: BackupFolder | None = None  # None: none are made by themselves
    refused: tuple[Refused, ...] = ()  # to clients, lately
    wrong_codes: tuple[tuple[str, str, datetime], ...] = ()  # login, network and time of each, within a day
    new_factors: tuple[tuple[str, str], ...] = ()  # login, and the new network from which an operator added one
    alert_refusals: int = 100  # so many within five minutes are an attack
    tracked: Tracked | None = None  # connections, by the firewall of the system
    elsewhere: int = 0  # events whose recording leads to where none may play; 0 where none of them is published


def load_facts(context: Context, disks: tuple[Disk, ...]) -> WatchFacts:
    """Load what is known of the service."""
    with context.database.read() as connection:
        facts = _load(context, connection, disks)
    nightly = context.nightly if context.database.is_sqlite else None
    backups = look_at_folder(nightly, context.installation, facts.now) if nightly else None
    return replace(facts, pauses=tuple(_with_waiting(context, pause) for pause in facts.pauses), backups=backups)


def _with_waiting(context: Context, pause: Pause) -> Pause:
    is_afterwards = pause.what == "job" and pause.name in AFTERWARDS
    return replace(pause, waiting=list_waiting_for(context, pause.name)) if is_afterwards else pause


def _load(context: Context, connection: Connection, disks: tuple[Disk, ...]) -> WatchFacts:
    now = context.database.now(connection)
    stops = [stop for stop in load_stops(connection) if stop.account in context.gateways and not stop.verb]
    schedules = {
        name: value
        for name, value in load_schedule_settings(connection).items()
        if value.paused and name not in WATCHERS
    }
    pauses = [stop for stop in stops if stop.is_pause]
    coming = list_coming(connection, now, now + SOON) if pauses or schedules else ()
    return WatchFacts(
        now=now,
        disks=disks,
        tokens=list_tokens(connection),
        pauses=(
            *(_of_account(stop, coming, context.default_account) for stop in pauses),
            *(_of_job(name, setting, coming) for name, setting in sorted(schedules.items())),
        ),
        stopped_accounts=tuple(stop.account for stop in stops if not stop.is_pause),
        without_account=None if context.gateways else find_unbound(connection, now),
        unheard=_load_unheard(connection) if context.monitor else Unheard(),
        refused=load_refusals(connection, now - WITHIN - LASTS),
        wrong_codes=_load_wrong_codes(connection, now),
        new_factors=_load_new_factors(connection, now),
        alert_refusals=context.alert_refusals,
        elsewhere=_count_elsewhere(connection, now),
    )


def _count_elsewhere(connection: Connection, now: datetime) -> int:
    is_any_held = count_alerted(connection, FOREIGN_LINK)
    return count_alerted(connection, FOREIGN_LINK, since=now - ELSEWHERE_LATELY) if is_any_held else 0


def _load_wrong_codes(connection: Connection, now: datetime) -> tuple[tuple[str, str, datetime], ...]:
    lines = audit.load_refusals(connection, now - WRONG_CODES_LAST, whats=(audit.CODE_REFUSED,))
    return tuple((line.subject, network_of(line.address) if line.address else "", line.at) for line in lines)


def _load_new_factors(connection: Connection, now: datetime) -> tuple[tuple[str, str], ...]:
    """Load the second factors that operators have lately added from a new network, and still have."""
    added = audit.AuditFilter(what=_ADDED, since=now - NEW_FOR)
    logins = sorted({line.subject for line in audit.iter_audit(connection, added) if line.detail.get(_NEW_NETWORK)})
    latest = audit.load_latest(connection, "user", logins, (_ADDED, *_GONE)) if logins else {}
    return tuple(
        (login, line.detail[_NEW_NETWORK])
        for login, line in sorted(latest.items())
        if line.what == _ADDED and line.detail.get(_NEW_NETWORK)
    )


def save_unheard(connection: Connection, unheard: Unheard) -> None:
    """Write how often the monitor did not hear us."""
    keep_fact(connection, _UNHEARD, json.dumps(asdict(unheard)))


def _load_unheard(connection: Connection) -> Unheard:
    value = find_fact(connection, _UNHEARD)
    return Unheard(**json.loads(value)) if value else Unheard()


def _of_account(stop: Stop, coming: Sequence[ComingEvent], default_account: str | None) -> Pause:
    events = [event for event in coming if (event.account or default_account) == stop.account]
    pause = Pause(what="account", name=stop.account, by=stop.by, note=stop.sentence, since=stop.since)
    return replace(pause, coming=len(events), lacking=_lacking(events))


def _of_job(name: str, setting: ScheduleSetting, coming: Sequence[ComingEvent]) -> Pause:
    pause = Pause(what="job", name=name, by=setting.by, note=setting.note, since=setting.since)
    return replace(pause, coming=len(coming), lacking=_lacking(coming)) if name in _PREPARE else pause


def _lacking(events: Iterable[ComingEvent]) -> tuple[WaitingEvent, ...]:
    return tuple(WaitingEvent(name=event.name, start=event.start) for event in events if not event.has_webinar)
