"""The form of an event: what is typed becomes the event, and nothing is lost."""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.builders import AGENDA, AMARA, END, JONAS, MEI, RECORDING_EXPECTED, SLIDES, a_note, an_event
from zoom_ops.events import Attachment, DisplayTime, Event, Organizer, Performer, ReviewNote
from zoom_ops.planning import FieldChange
from zoom_ops.readers import Source
from zoom_ops.web.console.event_form.conflicts import take_theirs, unpack_base
from zoom_ops.web.console.event_form.doubts import (
    key_of,
    list_doubts,
    open_notes,
    places_of,
    sign_shown,
    take_choices,
    take_typed,
)
from zoom_ops.web.console.event_form.fields import Values, number_below
from zoom_ops.web.console.event_form.filling import empty_form, fill_copy, fill_form, fill_times
from zoom_ops.web.console.event_form.reading import read_form
from zoom_ops.web.console.event_form.rows import change_rows
from zoom_ops.web.console.event_form.wall_times import parse_minutes, read_times
from zoom_ops.web.console.event_form.wording import label_of, list_changes
from zoom_ops.web.errors import BadRequestError
from zoom_ops.web.i18n.language import ENGLISH

LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
MAYBE = st.none() | LINES
ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Zurich", "Asia/Kathmandu"]
)
PERFORMERS = st.builds(
    Performer,
    name=LINES,
    honorific=MAYBE,
    role=MAYBE,
    organization=MAYBE,
    email=st.sampled_from([None, "a@example.org"]),
)
ATTACHMENTS = st.builds(  # groups are for members
    lambda groups, **rest: Attachment(**rest, groups=groups if rest["visibility"] == "members" else ()),
    title=LINES, kind=st.sampled_from(["link", "recording"]), url=st.sampled_from([None, "https://x.example"]),
    visibility=st.sampled_from(["public", "members"]), groups=st.lists(LINES, max_size=2).map(tuple),
    title_shown=st.booleans(), size=st.none() | st.integers(0, 10**12), dated=st.none() | st.dates(),
)  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    zone = draw(ZONES)
    start = datetime(1971, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 6_000_000_000)))
    shown = [DisplayTime(label=draw(LINES), timezone=draw(ZONES), start="2031-01-01T10:00", end="2031-01-01T11:00")]
    return Event(
        id="an-event", name=draw(LINES), series=draw(MAYBE), description=draw(LINES | st.just("")), start=start,
        end=start + timedelta(seconds=draw(st.integers(1, 400_000))), timezone=zone, display_times=tuple(shown),
        previous_start=draw(st.none() | st.just(start)), organizers=(Organizer(name=draw(LINES), acronym=draw(MAYBE)),),
        performers=tuple(draw(st.lists(PERFORMERS, max_size=3))), venue=draw(MAYBE),
        attachments=tuple(draw(st.lists(ATTACHMENTS, max_size=3))),
    )  # fmt: skip


@settings(max_examples=60)
@given(events())
def test_any_event_comes_back_from_its_form(event: Event) -> None:
    read = read_form(fill_form(event))

    assert read.errors == {}
    assert read.event is not None
    assert read.event.to_json() == event.to_json()


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe"])
def test_times_around_every_change_of_clocks_come_back(zone: str) -> None:
    like = an_event(timezone=zone, start=datetime(2040, 1, 1, tzinfo=UTC), end=END)
    for month in (3, 4, 10, 11):
        for hours in range(24 * 30):
            start = datetime(2040, month, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=15)
            times = read_times(
                fill_times(like.model_copy(update={"start": start, "end": start + timedelta(minutes=30)}))
            )
            assert (times.start, times.end, times.errors) == (start, start + timedelta(minutes=30), {})


def typed(**changes: str) -> Values:
    """A form as it is typed, with only what it needs."""
    needed = {
        "name": "Tides",
        "start-date": "2040-01-31",
        "start-time": "14:30",
        "duration": "90m",
        "timezone": "europe/zurich",
    }
    return empty_form() | needed | {key.replace("__", "-"): text for key, text in changes.items()}


def test_a_short_form_is_an_event() -> None:
    event = read_form(typed()).event

    assert event is not None
    assert (event.id, event.start, event.end - event.start) == (
        "tides", datetime(2040, 1, 31, 13, 30, tzinfo=UTC), timedelta(minutes=90),
    )  # fmt: skip
    assert (event.timezone, event.performers) == ("Europe/Zurich", ())


