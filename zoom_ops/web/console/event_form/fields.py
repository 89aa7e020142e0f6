"""The fields of the event form, over which everything about it iterates: names, labels, bounds, choices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ....access import Reader
from ....events import (
    AttachmentKind,
    AttachmentState,
    Consent,
    Listing,
    PerformerKind,
    Status,
    Visibility,
)

Values = dict[str, str]  # what stands in the form, by the names of its fields
Kind = Literal["line", "text", "choice", "mark", "email", "url", "date", "zone", "code", "hidden", "groups", "picture"]

PICTURE_FILE, PICTURE_URL, PICTURE_GONE = "image-file", "image-url", "image-remove"
"""Ends of the names of the fields beside that of a picture."""

UNSEEN_ADDRESS = "Not shown to authors. Empty: an address that is known stays."
LONGEST_LINE = 1_000
LONGEST_TEXT = 100_000


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the form, or of a row of a list in it. Its texts are messages of the catalogs."""

    name: str  # as in the Event
    label: str
    kind: Kind = "line"
    longest: int = LONGEST_LINE
    options: tuple[str, ...] = ()
    default: str = ""  # what an untouched field holds
    hint: str = ""
    wide: bool = False
    rare: bool = False  # shown once it is asked for
    empty: str = "as the settings say"  # what the empty choice means
    operators: bool = False  # only operators see and set it


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list in the form, with a row for each entry. Its texts are messages of the catalogs."""

    name: str
    title: str
    one: str  # what a row is called
    add: str  # the button for one more row
    at_most: int
    fields: tuple[Field, ...]
    hint: str = ""

    def key(self, row: int, field: str) -> str:
        """Return the name of a field in a row."""
        return f"{self.name}-{row}-{field}"

    def parse(self, key: str) -> tuple[int, str] | None:
        """Return the row and the field that a name in the form means; None for one that is not of this list."""
        parts = key.split("-", 2)
        number = number_below(1_000, parts[1]) if len(parts) == 3 and parts[0] == self.name else None
        return None if number is None else (number, parts[2])


MAIN = (
    Field(name="name", label="Title", longest=500, wide=True),
    Field(name="series", label="Series", hint="What it is one of, such as a lecture series."),
    Field(name="venue", label="Place", hint="Where it is held besides Zoom."),
    Field(name="language", label="Language", kind="code", longest=35, default="en",
          hint="Of these texts, as a code: en, fr, zh."),
    Field(name="description", label="About this event", kind="text", longest=LONGEST_TEXT, wide=True),
    Field(name="image", label="Picture", kind="picture", longest=32,
          hint="JPEG, PNG or WebP, up to 10 MB. Where it was taken, and with which camera, is not kept."),
    Field(name="image_alt", label="What the picture shows", longest=500,
          hint="For everybody who does not see it: read aloud, and shown where pictures are shared."),
    Field(name="image_decorative", label="The picture is decoration only", kind="mark"),
)  # fmt: skip
SETTINGS = (
    Field(name="visibility", label="Visibility", kind="choice", options=("", *get_args(Listing)),
          empty="a draft while in doubt, else listed", operators=True,
          hint="A draft stays one while its title, start, end or time zone is in doubt."),
    Field(name="status", label="Status", kind="choice", options=get_args(Status), default="scheduled"),
    Field(name="previous_start", label="First announced for", kind="code",
          hint="With its offset: 2027-04-03T14:30:00+02:00"),
    Field(name="consent", label="Recording", kind="choice", options=get_args(Consent), default="record",
          operators=True),
    Field(name="profile", label="Profile", kind="choice", default="default", operators=True),
    Field(name="account", label="Zoom account", kind="choice", operators=True),
    Field(name="attachments_note", label="Note under the attachments"),
)  # fmt: skip
PERFORMERS = Rows(
    name="performers", title="Speakers and others", one="Person %(number)s", add="Add a person", at_most=200,
    fields=(
        Field(name="name", label="Full name"),
        Field(name="kind", label="Takes part as", kind="choice", options=get_args(PerformerKind), default="speaker"),
        Field(name="honorific", label="Title before the name"),
        Field(name="role", label="Role"),
        Field(name="organization", label="Organisation"),
        Field(name="email", label="E-mail address", kind="email", longest=320),
        Field(name="image", label="Portrait", kind="picture", longest=32, rare=True,
              hint="JPEG, PNG or WebP, up to 10 MB. It is cut to a square."),
    ),
    hint="The spelling of a name here is authoritative. Who has an address gets a seat and an invitation.",
)  # fmt: skip
ORGANIZERS = Rows(
    name="organizers", title="Organizers", one="Organizer %(number)s", add="Add an organizer", at_most=50,
    fields=(Field(name="name", label="Organisation"), Field(name="acronym", label="Acronym")),
)  # fmt: skip
ATTACHMENTS = Rows(
    name="attachments", title="Links and attachments", one="Entry %(number)s", add="Add an entry", at_most=100,
    fields=(
        Field(name="title", label="Title"),
        Field(name="kind", label="Kind", kind="choice", options=get_args(AttachmentKind), default="link"),
        Field(name="url", label="Web address", kind="url", longest=4_000, wide=True),
        Field(name="visibility", label="Who sees it", kind="choice", options=get_args(Visibility), default="public"),
        Field(name="state", label="State", kind="choice", options=get_args(AttachmentState), default="available",
              rare=True),
        Field(name="groups", label="Groups of members", kind="groups", longest=10_000, rare=True,
              hint="One on each line; empty: all members."),
        Field(name="title_shown", label="Others see the title, with a lock", kind="mark", rare=True),
        Field(name="size", label="Size in bytes", kind="code", longest=20, rare=True),
        Field(name="dated", label="Dated", kind="date", longest=10, rare=True),
    ),
)  # fmt: skip
DISPLAY_TIMES = Rows(
    name="display_times", title="The time is also shown in", one="Zone %(number)s", add="Add a zone", at_most=50,
    fields=(
        Field(name="label", label="Label", hint="Such as Geneva time."),
        Field(name="timezone", label="Time zone", kind="zone", longest=100),
        # what the record shows, and the times for which it does: if these change, the row is computed again
        Field(name="start", label="Start", kind="hidden", longest=16),
        Field(name="end", label="End", kind="hidden", longest=16),
        Field(name="of", label="Times", kind="hidden", longest=200),
    ),
)  # fmt: skip
LISTS = (PERFORMERS, ORGANIZERS, ATTACHMENTS, DISPLAY_TIMES)
HINTS = {
    "end-date": "Empty: the day it starts.",
    "duration": "Instead of its end: 90m, 2h, 1h30m.",
    "timezone": "Of these times. Type the city.",
    "id": "Its page is /events/ and this. Empty: made of series and title.",
}
ORIGIN = "from"  # in each row: its number in what filled the form, so that what stands there follows the row
SINGLE = (*MAIN, *SETTINGS)
_EMPTY_IS_TEXT = ("description", "title", "label")  # fields of the Event that are a text and never None


def offered(fields: tuple[Field, ...], reader: Reader) -> tuple[Field, ...]:
    """Return those of some fields that a reader may see and set."""
    return tuple(each for each in fields if reader.operates or not each.operators)


def people_for(reader: Reader) -> Rows:
    """Return the list of people as a reader fills it: whoever does not see the addresses is told that they stay."""
    if reader.operates:
        return PERFORMERS
    fields = tuple(replace(each, hint=UNSEEN_ADDRESS) if each.name == "email" else each for each in PERFORMERS.fields)
    return replace(PERFORMERS, fields=fields)


def number_below(bound: int, text: str) -> int | None:
    """Read a number that was sent; None for any text that is no number below a bound, however long it is."""
    number = int(text) if text.isdecimal() and len(text) < 7 else bound
    return number if number < bound else None


def is_text(field: str) -> bool:
    """Return whether an empty field is an empty text, and not None."""
    return field in _EMPTY_IS_TEXT


def count_rows(values: Mapping[str, str], rows: Rows) -> int:
    """Return how many rows of a list stand in the form."""
    numbers = (place[0] for key in values if (place := rows.parse(key)))
    return min(max(numbers, default=-1) + 1, rows.at_most + 1)
