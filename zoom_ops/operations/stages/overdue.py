"""An event that has ended: ask Zoom whether it was held, where its recording is overdue, and report its stages."""

from ...errors import WaitingError
from ...planning import NOTICES
from ...stages import EventFacts, Held, Stage, is_linked
from ...store.alerts import clear_alert, list_raised
from ...store.recordings import load_instances, record_instance
from ...store.webinars import change_binding
from ...zoom import WebinarGoneError
from ..context import Context
from .facts import load_facts
from .report import report_stages

_BEFORE = tuple(kind for kind, about in NOTICES.items() if about == "webinar")


def report_overdue(context: Context, event_id: str) -> str:
    """Report the stages of an event that has ended; return a sentence about its recording.

    Raise WaitingError while the recording may still come.
    """
    facts = load_facts(context, event_id, performing=True)
    if facts.is_over:
        _clear_notices(context, event_id)
    stages = {stage.name: stage for stage in report_stages(context, facts)}
    if stages["recorded"].state == "late" and not facts.sessions and facts.held is None:
        facts = ask_whether_held(context, facts)
        stages = {stage.name: stage for stage in report_stages(context, facts)}
    return _sentence_of(facts, stages["recorded"], stages["fetched"], stages["published"])


def ask_whether_held(context: Context, facts: EventFacts) -> EventFacts:
    """Ask Zoom for the instances of the event's webinar that no notification named; return the new facts.

    Those that are known already were rehearsals.
    """
    event_id, bound = facts.event.id, facts.observed.bound
    if bound is None or facts.observed.account is None:
        return facts
    with context.database.read() as connection:
        known = {row.uuid for row in load_instances(connection, event_id)}
    try:
        reported = context.gateway(facts.observed.account).get_instances(bound.webinar_id)
        fresh = [instance for instance in reported if instance.uuid not in known]
        held: Held = "held" if fresh else "never"
    except WebinarGoneError:
        fresh, held = [], "gone"
    with context.database.begin() as connection:
        for instance in fresh:
            record_instance(connection, instance.uuid, event_id, started_at=instance.start)
        change_binding(connection, event_id, held=held)
    return load_facts(context, event_id, facts.service, performing=True)


def _sentence_of(facts: EventFacts, recorded: Stage, fetched: Stage, published: Stage) -> str:
    if recorded.state == "skipped":
        return "No recording is expected."
    if is_linked(facts.event) and not facts.observed.recordings:
        return "The event record links its recording."
    if published.state in ("done", "skipped", "stuck"):
        return "The recording is there."
    late = next((stage for stage in (recorded, fetched, published) if stage.state == "late"), None)
    if late is None:
        due = published.deadline or facts.late_from
        sentence = f"The recording is not there yet; it counts as missing from {due:%Y-%m-%d %H:%M} UTC on."
        raise WaitingError(sentence, until=due)
    return late.sentence


def _clear_notices(context: Context, event_id: str) -> None:
    """Clear what was to be known before the event. From now on the missing recording counts."""
    with context.database.read() as connection:
        noticed = list_raised(connection, _BEFORE, [event_id])
    if noticed:
        with context.database.begin() as connection:
            for row in noticed:
                clear_alert(connection, row.key, context.database.now(connection))
