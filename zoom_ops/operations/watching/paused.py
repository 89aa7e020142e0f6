"""The events that wait for a paused job: a stage of theirs is late for it, or it would publish a recording now."""

from contextlib import suppress

from ...errors import NotFoundError
from ...stages import stages_of
from ...store.alerts import list_alerts
from ...store.coming import WaitingEvent
from ...store.event_queries import load_times
from ..context import Context
from ..due import unpublished_events
from ..holdups import load_service_facts
from ..stages.facts import load_facts

AFTERWARDS = ("fetch_recordings", "publish_recordings")  # the jobs that bring an event's recording to its record
_PUBLISHES = "publish_recordings"
_KINDS = ("recording_missing", "recording_held", "links_late")
_MOST = 200


def list_waiting_for(context: Context, job: str) -> tuple[WaitingEvent, ...]:
    """List the events that wait for a paused job of AFTERWARDS, by their ids, the first to begin first."""
    with context.database.read() as connection:
        now = context.database.now(connection)
        told = [row.subject for row in list_alerts(connection, kinds=_KINDS, limit=_MOST) if row.subject]
        due = unpublished_events(connection, job, now) if job == _PUBLISHES else ()
    found = {subject.id for subject, _ in due} | {event_id for event_id in told if _waits(context, event_id, job)}
    with context.database.read() as connection:
        times = load_times(connection, found)
    waiting = (WaitingEvent(name=event_id, start=start) for event_id, (start, _) in times.items())
    return tuple(sorted(waiting, key=lambda event: (event.start, event.name)))


def _waits(context: Context, event_id: str, job: str) -> bool:
    """Return whether a stage of an event is late or stuck because the job is paused."""
    with suppress(NotFoundError):  # it has just been deleted
        with context.database.read() as connection:
            service = load_service_facts(context, connection)
        facts = load_facts(context, event_id, service, performing=True)
        holdup = facts.holdup(job)
        is_late = any(stage.is_trouble and job in stage.jobs for stage in stages_of(facts))
        return is_late and holdup is not None and holdup.kind == "job_paused"
    return False
