"""Every text and list that people send has a maximum."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import zoom_ops.web.api
from tests.builders import an_event
from tests.docs.write_maxima import PAGE, iter_maxima, write_maxima
from zoom_ops.errors import BadInputError
from zoom_ops.events import Attachment, DisplayTime, Event, Organizer, Performer, ReviewNote, maxima
from zoom_ops.events.maxima import find_beyond
from zoom_ops.readers import read_events
from zoom_ops.web.api.contents import RequestBody

assert zoom_ops.web.api.__file__  # it knows all bodies of requests
LETTERS = "a" * maxima.LINE
NOTE = ReviewNote(field="venue", reason="Is it so?")
ENTRY = Attachment(title="Agenda", visibility="members", groups=tuple(f"g{number}" for number in range(maxima.GROUPS)))
ROW = DisplayTime(label="Geneva time", timezone="Europe/Zurich", start="2040-01-31T14:30", end="2040-01-31T15:45")
FULL: dict[str, Any] = {
    "series": LETTERS,
    "description": "a\n" * (maxima.DESCRIPTION_LINES - 1) + "a",
    "language": "en" + "-abcdefgh" * 3,
    "venue": LETTERS,
    "performers": (Performer(name=LETTERS), *[Performer(name="Ann")] * (maxima.PERFORMERS - 1)),
    "organizers": (Organizer(name=LETTERS),) * maxima.ORGANIZERS,
    "attachments": (ENTRY, *[Attachment(title="Agenda")] * (maxima.ATTACHMENTS - 1)),
    "display_times": (ROW,) * maxima.DISPLAY_TIMES,
    "needs_review": (NOTE.model_copy(update={"choices": ("a",) * maxima.CHOICES}), *[NOTE] * (maxima.NOTES - 1)),
}  # fmt: skip
BEYOND: list[tuple[str, dict[str, Any]]] = [
    ("series", {"series": f"{LETTERS}a"}),
    ("description", {"description": FULL["description"] + "\na"}),
    ("description", {"description": "a" * (maxima.DESCRIPTION + 1)}),
    ("language", {"language": "en" + "-abcdefgh" * 4}),
    ("performers", {"performers": (*FULL["performers"], Performer(name="Bob"))}),
    ("performers.2.role", {"performers": (Performer(name="Ann"), Performer(name="Bob", role=f"{LETTERS}a"))}),
    ("organizers", {"organizers": (*FULL["organizers"], Organizer(name="Bob"))}),
    ("attachments", {"attachments": (*FULL["attachments"], Attachment(title="Bob"))}),
    ("attachments.1.url", {"attachments": (Attachment(title="A", url=f"https://example.org/{LETTERS * 4}"),)}),
    ("attachments.1.groups", {"attachments": (ENTRY.model_copy(update={"groups": (*ENTRY.groups, "more")}),)}),
    ("display_times", {"display_times": (*FULL["display_times"], ROW)}),
    ("needs_review", {"needs_review": (*FULL["needs_review"], NOTE)}),
    ("needs_review.1.choices", {"needs_review": (NOTE.model_copy(update={"choices": ("a",) * 51}),)}),
    ("", {"performers": (Performer(name=LETTERS, role=LETTERS),) * 300}),
]


def bodies(model: type[BaseModel] = RequestBody) -> Iterator[type[BaseModel]]:
    """Yield the models of the bodies of requests."""
    for known in model.__subclasses__():
        yield known
        yield from bodies(known)


@pytest.mark.parametrize("model", [Event, *bodies()], ids=lambda model: model.__name__)
def test_every_text_and_list_has_a_maximum(model: type[BaseModel]) -> None:
    assert [place for place, most in iter_maxima(model.model_json_schema()) if not most] == []


def test_field_without_a_maximum_is_found() -> None:
    class Loose(BaseModel):
        parts: tuple[Organizer, ...] = ()
        words: list[str] | None = None

    assert [place for place, most in iter_maxima(Loose.model_json_schema()) if not most] == [
        "parts",
        "words",
        "words[]",
    ]


def test_event_at_its_maxima_is_read() -> None:
    event = an_event(**FULL)

    (announced,) = read_events(json.dumps(event.to_json()).encode(), "a.json")

    assert list(find_beyond(announced.event)) == []
    assert announced.event.performers == event.performers


@pytest.mark.parametrize(("place", "changes"), BEYOND, ids=[place or "all" for place, _ in BEYOND])
def test_event_beyond_a_maximum_is_refused_with_the_field_and_loads(place: str, changes: dict[str, Any]) -> None:
    event = an_event(**changes)

    assert [beyond.where for beyond in find_beyond(event)] == [place]
    with pytest.raises(BadInputError) as caught:
        read_events(json.dumps(event.to_json()).encode(), "a.json")
    assert str(caught.value).startswith(f"a.json:1: {place}: expected " if place else "a.json:1: expected an event of ")
    assert Event.model_validate(event.to_json()) == event


@pytest.mark.parametrize("entry", [{}, [], "a"], ids=["objects", "lists", "texts"])
def test_list_inside_an_entry_that_is_too_long_is_one_mistake(entry: Any) -> None:
    record = an_event().to_json() | {"attachments": [{"title": "a", "groups": [entry] * (maxima.GROUPS + 1)}]}

    with pytest.raises(BadInputError) as caught:
        read_events(json.dumps(record).encode(), "a.json")

    assert str(caught.value).startswith("a.json:1: attachments.1.groups: expected at most 100 entries, found 101")
    assert "groups.1" not in str(caught.value)


def test_file_of_any_format_is_refused_beyond_a_maximum() -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20400101T100000Z\r\nDTEND:20400101T110000Z\r\n"
        f"SUMMARY:Open harbour\r\nLOCATION:{LETTERS}a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    with pytest.raises(BadInputError, match=r"^a\.ics:2: venue: expected at most 1,000 characters, found 1,001"):
        read_events(calendar.encode(), "a.ics")


def test_maxima_on_the_page_are_those_of_the_model() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_maxima(), "run: python -m tests.docs.write_maxima"