@pytest.mark.parametrize("number", ["7", "0000000", "9" * 5_000, "-1", "²", ""])
def test_number_that_nobody_sent_from_the_form_is_none_of_its_rows(number: str) -> None:
    base, theirs = an_event(performers=(AMARA, JONAS)), an_event(performers=(JONAS, AMARA))
    values = fill_form(base) | {"performers-0-name": "Ada", "performers-0-from": number}

    mine = take_theirs(values, base, theirs, also_over_mine=False, numbered_by_file=False)

    assert number_below(7, number) is None
    assert change_rows(values, f"up-performers-{number}") is None
    assert (mine["performers-0-from"], mine["performers-1-from"]) == ("", "0")
    assert label_of(f"performers.{'9' * 5_000}.name", ENGLISH) == "Speakers and others"


def test_note_about_no_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        a_note(field="performers." + "9" * 5_000)


@pytest.mark.parametrize(
    "document",
    [
        b"[" * 100_000,
        b"[]",
        b"{}",
        json.dumps(an_event().to_json() | {"performers": [{"name": "Ada"}] * 1_001}).encode(),
        json.dumps(an_event().to_json() | {"performers": None}).encode(),
    ],
    ids=["deep", "list", "empty", "many people", "no list"],
)
def test_record_that_nobody_packed_is_refused(document: bytes) -> None:
    with pytest.raises(BadRequestError):
        unpack_base(base64.urlsafe_b64encode(zlib.compress(document)).decode())


def test_all_mistakes_are_told_at_once_beside_their_fields() -> None:
    read = read_form(typed(
        name=" ", start__time="half past", start__date="31.1.", timezone="Europe/Zurych", language="english!",
        duration="",
        performers__0__email="amara", performers__1__role="Mayor", attachments__0__url="example.org",
        previous_start="soon",
    ))  # fmt: skip

    assert read.event is None
    assert read.errors == {
        "name": "Give the event a title.",
        "start-time": "“half past” is no time: expected one such as 14:30.",
        "start-date": "“31.1.” is no day: expected one such as 2027-04-03.",
        "timezone": "There is no time zone 'Europe/Zurych': expected one such as Europe/Zurich or UTC. "
        "Did you mean Europe/Zurich?",
        "end-time": "Give the time it ends, or how long it lasts.",
        "language": "Expected the code of a language, such as en, fr or zh-Hant.",
        "performers-0-name": "Give the name, or take the row out.",
        "performers-0-email": "This is no e-mail address: expected one such as ada@example.org.",
        "performers-1-name": "Give the name, or take the row out.",
        "attachments-0-url": "Expected an address that begins with https:// or http://.",
        "previous_start": "Expected a time with its offset, such as 2027-04-03T14:30:00+02:00.",
    }


def test_what_is_too_long_or_too_many_is_refused() -> None:
    many = {f"performers-{number}-name": "P" for number in range(201)}

    read = read_form(typed(venue="x" * 1_001) | many)

    assert read.errors == {
        "venue": "There is room for 1,000 characters, and this has 1,001.",
        "performers": "There is room for 200: take some out, or split the event.",
    }


@pytest.mark.parametrize(
    ("day", "time", "choices"),
    [
        (
            "2040-03-25",
            "02:30",
            ("2040-03-25T01:30:00+01:00", "2040-03-25T03:00:00+02:00", "2040-03-25T03:30:00+02:00"),
        ),
        ("2040-10-28", "02:30", ("2040-10-28T02:30:00+02:00", "2040-10-28T02:30:00+01:00")),
    ],
)
def test_time_that_the_zone_skips_or_has_twice_is_a_choice(day: str, time: str, choices: tuple[str, ...]) -> None:
    asked = read_form(typed(start__date=day, start__time=time))

    assert set(asked.errors) == {"start-meant"}
    assert asked.choices == {"start": choices}
    for choice in choices:
        answered = read_form(typed(start__date=day, start__time=time, start__meant=choice))
        assert answered.event is not None
        assert answered.event.start == datetime.fromisoformat(choice).astimezone(UTC)


def test_end_before_the_start_or_against_the_duration_is_refused() -> None:
    assert set(read_form(typed(end__time="01:00", duration="")).errors) == {"end-time"}
    assert read_form(typed(end__time="15:00")).errors == {
        "duration": "It lasts 30m by its end, and 1h30m by this: leave one of them empty."
    }
    assert read_form(typed(end__time="16:00")).errors == {}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90", 90), ("90m", 90), ("90 min.", 90), ("2h", 120), ("1h30", 90), ("1:30", 90), ("1 hour 5 minutes", 65),
     ("", 0), ("0", 0), ("soon", 0), ("999999h", 0)],
)  # fmt: skip
def test_durations(text: str, minutes: int) -> None:
    assert parse_minutes(text) == (timedelta(minutes=minutes) if minutes else None)


def test_display_times_follow_a_changed_start() -> None:
    event = an_event()

    kept, moved = (read_form(fill_form(event) | change).event for change in ({}, {"start-time": "08:00"}))

    assert kept is not None
    assert kept.display_times == event.display_times
    assert moved is not None
    assert [row.start for row in moved.display_times] == ["2040-01-31T08:00", "2040-01-31T14:00"]


