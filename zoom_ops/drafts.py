"""Who may find an event, decided in one place: a draft, unlisted, listed; and which event may be deleted. Pure."""

from dataclasses import dataclass

from .events import Event, Listing
from .messages import Message
from .messages import plans as say


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The visibility of an event now, and the one that it has once nothing about it is in doubt."""

    visibility: Listing
    intended: Listing


def decide(known: Decided | None, asked: Listing | None, *, doubtful: bool, publishes: bool) -> Decided:
    """Decide the visibility of an event that is written.

    `known`: as it was; None for a new event. `asked`: what its record, or a person, asks for; None: nothing.
    `doubtful`: a review note holds it back. `publishes`: whoever writes it may publish; what the others write is a
    draft until somebody publishes it.

    An event that is published already stays so, whatever comes into doubt: its readers know its address, and
    `keep_decided` leaves them its name and its times.
    """
    intended: Listing = asked or (known.intended if known else "listed")
    if not publishes:
        intended = "draft"
    waits = doubtful and (known is None or known.visibility == "draft")
    return Decided(visibility="draft" if waits else intended, intended=intended)


def describe_change(before: Listing | None, now: Listing) -> tuple[str, str] | None:
    """Return what became of an event whose visibility changed, for its timeline: a short name and a sentence."""
    if before == now or (before is None and now != "draft"):
        return None
    if now == "draft":
        return "event_drafted", "It is a draft: only operators and authors see it, and it gets no webinar."
    if before == "draft":
        whom = "everybody sees it." if now == "listed" else "whoever has its address sees it."
        return "event_published", f"It is published: {whom}"
    if now == "unlisted":
        return "event_unlisted", "It is unlisted: whoever has its address sees it, and no list or feed names it."
    return "event_listed", "It is listed: everybody sees it."


def say_draft(event: Event) -> Message:
    """Say why a draft has no webinar, and what to do."""
    if fields := _doubtful_fields(event):
        return say.DRAFT_IN_DOUBT(fields=fields, event=event.id)
    return say.DRAFT(event=event.id)


def say_doubts(event: Event) -> Message | None:
    """Say what about an event is in doubt, so that it gets no webinar. None if nothing is."""
    doubts = tuple(say.DOUBT(field=note.field, reason=note.reason) for note in event.blocking_notes())
    return say.NEEDS_REVIEW(doubts=doubts) if doubts else None


def why_not_published(event: Event) -> str:
    """Say why an event cannot be published: what of it is in doubt. Empty if it can."""
    if not (fields := _doubtful_fields(event)):
        return ""
    return (
        f"{event.id} is in doubt about its {', '.join(fields)}, so it stays a draft: zoom-ops events show {event.id}. "
        f"If it is right: zoom-ops events approve {event.id}; if not, import its corrected file."
    )


def _doubtful_fields(event: Event) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note.field for note in event.blocking_notes()))


def why_not_theirs(event: Event, *, publishes: bool) -> str:
    """Say why somebody may not change an event: who publishes nothing changes drafts only. Empty if they may."""
    if publishes or event.visibility == "draft":
        return ""
    return f"{event.id} is published, and you may change drafts only: ask an operator."


def why_not_undone(before: Event, now: Event, *, publishes: bool, own: bool) -> str:
    """Say why somebody may not undo the latest edit of an event. Empty if they may.

    `own`: whether the edit is theirs. Who publishes nothing undoes own edits of drafts only: the edit of another
    person may be of what they do not see.
    """
    if publishes or (own and before.visibility == now.visibility == "draft"):
        return ""
    if own:
        return f"{now.id} was published in between, so an operator undoes its latest edit."
    return f"The latest edit of {now.id} is not yours, so an operator undoes it."


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What of an event has left this service, or may be leaving it now."""

    webinar: bool = False  # it has or had one
    changed: bool = False  # something was changed at Zoom for it, or is being changed
    notified: bool = False  # Zoom has reported something about it
    recorded: bool = False  # there is a recording of it
    told: tuple[str, ...] = ()  # webhooks that got a message about it, or are getting one


def what_went_outside(outside: Outside) -> str:
    """Say what of an event has left this service, in a sentence; empty if nothing has.

    Only then it can be deleted or become a draft again: nobody outside has something that would be left behind.
    """
    if outside.webinar:
        return "It has or had a webinar at Zoom."
    if outside.changed:
        return "Something was changed for it at Zoom, or is being changed now."
    if outside.recorded:
        return "There is a recording of it."
    if outside.notified:
        return "Zoom has notified us of it."
    if outside.told:
        return f"It was told to {', '.join(outside.told)}."
    return ""


def why_not_deleted(event: Event, outside: Outside) -> str:
    """Say why an event cannot be deleted, and what to do instead. Empty if it can."""
    sentence = what_went_outside(outside)
    return f"{sentence} So it cannot be deleted. Cancel it: zoom-ops events cancel {event.id}" if sentence else ""


def why_no_draft(event: Event, outside: Outside) -> str:
    """Say why an event cannot become a draft, and what to do instead. Empty if it can."""
    sentence = what_went_outside(outside)
    other = f"Take it off the lists: zoom-ops events unlist {event.id}. Or cancel it."
    return f"{sentence} So it cannot be a draft again. {other}" if sentence else ""
