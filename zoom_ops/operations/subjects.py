"""What runs for the links of an event in a home are about."""

from collections.abc import Mapping

from ..engine.runs import Subject


def record_subject(home: str, event_id: str) -> Subject:
    """Build the subject of an event in a home. With both in its id, no home of an event waits for another."""
    return Subject(kind="record", id=f"{home}/{event_id}")


def event_in(subject: Subject) -> str | None:
    """Return the id of the event that a subject is, or whose record it is; None for any other subject."""
    if subject.kind == "record":
        return subject.id.partition("/")[2]
    return subject.id if subject.kind == "event" else None


def name_subject(subject: Subject, names: Mapping[str, str]) -> str:
    """Name what a run is about. `names`: of events, by id."""
    event_id = event_in(subject)
    if event_id is None:
        return subject.id
    name = names.get(event_id, event_id)
    return f"{name} in {subject.id.partition('/')[0]}" if subject.kind == "record" else name
