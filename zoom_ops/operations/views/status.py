"""The status of the whole service on one screen: what works, what is on today, what needs a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from ...clock import iso_text
from ...engine.listing import list_needing
from ...engine.runs import Run
from ...stages import ALERTS, LINK_CHANGED, NAMES, Holdup, ServiceFacts, find_paused_jobs, find_service_holdups
from ...store.alerts import list_alerts
from ...store.event_queries import EventFilter, list_live, page_events
from ...store.refusals import load_refusals
from ...store.webinars import load_used_today
from ..alerting.known import load_lasting
from ..context import Context
from ..gaps import Gap, load_gaps
from ..holdups import load_service_facts
from ..reconcile.observe import LONGEST_LIVE
from ..reconcile.pools import changes_left
from ..waiting import load_waiting
from ..watching.attacks import describe_refused
from .accounts import show_accounts
from .plans.overview import holdup_json
from .problems import lasting_windows, show_problems, without_told
from .startup import gap_json

_DAY = timedelta(days=1)
_MOST = 1_000
_REFUSED_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Status:
    """What works, what is on today, and what needs a person."""

    now: datetime
    engine: str
    service: ServiceFacts
    accounts: tuple[dict[str, Any], ...]
    hosts: tuple[tuple[str, str, int], ...]  # account, address, changes left today
    live: tuple[Row[Any], ...]
    coming: tuple[Row[Any], ...]  # that begin within a day; else the next one
    late: Mapping[str, tuple[str, ...]]  # by event: the stages that are late or stuck
    problems: tuple[dict[str, Any], ...]  # the worst first
    runs: tuple[Run, ...]  # failed or parked
    waiting: str  # the events that wait for the end of the worst outage; empty where there is none
    windows: tuple[dict[str, Any], ...]  # of maintenance, that last now
    gaps: tuple[Gap, ...]  # what the installation lacks
    refused: str = ""  # to clients, lately

    @property
    def holdups(self) -> tuple[Holdup, ...]:
        """What holds up the work of the service or of an account, the worst first."""
        return find_service_holdups(self.service)

    @property
    def paused_jobs(self) -> tuple[Holdup, ...]:
        """The jobs that somebody paused."""
        return find_paused_jobs(self.service)

    @property
    def needs(self) -> int:
        """The number of things that need a person: outages, problems, runs. What was paused or muted is meant to be."""
        serious = [
            problem
            for problem in self.problems
            if problem["severity"] != "info" and not problem["muted"] and problem["kind"] != "account_stopped"
        ]  # a stopped account is an outage already
        return len(self.holdups) + len(serious) + len(self.runs)


def load_status(context: Context) -> Status:
    """Load the status of the service."""
    accounts, problems = tuple(show_accounts(context)), tuple(show_problems(context.database, limit=_MOST))
    now = context.clock.now()
    with context.database.read() as connection:
        used = {name: load_used_today(connection, name, now.date().isoformat()) for name in context.gateways}
        live = list_live(connection, now - LONGEST_LIVE, limit=_MOST)
        coming = page_events(connection, EventFilter(over=False, drafts=False), now, limit=_MOST, offset=0)
        alerts, runs = list_alerts(connection), list_needing(connection, limit=_MOST)
        service, gaps = load_service_facts(context, connection), load_gaps(context, connection)
        outage = next((holdup for holdup in find_service_holdups(service) if holdup.is_outage), None)
        windows = tuple(lasting_windows(load_lasting(connection, now).known, now))
        refused = describe_refused(load_refusals(connection, now - _REFUSED_FOR))
        waiting = load_waiting(context, connection, outage.account) if outage else ""
    known = {row.id for row in live}
    later = [row for row in coming if row.id not in known and row.status != "cancelled"]
    return Status(
        now=now,
        engine=context.engine,
        service=service,
        accounts=accounts,
        hosts=tuple(
            (name, email, changes_left(used[name].get(email, 0)))
            for name, gateway in sorted(context.gateways.items())
            for email in gateway.account.hosts
        ),
        live=live,
        coming=tuple(row for row in later if row.start_at < now + _DAY) or tuple(later[:1]),
        late=find_late(alerts),
        problems=problems,
        runs=without_told(runs, alerts),
        waiting=waiting,
        windows=windows,
        gaps=gaps,
        refused=refused,
    )


def find_late(alerts: Iterable[Row[Any]]) -> dict[str, tuple[str, ...]]:
    """Map events to the stages of which an alert says that they are late or stuck, in the order of a life."""
    kinds: dict[str, set[str]] = {}
    for row in alerts:
        kinds.setdefault(row.subject or "", set()).add(ALERTS["links"] if row.kind == LINK_CHANGED else row.kind)
    found = {event: tuple(name for name in NAMES if ALERTS[name] in kinds[event]) for event in kinds if event}
    return {event: names for event, names in found.items() if names}


def status_json(status: Status) -> dict[str, Any]:
    """Build the JSON of the status."""
    return {
        "ok": status.needs == 0,
        "needs": status.needs,
        "at": iso_text(status.now),
        "service": {
            "performing": status.service.is_performing,
            "heard": iso_text(status.service.heard_at),
            "engine": status.engine,
        },
        "holdups": [holdup_json(holdup) for holdup in (*status.holdups, *status.paused_jobs)],
        "waiting": status.waiting or None,
        "accounts": list(status.accounts),
        "hosts": [{"account": name, "email": email, "left_today": left} for name, email, left in status.hosts],
        "live": [_event_json(row) for row in status.live],
        "coming": [_event_json(row) | {"late": list(status.late.get(row.id, ()))} for row in status.coming],
        "problems": list(status.problems),
        "runs": [
            {
                "id": run.id,
                "job": run.job,
                "subject": run.subject.id,
                "state": run.state,
                "error": str(run.error) if run.error else None,
            }
            for run in status.runs
        ],
        "windows": list(status.windows),
        "refused": status.refused or None,
        "missing": [gap_json(gap) for gap in status.gaps],
    }


def _event_json(row: Row[Any]) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "start": iso_text(row.start_at), "end": iso_text(row.end_at)}
