"""One round of the watch over the service: look, keep the alerts true, ping the monitor."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import uuid4

import structlog

from ...engine.attempts import write_for
from ...engine.rounds import forget_earlier
from ...engine.runs import Run
from ...errors import FencedError, ZoomOpsError
from ...monitor.address import Signal
from ...monitor.pinger import Heard
from ...store.alerts import list_raised, settle_alerts
from ..context import Context
from .decide import KINDS, find_alerts, find_failures
from .facts import Unheard, WatchFacts, load_facts, save_unheard
from .firewall import read_tracked
from .outage import clear_old_outages

log = structlog.get_logger()
_UNWRITABLE = "The service cannot use its database: the log says why."


def watch_service(context: Context, run: Run) -> str:
    """Look at the service once; return a sentence with the number of alerts about it.

    The monitor is pinged at the begin of the round and at its end. A ping that is not heard fails nothing. An error of
    the database is told to the monitor and raised.
    """
    ping = partial(_ping, context, str(uuid4()))
    ping("start")
    try:
        facts, count = _look(context, run)
    except FencedError:
        raise
    except ZoomOpsError as error:
        report_unwatched(context, error, ping)
        raise
    failures = find_failures(facts)
    heard = ping("fail" if failures else "success", " ".join(failures))
    if heard is not None:
        _note(context, facts, heard)
    return f"Alerts about the service: {count}." if count else ""


def report_unwatched(
    context: Context, error: ZoomOpsError, ping: Callable[[Signal, str], object] | None = None
) -> None:
    """Tell the monitor alone that the database takes nothing, and whether a disk is full. Writes nothing."""
    log.critical("service_not_watched", reason=str(error))
    full = find_failures(WatchFacts(now=context.clock.now(), disks=context.measure_disks()))
    (ping or partial(_ping, context, str(uuid4())))("fail", " ".join((_UNWRITABLE, *full)))


def _look(context: Context, run: Run) -> tuple[WatchFacts, int]:
    """Load what is known, and let exactly the alerts that follow from it be open."""
    facts = replace(load_facts(context, context.measure_disks()), tracked=read_tracked())
    found = find_alerts(facts)
    with write_for(context.database, run) as connection:
        settle_alerts(connection, found, list_raised(connection, KINDS), facts.now)
        clear_old_outages(connection, facts.now)
        forget_earlier(connection, run, facts.now)
    return facts, len(found)


def _ping(context: Context, round_id: str, signal: Signal, text: str = "") -> Heard | None:
    return context.pinger.ping(context.monitor, signal, round_id, text) if context.monitor else None


def _note(context: Context, facts: WatchFacts, heard: Heard) -> None:
    """Count the rounds in a row that the monitor did not take. Where that cannot be written, it is counted later."""
    unheard = Unheard() if heard.ok else Unheard(rounds=facts.unheard.rounds + 1, reason=heard.sentence)
    if unheard == facts.unheard:
        return
    try:
        with context.database.begin(durable=False) as connection:
            save_unheard(connection, unheard)
    except ZoomOpsError as error:
        log.warning("monitor_not_noted", reason=str(error))
