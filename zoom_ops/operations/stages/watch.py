"""Watch the events that may be late or stuck, and the runs that need a person."""

from collections import defaultdict
from dataclasses import replace
from typing import get_args

import structlog

from ...engine.listing import list_troubled
from ...engine.runs import SubjectKind
from ...errors import NotFoundError
from ...stages import RUN_ALERTS, RunFacts, ServiceFacts, needs_person, troubles_of_runs
from ...store.alerts import list_raised
from ..context import Context
from ..holdups import load_run_facts, load_service_facts
from .facts import load_facts
from .report import report_stages, report_troubles
from .watched import list_watched

log = structlog.get_logger()
_AT_ONCE = 2_000
_OTHERS = tuple(kind for kind in get_args(SubjectKind) if kind not in ("event", "record"))  # these have stages


def watch_events(context: Context) -> str:
    """Report the stages of every event that may be late or stuck; return a sentence with the count."""
    with context.database.read() as connection:
        service = replace(load_service_facts(context, connection), is_performing=True)  # as it is watching
        watched = list_watched(context, connection, context.database.now(connection))
    if len(watched) > _AT_ONCE:
        log.warning("events_not_watched", left_out=len(watched) - _AT_ONCE)
    troubled = sum(_is_troubled(context, event_id, service) for event_id in watched[:_AT_ONCE])
    _watch_other_runs(context, service)
    return f"{troubled} {'event needs' if troubled == 1 else 'events need'} a person." if troubled else ""


def _is_troubled(context: Context, event_id: str, service: ServiceFacts) -> bool:
    """Report an event's stages; return whether one is late or stuck."""
    try:
        facts = load_facts(context, event_id, service)
    except NotFoundError:  # it has just been deleted
        return False
    return any(stage.is_trouble for stage in report_stages(context, facts))


def _watch_other_runs(context: Context, service: ServiceFacts) -> None:
    """Report the runs for hosts, webhooks and the service that need a person."""
    with context.database.read() as connection:
        subjects = list_troubled(connection, *_OTHERS)
        latest = load_run_facts(connection, subjects)
        raised = [row for row in list_raised(connection, RUN_ALERTS.values()) if " " in (row.subject or "")]
    runs: dict[str, list[RunFacts]] = {row.subject: [] for row in raised}
    for (_job, subject), facts in latest.items():
        if needs_person(facts):
            runs.setdefault(subject.name, []).append(facts)
    before = defaultdict(list)
    for row in raised:
        before[row.subject].append(row)
    for name, several in runs.items():
        account = _account_in(name)
        report_troubles(context, name, account, troubles_of_runs(several, service, account), before[name])


def _account_in(name: str) -> str | None:
    """Return the account in the name of a host: its id is account/address."""
    kind, _, rest = name.partition(" ")
    return rest.partition("/")[0] if kind == "host" else None
