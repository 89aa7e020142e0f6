"""Webinars that the system of a home makes by itself: they are awaited and adopted, and no second one is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ...events import Event
from ...messages import Message
from ...messages import plans as say
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
        return _asked(say.UNSAID(places=_places(unsaid), event=event.id))
    if len(numbers) > 1:
        named = tuple(say.NAMED(webinar=number, place=_place_of(records, number)) for number in numbers)
        return _asked(say.SEVERAL_NAMED(named=named, event=event.id))
    if numbers:
        return _alone(event, records, numbers[0])
    until = awaited_until(event, records)
    if until is None:
        return None
    places = _places(records)
    if now < until:
        return Blocker(about="webinar", message=say.AWAITED(places=places, until=until), until=until)
    if all(record.otherwise == "make" and record.unclear is None for record in records):
        return None
    if any(record.unclear for record in records):
        return _asked(say.NOT_TOLD(places=places, event=event.id))
    return _asked(say.NOT_MADE(places=places, until=until, event=event.id))


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
    places, other = _places(records), another_number(records, webinar_id)
    if other is not None:
        place = _place_of(records, other)
        message = say.NAMES_ANOTHER(own=webinar_id, place=place, event=event.id, webinar=other)
        yield Blocker(about="webinar", notice=TWO_WEBINARS, message=message)
    elif (unsaid := _unsaid(records)) and origin != "adopted":
        message = say.NAMES_SEVERAL(webinar=webinar_id, places=_places(unsaid))
        yield Blocker(about="webinar", notice=TWO_WEBINARS, message=message)
    elif not numbers_of(records) and origin == "home":
        message = say.NAMES_NO_MORE(places=places, webinar=webinar_id)
        yield Blocker(about="webinar", notice=NOT_NAMED, message=message)
    elif not numbers_of(records) and all(record.otherwise == "make" for record in records):
        message = say.NAMES_NONE(places=places, webinar=webinar_id)
        yield Blocker(about="webinar", notice=NOT_NAMED, message=message)


def _alone(event: Event, records: tuple[MadeThere, ...], number: int) -> int | Blocker:
    """Return the number to adopt, unless it is another event's, too: a webinar has one time."""
    naming, place = [record for record in records if record.webinar_id == number], _place_of(records, number)
    if owner := min((record.owner for record in naming if record.owner), default=None):
        return _asked(say.OF_ANOTHER(place=place, webinar=number, owner=owner))
    named = sorted({other for record in naming for other in record.others})
    if not named:
        return number
    return _asked(say.OF_OTHERS_TOO(place=place, webinar=number, others=tuple(named), event=event.id))


def _asked(message: Message) -> Blocker:
    return Blocker(about="webinar", message=message, refused=True)


def numbers_of(records: tuple[MadeThere, ...]) -> tuple[int, ...]:
    """Return the webinars that the records name."""
    return tuple(sorted({record.webinar_id for record in records if record.webinar_id is not None}))


def _unsaid(records: tuple[MadeThere, ...]) -> tuple[MadeThere, ...]:
    return tuple(record for record in records if record.unclear == "unsaid")


def _place_of(records: tuple[MadeThere, ...], number: int) -> str:
    return min(record.place for record in records if record.webinar_id == number)


def _places(records: tuple[MadeThere, ...]) -> tuple[str, ...]:
    return tuple(sorted({record.place for record in records}))
