"""What a reader gives: the events of a file, each with the places of the file that say its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from pydantic import ValidationError

from ..events import Event, ReviewNote
from ..pictures import Kind

CALENDAR_PRODUCT = "-//zoom_ops//event pages//EN"  # the PRODID of the calendars that we write
MOST_EVENTS = 10_000  # of one file
LARGEST_FILE = 20_000_000  # bytes
MOST_LINES = 500_000  # of one file: to take more apart at once would take all the memory; a mail of 20 MB has 260,000
LONGEST_QUOTE = 500  # characters of what stands at a place


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a file says a field.

    `field` is a field of the Event, or a part of one such as `performers.0.name`; it is empty for a column of a table
    that is left out. `place` is for people: "line 4", "row 3, column Title". `text` is what stands there, at most
    LONGEST_QUOTE characters. `column` is the heading of a table's column.
    """

    field: str
    place: str
    text: str
    column: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureAt:
    """A picture that a file names by its address, with its alternative text.

    `person`: the number of the performer whose portrait it is; None: it is of the event. `is_asked` is false for one
    that merely stands on a page.
    """

    url: str
    text: str = ""
    person: int | None = None
    is_asked: bool = True

    @property
    def field(self) -> str:
        """The field of the event that it is for."""
        return "image" if self.person is None else f"performers.{self.person}.image"

    @property
    def kind(self) -> Kind:
        """What it is kept as."""
        return "picture" if self.person is None else "portrait"


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """One event of a file, with the line or row it begins on.

    `id_given` is true where the file gives the event's id. `origin` names the event at the place it comes from, for
    ever: "ical:UID", "indico:HOST/12". A later import with the same origin is the same event, whatever its name and
    time are then. `unsaid` are the fields about which this format says nothing: those of a known event stay.
    `pictures` are still to be fetched. `is_private`: the file marks the event as not for everybody.
    `page`: the web address that the file gives for it; it is written by others.
    """

    event: Event
    id_given: bool = False
    file: str
    line: int
    origin: str | None = None
    sources: tuple[Source, ...] = ()
    unsaid: tuple[str, ...] = ()
    pictures: tuple[PictureAt, ...] = ()
    is_private: bool = False
    page: str = ""

    def noted(self, *notes: ReviewNote) -> "Announced":
        """Return it with more review notes."""
        update = {"needs_review": (*self.event.needs_review, *notes)}
        return replace(self, event=self.event.model_copy(update=update))


class Reader(Protocol):
    """A module that reads one format."""

    def read(self, content: bytes, file: str, **today: date | None) -> tuple[Announced, ...]:
        """Read the events of a file. Raise BadInputError with the place and what was expected; see `refuse`.

        Those of texts and mails take the day on which they are read.
        """


def mistakes_of(error: ValidationError) -> Iterator[str]:
    """Yield what does not fit the event model, each with its place there, counted from one: "performers.1.name"."""
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        yield f"{where}: {message}" if where else message
