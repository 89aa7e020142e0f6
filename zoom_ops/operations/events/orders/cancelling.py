"""Cancel an event: which may be cancelled, and the order to do it."""

from ....errors import ParkedError
from ....events import Event
from ....stages import EventFacts, is_linked
from ....store.audit import Actor, record_audit
from ....store.events import load_event
from ...context import Context
from ...stages.facts import load_facts
from ...stages.overdue import ask_whether_held
from ..importing import write_event


def was_held(context: Context, event_id: str) -> EventFacts | None:
    """Return the facts of an event that is over and was held, else None.

    Zoom is asked whether it was where nobody told us; raise its error if it cannot say.
    """
    facts = load_facts(context, event_id)
    if not facts.is_over:
        return None
    if facts.bound and not facts.was_held:
        facts = ask_whether_held(context, facts)
    return facts if facts.was_held or is_linked(facts.event) else None


def get_cancellable(context: Context, event_id: str) -> Event:
    """Return an event that may be cancelled, or that is cancelled already. Raise ParkedError if it was held."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    if event.status == "cancelled" or event.end_utc > context.clock.now():
        return event
    if facts := was_held(context, event_id):
        raise ParkedError(_refusal_of(facts))
    return event


def cancel_event(context: Context, event_id: str, by: Actor) -> Event:
    """Cancel an event, and ring the job that deletes its webinar. Raise ParkedError if it was held."""
    if (event := get_cancellable(context, event_id)).status == "cancelled":
        return event
    with context.database.begin() as connection:
        event = load_event(connection, event_id)
        if event.status == "cancelled":
            return event
        cancelled = event.model_copy(update={"status": "cancelled"})
        write_event(context, connection, cancelled, "event_cancelled", f"The event was cancelled by {by}.")
        record_audit(connection, by, "event_cancelled", ("event", event_id), context.database.now(connection))
        return cancelled


def _refusal_of(facts: EventFacts) -> str:
    event, uuids = facts.event, [recording.uuid for recording in facts.observed.recordings]
    kept = f"It was held on {event.start_utc:%Y-%m-%d}, so it keeps its webinar and recordings and cannot be cancelled."
    if len(uuids) == 1:
        return f"{kept} To take its recording off the page: zoom-ops events withhold {event.id} {uuids[0]}"
    return (
        f"{kept} To take a recording off its page: zoom-ops events withhold EVENT RECORDING, as `events show` names it."
    )
