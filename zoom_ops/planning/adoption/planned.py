"""Webinars that the system of a home makes by itself: they are awaited and adopted, and no second one is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ...events import Event
from ...webinars import Unclear
from ..plans import Blocker

TWO_WEBINARS, NOT_NAMED = "two_webinars", "webinar_not_named"
MADE_THERE_NOTICES = (TWO_WEBINARS, NOT_NAMED)


@dataclass(frozen=True, kw_only=True)
class MadeThere:
    """The record of an event in a home whose own system makes the webinars. `webinar_id`: None where it names none."""

    place: str  # the home in words, such as "Indico (home events)"
    webinar_id: int | None = None
    unclear: Unclear | None = None
    owner: str | None = None  # another event that has this webinar
    others: tuple[str, ...] = ()  # other events whose records name it
    hours: int = 48  # before the start: until then a webinar is awaited
    otherwise: Literal["ask", "make"] = "ask"  # then an operator is asked, or we make one


def choose_webinar(event: Event, records: tuple[MadeThere, ...], now: datetime) -> int | Blocker | None:
    """Return what becomes of an event that has no webinar: the number to adopt, what holds it back, or None.

    None: we make one, as for any other event. A webinar that a record names is never made a second time.
    """
    numbers = numbers_of(records)
    if unsaid := _unsaid(records):
        return _asked(
            f"{_places(unsaid)} has webinars for the event and does not say which one is its own: there are several, "
            "or one is hidden. Nothing is made. Leave one of them there and show it, or decide: "
            f"zoom-ops events adopt {event.id} WEBINAR_ID"
        )
    if len(numbers) > 1:
        named = " and ".join(f"{number} ({_place_of(records, number)})" for number in numbers)
        return _asked(
            f"The records of the event name several webinars: {named}. Nothing is made. Leave one of them there, or "
            f"decide: zoom-ops events adopt {event.id} WEBINAR_ID"
        )
    if numbers:
        return _alone(event, records, numbers[0])
    until = awaited_until(event, records)
    if until is None:
        return None
    place = _places(records)
    if now < until:
        sentence = f"{place} makes the webinar: it is awaited until {until:%Y-%m-%d %H:%M} UTC."
        return Blocker(about="webinar", sentence=sentence, until=until)
    if all(record.otherwise == "make" and record.unclear is None for record in records):
        return None
    if any(record.unclear for record in records):
        return _asked(
            f"{place} does not tell whether it has a webinar for the event, so none is made. Show it there. "
            f"Or have one of ours: zoom-ops apply --event {event.id} --force"
        )
    return _asked(
        f"{place} was to make the webinar until {until:%Y-%m-%d %H:%M} UTC, and names none. Make it there. "
        f"Or have one of ours: zoom-ops apply --event {event.id} --force"
    )


def awaited_until(event: Event, records: tuple[MadeThere, ...]) -> datetime | None:
    """Return until when a webinar is awaited that no record names yet; None where none is awaited."""
    if not records or numbers_of(records) or _unsaid(records):
        return None
    return event.start_utc - timedelta(hours=min(record.hours for record in records))


def without_waiting(records: tuple[MadeThere, ...]) -> tuple[MadeThere, ...]:
    """Return the records that have a webinar: an operator does not wait for the others."""
    return tuple(record for record in records if record.webinar_id is not None or record.unclear == "unsaid")


def another_number(records: tuple[MadeThere, ...], webinar_id: int) -> int | None:
    """Return a webinar that a record names in place of the one that the event has, or None."""
    return next((number for number in numbers_of(records) if number != webinar_id), None)


def made_there_notices(event: Event, records: tuple[MadeThere, ...], webinar_id: int, origin: str) -> Iterator[Blocker]:
    """Yield the notices about an event that has a webinar: its records name another one, or none."""
    place, other = _places(records), another_number(records, webinar_id)
    if other is not None:
        sentence = (
            f"The event has webinar {webinar_id}, and {_place_of(records, other)} names another: people may get the "
            f"link of the wrong one. Take the other out of the record there. Or: zoom-ops events adopt {event.id} "
            f"{other}. Then delete the first at Zoom."
        )
        yield Blocker(about="webinar", notice=TWO_WEBINARS, sentence=sentence)
    elif (unsaid := _unsaid(records)) and origin != "adopted":
        sentence = (
            f"The event has webinar {webinar_id}, and {_places(unsaid)} has several, or one that is hidden: people may "
            "get the link of the wrong one. Leave one of them there and show it."
        )
        yield Blocker(about="webinar", notice=TWO_WEBINARS, sentence=sentence)
    elif not numbers_of(records) and origin == "home":
        sentence = (
            f"{place} names webinar {webinar_id} no more, which was made there. The event keeps it, and "
            "nothing is deleted. Show it there again, or cancel the event."
        )
        yield Blocker(about="webinar", notice=NOT_NAMED, sentence=sentence)
    elif not numbers_of(records) and all(record.otherwise == "make" for record in records):
        sentence = (
            f"{place} names no webinar, so the event has one of ours: {webinar_id}. Who looks there does "
            "not find its link."
        )
        yield Blocker(about="webinar", notice=NOT_NAMED, sentence=sentence)


def kept_sentence(webinar_id: int) -> str:
    """Say why a webinar is not deleted with its event."""
    return f"Webinar {webinar_id} was made by the system of the event's home, which deletes it with its own record."


def _alone(event: Event, records: tuple[MadeThere, ...], number: int) -> int | Blocker:
    """Return the number to adopt, unless it is another event's, too: a webinar has one time."""
    naming, place = [record for record in records if record.webinar_id == number], _place_of(records, number)
    if owner := min((record.owner for record in naming if record.owner), default=None):
        return _asked(
            f"{place} names webinar {number}, which event {owner} has: one webinar is for one event. Nothing is made. "
            "Make another one there."
        )
    named = sorted({other for record in naming for other in record.others})
    if not named:
        return number
    others = ", ".join(named[:5])
    return _asked(
        f"{place} names webinar {number}, which is that of {others}, too. Nothing is made. If it is this event's: "
        f"zoom-ops events adopt {event.id} {number}. Else make another one there."
    )


def _asked(sentence: str) -> Blocker:
    return Blocker(about="webinar", sentence=sentence, refused=True)


def numbers_of(records: tuple[MadeThere, ...]) -> tuple[int, ...]:
    """Return the webinars that the records name."""
    return tuple(sorted({record.webinar_id for record in records if record.webinar_id is not None}))


def _unsaid(records: tuple[MadeThere, ...]) -> tuple[MadeThere, ...]:
    return tuple(record for record in records if record.unclear == "unsaid")


def _place_of(records: tuple[MadeThere, ...], number: int) -> str:
    return min(record.place for record in records if record.webinar_id == number)


def _places(records: tuple[MadeThere, ...]) -> str:
    return " or ".join(sorted({record.place for record in records}))
