"""What an action does outside, in words for whoever is asked to confirm it: whom it mails, what it deletes."""

from collections.abc import Iterable, Iterator

from ..engine.runs import Run
from ..planning import (
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
)

_SHOWN = 6


def consequence_of(action: Action) -> str:
    """Say what an action does outside."""
    match action:
        case CreateWebinar():
            return f"Creates a webinar on {action.host}. Nobody is mailed by that alone."
        case UpdateWebinar():
            fields = ", ".join(change.field for change in action.fields)
            return f"Changes webinar {action.webinar_id} at Zoom: {fields}."
        case CancelWebinar(tell_people=True):
            return f"Deletes webinar {action.webinar_id} at Zoom, which mails its panelists and registrants."
        case CancelWebinar():
            return f"Deletes webinar {action.webinar_id} at Zoom. Nobody is mailed."
        case AddPanelists():
            names = [seat.name for seat in action.seats]
            return f"Mails {people(len(names))} an invitation to webinar {action.webinar_id}: {_some(names)}."
        case RemovePanelist():
            return f"Takes {action.name} out of the panelists of webinar {action.webinar_id}."
        case PublishRecording(visibility="public"):
            return f"Shows “{action.title}” to everybody at the event record."
        case PublishRecording():
            return f"Shows “{action.title}” to members at the event record."
        case WithdrawRecording():
            return "Takes the link of a recording back from the event record."


def consequences_of_stopping(run: Run, begun: str | None) -> Iterator[str]:
    """Say what cancelling a run does outside, and what it does not; `begun` is a change whose end nobody saw."""
    if not run.attempts:
        yield "Nothing happens at Zoom, and nobody is mailed: it has not begun."
        return
    if run.started is not None:
        yield "A call to Zoom that is on its way is not called back; no further change is begun."
    if begun:
        yield f"{begun} was asked of Zoom, and nobody saw the answer: it may be done all the same."
    yield "What was done at Zoom stays: nothing is undone, and nobody is mailed."


def count_mailed(actions: Iterable[Action]) -> int:
    """Count the people who are mailed an invitation."""
    return sum(len(action.seats) for action in actions if isinstance(action, AddPanelists))


def people(count: int) -> str:
    """Write a number of people."""
    return "1 person" if count == 1 else f"{count} people"


def _some(names: list[str]) -> str:
    """Write the first names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
