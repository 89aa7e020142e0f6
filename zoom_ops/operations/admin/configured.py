"""Go on with what waited for the configuration, once it has changed or the service has started."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ...engine.runs import Request, Subject, submit_all
from ...homes import HomeSettings
from ...messages import alerts as say
from ...messages import as_said
from ...profiles import Profile
from ...store.alerts import Alert, clear_alert, raise_alert
from ...store.configurations import Held, load_held
from ...store.db.facts import find_fact, keep_fact
from ...store.events import load_events
from ...store.homes.records import HomeFile, settle_homes
from ...store.homes.webinars import list_unmade
from ...store.tables import run
from ..context import Context
from ..due import unplanned_events, unpublished_events
from ..homes.trouble import forget_trouble
from ..homes.turns import due_homes
from ..homes.vanished import settle_gone
from ..homes.waking import wake_links
from ..jobs.registry import Job
from ..reconcile.candidates import find_candidates, iter_events
from ..reconcile.known import READ_AGAIN_BEFORE
from .accounts import wake_mended, wake_runs

KIND = "configuration_refused"
_PROFILES = "profiles"  # the row of meta with a digest of each profile that the events were planned with


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The profiles, accounts and homes that are new or have changed."""

    profiles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()


def follow_configuration(context: Context, jobs: Collection[Job], changed: Changed = Changed()) -> int:
    """Request the runs that a changed configuration makes due; return how many.

    They are the runs that were parked for something that is there now, and those of the events that another profile
    means something else for. Runs that wait for a changed account look again. Idempotent.
    """
    digests = {name: _digest(profile) for name, profile in context.profiles.items()}
    with context.database.read() as connection:
        stored = find_fact(connection, _PROFILES)
        known = json.loads(stored) if stored else digests
        names = {*changed.profiles, *(name for name, digest in digests.items() if known.get(name) != digest)}
        requests = tuple(_iter_requests(context, connection, jobs, names)) if names else ()
        parked = tuple(_iter_mended(context, connection))
    with context.database.begin() as connection:
        now = context.database.now(connection)
        pulls = _follow_homes(context, connection, jobs, changed, now)
        for account in changed.accounts:
            wake_runs(connection, account, now)
        submit_all(connection, (*parked, *requests, *pulls), now)
        if stored is None or known != digests:
            keep_fact(connection, _PROFILES, json.dumps(digests))
    wake_mended(context)
    return len(parked) + len(requests) + len(pulls)


def report_refused(connection: Connection, now: datetime) -> None:
    """Raise the alert that the files are wrong, while a running process has refused them; clear it when none has."""
    refused = next((held for held in load_held(connection, now) if held.refused), None)
    alert = _alert_of(refused)
    if refused:
        raise_alert(connection, alert, now)
    else:
        clear_alert(connection, alert.key, now)


def _alert_of(held: Held | None) -> Alert:
    reason = (held.refused if held else None) or ""
    return Alert(kind=KIND, message=say.FILES_WRONG(why=as_said(reason)))


def _digest(profile: Profile) -> str:
    return hashlib.sha256(profile.model_dump_json().encode()).hexdigest()[:16]


def _iter_requests(
    context: Context, connection: Connection, jobs: Collection[Job], profiles: Collection[str]
) -> Iterator[Request]:
    """Yield a request for each event of these profiles for which there is something to plan.

    Of those to come only the events of the coming week. The others follow when they come as near, or by `apply`: a
    profile of hundreds of events would use up the hosts' changes of the day.
    """
    now = context.database.now(connection)
    for event in iter_events(connection, find_candidates(context, connection, now)):
        if event.profile in profiles and event.start_utc < now + READ_AGAIN_BEFORE:
            turn = unplanned_events if event.end_utc > now else unpublished_events
            subject, account = Subject(kind="event", id=event.id), context.account_of(event) or ""
            yield from (Request(job=job.name, subject=subject, account=account) for job in jobs if job.turn is turn)


def _follow_homes(
    context: Context, connection: Connection, jobs: Collection[Job], changed: Changed, now: datetime
) -> tuple[Request, ...]:
    """Note which homes there are, and return requests to read those that are new or have changed.

    Events without a webinar are planned again, for the home may make it now, or make it no more.
    """
    files = {name: _file_of(context.home_settings.get(name)) for name in context.homes}
    settled = settle_homes(connection, files)
    for name in settled.lost:
        forget_trouble(connection, name, now)
    settle_gone(connection, now)
    names = dict.fromkeys((*changed.homes, *settled.new))
    for name in names:
        wake_links(context, connection, name)
    pulling = [job.name for job in jobs if job.turn is due_homes]
    pulls = (Request(job=job, subject=Subject(kind="home", id=name)) for job in pulling for name in names)
    return (*pulls, *_iter_unmade(context, connection, jobs, {*names, *settled.lost}, now))


def _iter_unmade(
    context: Context, connection: Connection, jobs: Collection[Job], homes: Collection[str], now: datetime
) -> Iterator[Request]:
    """Yield a request for each event of some homes without a webinar: it need not wait for the home any more."""
    making = [job.name for job in jobs if job.turn is unplanned_events]
    for event in load_events(connection, list_unmade(connection, homes, now)) if homes else ():
        subject, account = Subject(kind="event", id=event.id), context.account_of(event) or ""
        yield from (Request(job=job, subject=subject, account=account) for job in making)


def _file_of(home: HomeSettings | None) -> HomeFile:
    return HomeFile(system=home.system, source=home.source) if home else HomeFile()


def _iter_mended(context: Context, connection: Connection) -> Iterator[Request]:
    """Yield a request for each parked run that missed something in the configuration that is there now."""
    there: Mapping[str, Collection[str]] = {"profile": context.profiles, "home": context.homes}
    query = select(run.c.job, run.c.subject_kind, run.c.subject, run.c.account, run.c.missing)
    for row in connection.execute(query.where(run.c.state == "parked", run.c.missing.is_not(None)).order_by(run.c.id)):
        what, _, name = row.missing.partition(" ")
        if name in there.get(what, context.gateways):
            yield Request(job=row.job, subject=Subject(kind=row.subject_kind, id=row.subject), account=row.account)