def test_times_that_change_are_said_with_their_day_in_words() -> None:
    change = FieldChange(field="start", old="2040-01-31T08:30:00-05:00", new="2040-02-01T08:30:15+00:00")

    (said,) = list_changes([change], ENGLISH)

    assert (said.old, said.new) == ("Tue, 31 Jan 2040, 08:30 UTC-05:00", "Wed, 1 Feb 2040, 08:30:15 UTC")


def test_copy_has_no_date_no_doubt_and_no_recording_of_the_other() -> None:
    published = Attachment(title="Recording", kind="recording", state="published", url="https://x.example", size=5)
    event = an_event(attachments=(AGENDA, published), needs_review=(a_note(),), status="postponed")

    values = fill_copy(event)
    copied = read_form(values | {"start-date": "2040-02-07"}).event

    assert (values["id"], values["start-date"], values["start-time"], values["duration"]) == ("", "", "08:30", "75m")
    assert copied is not None
    assert copied.attachments == (AGENDA, RECORDING_EXPECTED)
    assert (copied.status, copied.needs_review, copied.end - copied.start) == ("scheduled", (), event.end - event.start)


def test_rows_are_added_removed_and_moved() -> None:
    values = fill_form(an_event(performers=(AMARA, JONAS, MEI), attachments=(SLIDES,)))

    def names(order: str) -> tuple[list[str], str]:
        changed = change_rows(values, order)
        assert changed is not None
        event = read_form(changed[0]).event
        assert event is not None
        assert event.attachments == (SLIDES,)
        return [person.name.split()[0] for person in event.performers], changed[1]

    assert names("up-performers-2") == (["Amara", "Mei-Ling", "Jonas"], "performers-1-name")
    assert names("down-performers-2") == (["Amara", "Jonas", "Mei-Ling"], "performers-2-name")
    assert names("remove-performers-0") == (["Jonas", "Mei-Ling"], "performers-0-name")
    assert names("add-performers") == (["Amara", "Jonas", "Mei-Ling"], "performers-3-name")
    assert change_rows(values, "remove-performers-9") is None
    assert change_rows(values, "check") is None


NOTES = (
    ReviewNote(field="start", reason="Day or month first?", choices=("2040-03-04T14:30", "2040-04-03T14:30")),
    ReviewNote(field="name", reason="Which line is the title?", choices=("Tides", "Welcome")),
    ReviewNote(field="performers.1.name", reason="Is this a person?"),
)


KEYS = [key_of(note) for note in NOTES]


