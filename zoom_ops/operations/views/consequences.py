"""Sentences about the effects of an action outside, such as mails or deletions, for the person who confirms it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...engine.runs import Run
from ...planning import (
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


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """The people who are affected by a change to the webinar of an event."""

    awaited: int = 0  # people with an address; they become panelists as soon as the webinar exists
    seated: int = 0  # panelists now
    mailed: bool = True  # whether Zoom mails an invitation to new panelists


def consequence_of(action: Action, recipients: Recipients) -> str:
    """Describe what an action does outside, with the changes that follow it automatically."""
    match action:
        case CreateWebinar():
            return f"Creates a webinar on {action.host}{_then_seats(recipients)}"
        case UpdateWebinar():
            fields = ", ".join(change.field for change in action.fields)
            return f"Changes webinar {action.webinar_id} at Zoom: {fields}."
        case CancelWebinar():
            mailed = f", which mails {_informed(recipients)}." if action.tell_people else ". Nobody is mailed."
            return f"Deletes webinar {action.webinar_id} at Zoom{mailed}"
        case AddPanelists():
            return _invites(action, recipients)
        case RemovePanelist():
            return f"Takes {action.name} out of the panelists of webinar {action.webinar_id}."
        case PublishRecording():
            return shows(action.title, action.visibility)
        case WithdrawRecording():
            return "Takes the link of a recording back from the event record."


def shows(title: str, visibility: str) -> str:
    """Describe who can see a recording at the event record once it is published."""
    return f"Shows “{title}” to {'everybody' if visibility == 'public' else 'members'} at the event record."


def consequences_of_stopping(run: Run, begun: str | None) -> Iterator[str]:
    """Yield what cancelling a run does outside, and what it does not do.

    `begun` names the change that was sent to Zoom and whose result is unknown.
    """
    if not run.attempts:
        yield "Nothing happens at Zoom, and nobody is mailed: it has not begun."
        return
    if run.started is not None:
        yield "A call to Zoom that is on its way is not called back; no further change is begun."
    if begun:
        yield f"{begun} was asked of Zoom, and nobody saw the answer: it may be done all the same."
    yield "What was done at Zoom stays: nothing is undone, and nobody is mailed."


def say_mailed(impact: Iterable[tuple[Action, Recipients]]) -> str:
    """Return whom Zoom mails because of some actions, such as "6 people". Return "" for nobody."""
    count, cancelled = 0, 0
    for action, recipients in impact:
        match action:
            case AddPanelists() if recipients.mailed:
                count += len(action.seats)
            case CreateWebinar() if recipients.mailed:
                count += recipients.awaited
            case CancelWebinar(tell_people=True):
                count, cancelled = count + recipients.seated, cancelled + 1
    webinars = "1 webinar" if cancelled == 1 else f"{cancelled} webinars"
    registered = f"whoever has registered for {webinars}" if cancelled else ""
    return " and ".join(part for part in (people(count) if count else "", registered) if part)


def people(count: int) -> str:
    """Render a number of people."""
    return "1 person" if count == 1 else f"{count} people"


def _then_seats(recipients: Recipients) -> str:
    if not recipients.awaited:
        return ". Nobody is mailed."
    seats = f", then seats {people(recipients.awaited)} in it"
    return f"{seats}, whom Zoom mails an invitation." if recipients.mailed else f"{seats}. Nobody is mailed."


def _invites(action: AddPanelists, recipients: Recipients) -> str:
    names = [seat.name for seat in action.seats]
    who = people(len(names))
    if recipients.mailed:
        return f"Mails {who} an invitation to webinar {action.webinar_id}: {_some(names)}."
    return f"Seats {who} in webinar {action.webinar_id}: {_some(names)}. Nobody is mailed."


def _informed(recipients: Recipients) -> str:
    panelists = "its panelist" if recipients.seated == 1 else f"its {recipients.seated} panelists"
    return f"{panelists} and whoever has registered" if recipients.seated else "whoever has registered"


def _some(names: list[str]) -> str:
    """Render the first names and the number of the others."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