def test_choice_fills_its_field_once_and_settles_its_doubt() -> None:
    start = datetime(2040, 3, 4, 14, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    event = an_event(start=start, end=start + timedelta(hours=1), timezone="Europe/Zurich", needs_review=NOTES)
    values = fill_form(event) | {KEYS[0]: "1", KEYS[1]: "1", KEYS[2]: "right"}

    taken = take_choices(NOTES, values)
    typed_after = take_choices(NOTES, taken | {"name": "Welcome, all"})

    assert (taken["start-date"], taken["end-date"], taken["end-time"]) == ("2040-04-03", "2040-04-03", "15:30")
    assert (taken["name"], typed_after["name"]) == ("Welcome", "Welcome, all")
    assert open_notes(NOTES, values) == ()
    assert open_notes(NOTES, values | {KEYS[0]: "", KEYS[2]: "7"}) == (NOTES[0], NOTES[2])


def test_doubt_about_start_and_end_is_answered_once() -> None:
    asked = {"text": "X → 16:00", "reason": "the stored time stays"}
    notes = (
        a_note(field="start", choices=("2023-01-31T14:30", "2023-01-31T16:00"), **asked),
        a_note(field="end", choices=("2023-01-31T15:45", "2023-01-31T17:00"), **asked),
    )

    values = take_choices(notes, fill_form(an_event()) | {key_of(notes[0]): "1"})

    assert (values["start-time"], values["end-time"], open_notes(notes, values)) == ("16:00", "17:00", ())


def test_what_is_typed_by_hand_answers_the_doubt_beside_it() -> None:
    """Without script, too. A choice goes not over what was typed, and what it fills in is not typed."""
    values = fill_form(an_event(name="Tides", performers=(AMARA, JONAS)))
    shown = values | sign_shown(NOTES, values)

    def answers(**typed: str) -> list[str]:
        after = take_choices(NOTES, take_typed(NOTES, shown | typed))
        return [after.get(key, "") for key in KEYS] + [after["name"]]

    assert answers() == ["", "", "", "Tides"]
    assert answers(name=" Tides ") == ["", "", "", " Tides "]
    assert answers(name="Welcome, all") == ["", "right", "", "Welcome, all"]
    assert answers(name="Welcome, all", **{KEYS[1]: "1"}) == ["", "right", "", "Welcome, all"]
    assert answers(name="Welcome", **{KEYS[1]: "1", f"{KEYS[1]}-done": "1"}) == ["", "1", "", "Welcome"]
    assert answers(**{KEYS[1]: "1"}) == ["", "1", "", "Welcome"]
    assert answers(**{"performers-1-name": "Jonas B."}) == ["", "", "right", "Tides"]
    assert take_typed(NOTES, values | {"name": "Welcome"}) == values | {"name": "Welcome"}


def at_half_past_two() -> tuple[tuple[ReviewNote, ...], Values]:
    """Return the doubts about an event from 2:30 to 4:00, a.m. or p.m., and what stands in its form."""
    start = datetime(2040, 4, 3, 2, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    notes = (
        ReviewNote(field="start", reason="a.m. or p.m.?", choices=("2040-04-03T02:30", "2040-04-03T14:30")),
        ReviewNote(field="end", reason="a.m. or p.m.?", choices=("2040-04-03T04:00", "2040-04-03T16:00")),
    )
    return notes, fill_form(an_event(start=start, end=start + timedelta(minutes=90), timezone="Europe/Zurich"))


def test_end_that_moves_with_the_start_is_not_typed() -> None:
    notes, values = at_half_past_two()
    begins, ends = map(key_of, notes)
    shown = values | sign_shown(notes, values)

    by_script = take_typed(notes, shown | {begins: "1", "start-time": "14:30", "end-time": "16:00"})
    by_hand = take_typed(notes, shown | {"start-time": "15:00", "end-time": "16:00"})

    assert (by_script[begins], by_script.get(ends, "")) == ("1", "")
    assert (by_hand[begins], by_hand[ends]) == ("right", "right")


def test_day_and_hour_in_doubt_are_chosen_each_for_itself() -> None:
    start = datetime(2040, 4, 3, 2, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    notes = (
        ReviewNote(field="start", reason="Day or month first?", choices=("2040-04-03T02:30", "2040-03-04T02:30")),
        ReviewNote(field="start", reason="a.m. or p.m.?", choices=("2040-04-03T02:30", "2040-04-03T14:30")),
        ReviewNote(field="timezone", reason="Which?", choices=("Europe/Zurich", "America/New_York")),
    )
    values = fill_form(an_event(start=start, end=start + timedelta(hours=1), timezone="Europe/Zurich"))

    doubts = list_doubts(notes, values, ENGLISH)
    taken = take_choices(notes, values | {key_of(note): "1" for note in notes})

    assert [(doubt.at, doubt.choices[1].label) for doubt in doubts] == [
        ("start-date", "Sunday 4 March 2040"),
        ("start-time", "14:30"),
        ("timezone", "America/New_York: 02:30 there is 06:30 UTC"),
    ]
    assert [taken[key] for key in ("start-date", "start-time", "end-date", "end-time", "timezone")] == [
        "2040-03-04", "14:30", "2040-03-04", "15:30", "America/New_York",
    ]  # fmt: skip


def test_chosen_end_stays_when_the_hour_of_the_start_is_chosen_after_it() -> None:
    notes, values = at_half_past_two()
    begins, ends = map(key_of, notes)

    after = take_choices(notes, take_choices(notes, values | {ends: "1"}) | {begins: "1"})

    assert [after[key] for key in ("start-time", "end-date", "end-time")] == ["14:30", "2040-04-03", "16:00"]
    assert take_choices(notes, values | {begins: "1", ends: "1"})["end-time"] == "16:00"


@pytest.mark.parametrize(("city", "zone"), [("zurich", "Europe/Zurich"), ("new york", "America/New_York")])
def test_zone_is_found_by_its_city(city: str, zone: str) -> None:
    assert read_form(typed(timezone=city)).times.timezone == zone


def test_doubts_and_sources_stand_beside_their_rows_also_after_a_move() -> None:
    event = an_event(performers=(AMARA, JONAS), needs_review=NOTES)
    sources = (
        Source(field="performers.1.name", place="line 4", text="Prof. Jonas"),
        Source(field="end", place="line 2", text="3 pm"),
    )
    moved = change_rows(fill_form(event), "up-performers-1")
    assert moved is not None

    doubts = list_doubts(NOTES, moved[0], ENGLISH)

    assert [doubt.at for doubt in doubts] == ["start-date", "name", "performers-0-name"]
    assert [choice.label for choice in doubts[0].choices] == ["Sunday 4 March 2040", "Tuesday 3 April 2040"]
    assert {place: [source.place for source in found] for place, found in places_of(sources, moved[0]).items()} == {
        "performers-0-name": ["line 4"], "end-date": ["line 2"],
    }  # fmt: skip
