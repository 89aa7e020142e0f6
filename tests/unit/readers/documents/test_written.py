"""YAML and JSON as people write them: what is understood without a note, what is held, what is refused."""

import json
from typing import Any

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.events import Event
from zoom_ops.readers import Announced, read_events

HEAD = "title: How waves travel\ndate: 2027-01-31\ntime: 14:30-15:45\ntz: Europe/Zurich\n"


def read(text: str) -> Announced:
    (announced,) = read_events(text.encode(), "a.yaml")
    return announced


def event_of(text: str) -> Event:
    return read(text).event


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        read_events(text.encode(), "a.yaml")
    return [str(mistake) for mistake in (caught.value, *caught.value.others)]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("date: 2027-01-31\ntime: 14:30-15:45", "14:30", "15:45"),
        ("date: 31 January 2027\ntime: 2:30 pm\nduration: 90", "14:30", "16:00"),
        ("day: Sunday, January 31st, 2027\nstart: 14:30\nend: 15:45", "14:30", "15:45"),
        ("date: 31.01.2027\nstart_time: 14h30\nend_time: 15.45", "14:30", "15:45"),
        ("start_date: 2027-01-31\nstart_time: 14:30\nend_date: 2027-01-31\nend_time: 15:45", "14:30", "15:45"),
        ("startDate: 2027-01-31T14:30:00+01:00\nendDate: 2027-01-31T14:45:00Z", "14:30", "15:45"),
        ("when: 2027-01-31 14:30 – 15:45", "14:30", "15:45"),
        ("date: 2027-01-31\ntime: 14:30-15:45 CET", "14:30", "15:45"),
        ("date: 31 JAN 2027\ntime: 13:30-14:45 (UTC)", "14:30", "15:45"),
        ("start: 2027-01-31T14:30\nduration: 90m", "14:30", "16:00"),
        ("start: 2027-01-31T14:30\nduration: 1h30", "14:30", "16:00"),
        ("start: 2027-01-31T14:30\nduration: PT1H30M", "14:30", "16:00"),
        ("start: 2027-01-31T14:30\nlength: 1.5 hours", "14:30", "16:00"),
        ("start: 2027-01-31T14:30\nduration_minutes: 5", "14:30", "14:35"),
        ("start: 2027-01-31T14:30\nend: 2027-01-31T15:45\nduration: 75", "14:30", "15:45"),
        ("start: 2027-01-31T13:30Z\nend: 2027-01-31 16:45:00+0200", "14:30", "15:45"),
    ],
)
def test_times_are_understood(when: str, start: str, end: str) -> None:
    event = event_of(f"title: Waves\n{when}\ntz: Europe/Zurich\n")

    document = event.to_json()
    assert (document["start"], document["end"]) == (f"2027-01-31T{start}:00+01:00", f"2027-01-31T{end}:00+01:00")
    assert [note for note in event.needs_review if "offset" not in note.reason] == []


@pytest.mark.parametrize(
    ("text", "field", "choices"),
    [
        ("start: 2027-01-31T08:30+05:00", "start", ("2027-01-31T04:30", "2027-01-31T08:30")),
        ("start: 2027-07-31T08:30+01:00", "start", ("2027-07-31T09:30", "2027-07-31T08:30")),
        ("date: 03/04/2027\ntime: 14:30", "start", ("2027-04-03T14:30", "2027-03-04T14:30")),
        ("date: 2027-04-03\ntime: 2:30", "start", ("2027-04-03T02:30", "2027-04-03T14:30")),
        ("start: 2027-10-31T02:30", "start", ()),
    ],
)
def test_what_may_be_two_times_is_held_with_both(text: str, field: str, choices: tuple[str, ...]) -> None:
    event = event_of(f"title: Waves\n{text}\nduration: 45m\ntimezone: Europe/Zurich\n")

    assert [(note.field, note.choices) for note in event.blocking_notes()] == [(field, choices)]
    assert choices[:1] in ((), (event.to_json()["start"][:16],))


@pytest.mark.parametrize(
    ("zone", "other"), [("EST", "America/New_York"), ("CET", "Etc/GMT-1"), ("GMT", "Europe/London")]
)
def test_abbreviation_is_held_where_the_clocks_are_forward(zone: str, other: str) -> None:
    text = "title: Waves\nstart: 2027-{}-01T14:30\nduration: 60\ntimezone: {}\n"

    (note,) = event_of(text.format("07", zone)).blocking_notes()

    assert (note.field, note.choices) == ("timezone", (zone, other))
    assert event_of(text.format("01", zone)).blocking_notes() == ()


def test_status_word_in_the_title_is_held() -> None:
    event = event_of(HEAD.replace("How waves", "'[Cancelled] How waves").replace("travel", "travel'"))
    behind = event_of(HEAD.replace("travel", "travel (postponed)"))

    (note,) = event.needs_review
    assert (event.status, behind.status, behind.name) == ("cancelled", "postponed", "How waves travel")

    assert (note.field, note.choices) == ("name", ("How waves travel", "[Cancelled] How waves travel"))
    assert event_of(HEAD.replace("How waves", "Cancelled flights and how waves")).needs_review == ()


@pytest.mark.parametrize("title", ["CANCELLED How waves travel", "Moved to 12 May, how waves travel"])
def test_title_that_goes_on_behind_a_status_is_held(title: str) -> None:
    event = event_of(HEAD.replace("How waves travel", title))

    assert [note.field for note in event.blocking_notes()] == ["name"]


def test_description_that_changes_the_time_holds_start_and_status() -> None:
    event = event_of(f"{HEAD}\ndescription: 'NEW TIME: 18:00'\n")

    assert [note.field for note in event.needs_review] == ["start", "status"]


def test_display_time_that_names_another_instant_is_held() -> None:
    row = "{label: New York time, timezone: America/New_York, start: 2027-01-31T08:%s, end: 2027-01-31T09:45}"

    (note,) = event_of(HEAD + f"display_times: [{row % 45}]\n").needs_review

    assert (note.field, note.choices) == ("start", ("2027-01-31T14:30", "2027-01-31T14:45"))
    assert event_of(HEAD + f"display_times: [{row % 30}]\n").needs_review == ()


@pytest.mark.parametrize(
    ("people", "performers"),
    [
        ("performers: Ada Lovelace", [("speaker", None, "Ada Lovelace", None, None, None)]),
        ("speakers: [Ada Lovelace, Dr. Alan Turing <alan@example.org>]", [
            ("speaker", None, "Ada Lovelace", None, None, None),
            ("speaker", "Dr.", "Alan Turing", None, None, "alan@example.org"),
        ]),
        ("speakers: Ada Lovelace; Alan Turing\nmoderator: Grace Hopper", [
            ("speaker", None, "Ada Lovelace", None, None, None),
            ("speaker", None, "Alan Turing", None, None, None),
            ("moderator", None, "Grace Hopper", None, None, None),
        ]),
        ("speakers:\n- {first_name: Ada, last_name: Lovelace, affiliation: RCE, title: Head of Research}", [
            ("speaker", None, "Ada Lovelace", "Head of Research", "RCE", None)
        ]),
        ("speakers:\n- {name: Prof. Grace Hopper, role: Moderator, mail: grace@example.org}", [
            ("moderator", "Prof.", "Grace Hopper", None, None, "grace@example.org")
        ]),
        ("chair: {name: Grace Hopper, title: Prof.}", [("chair", "Prof.", "Grace Hopper", None, None, None)]),
    ],
)  # fmt: skip
def test_people_are_understood(people: str, performers: list[tuple[str | None, ...]]) -> None:
    event = event_of(f"{HEAD}{people}\n")

    assert [
        (each.kind, each.honorific, each.name, each.role, each.organization, each.email) for each in event.performers
    ] == performers
    assert event.needs_review == ()


def test_bracket_after_a_name_and_what_is_no_name_are_noted() -> None:
    event = event_of(HEAD + "speakers: [Ada Lovelace (RCE), TBC, Member States]\n")

    assert [(each.name, each.organization) for each in event.performers] == [
        ("Ada Lovelace", "RCE"),
        ("Member States", None),
    ]
    assert [(note.field, note.text) for note in event.needs_review] == [
        ("performers", "Ada Lovelace (RCE)"),
        ("performers", "TBC"),
        ("performers", "Member States"),
    ]


def test_other_synonyms_are_understood_without_a_note() -> None:
    event = event_of(
        HEAD + "organizer: Radio Club of Example (RCE)\nlocation: Hall 1\nabstract: Hello\nlang: pt_BR\n"
        "event_status: EventPostponed\nrecord: no\nlinks:\n- https://example.org/a%20b.pdf\n"
        "- 'Slides: https://example.org/s'\n- Programme: https://example.org/p\n- {name: X, href: https://example.org/x}\n"
    )

    assert (event.venue, event.description, event.language) == ("Hall 1", "Hello", "pt-BR")
    assert (event.status, event.consent) == ("postponed", "do_not_record")
    assert [(each.name, each.acronym) for each in event.organizers] == [("Radio Club of Example", "RCE")]
    assert [entry.title for entry in event.attachments] == ["a b.pdf", "Slides", "Programme", "X"]
    assert event.needs_review == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "name: Other\n", "a.yaml:5: name: 'title' says the same differently: keep one of them"),
        (HEAD + "start: 2027-01-31T15:00\n", "a.yaml:5: start: 'time' says the same differently"),
        (HEAD + "duration: 90\n", "a.yaml:5: duration: the event ends at 2027-01-31 15:45, and by its duration at"),
        (HEAD + "speakers: Ada Lovelace, Alan Turing\n", "speakers: expected the name of one person, found 'Ada"),
        (HEAD + "speakers: 7\n", "speakers: expected the name of one person, found '7'"),
        (HEAD + "speakers: Ada Lovelace and Alan Turing\n", "write one entry a person: [Ada Lovelace, Alan Turing]"),
        (HEAD + "host: me\n", "a.yaml:5: host: an event has no such key; write organizers for who holds the event"),
        (HEAD + "join_url: https://example.org\n", "the service makes the webinar and its join link itself"),
        (HEAD.replace("2027-01-31", "2027-03-28").replace("14:30", "02:30"), "does not exist in Europe/Zurich"),
        (HEAD.replace("2027-01-31", "Monday, 31 January 2027"), "is a Sunday: correct one of them"),
        (HEAD.replace("time: 14:30-15:45\n", ""), "date: '2027-01-31' has no time: write it as 2027-01-31T14:30"),
        (HEAD.replace("date: 2027-01-31\n", ""), "time: 14:30 has no date"),
        (HEAD.replace("-15:45", ""), "end: this is required: write end, or duration"),
        (HEAD.replace("-15:45", "\nduration: 2"), "duration: expected a length such as 90, 90m, 1h30 or PT1H30M"),
        (
            HEAD.replace("date: 2027-01-31\ntime: 14:30-15:45", "when: 2027-01-31 09:00-10:00"),
            "write the end under end",
        ),
        (HEAD.replace("15:45", "15:45 EST"), "EST is not the time of Europe/Zurich on that day, CET: correct one of"),
        (HEAD.replace("Europe/Zurich", "Zurich"), "Did you mean Europe/Zurich?"),
        (HEAD.replace("tz: Europe/Zurich\n", ""), "timezone: this is required: the zone of the event"),
        (HEAD.replace("2027-01-31", "2027-02-31"), "there is no such day: '2027-02-31'"),
        (HEAD.replace("14:30-15:45", "22:00-01:00"), "write its date with it if it ends on a later day"),
        ("name: How: waves\n", "this is not YAML: found 'name: How: waves'; put a value that holds a colon"),
        ("name: x\n\tvenue: y\n", "indent with spaces, not with tabs"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice(text: str, says: str) -> None:
    assert says in " ".join(mistakes(text))


def test_each_field_has_its_source() -> None:
    announced = read(HEAD + "moderator: Grace Hopper\nspeakers:\n- Ada Lovelace\n- {name: Alan Turing}\n")

    assert [(source.field, source.place, source.text) for source in announced.sources] == [
        ("name", "line 1", "How waves travel"),
        ("start", "line 2", "2027-01-31"),
        ("start", "line 3", "14:30-15:45"),
        ("end", "line 3", "14:30-15:45"),
        ("timezone", "line 4", "Europe/Zurich"),
        ("performers.0", "line 5", "Grace Hopper"),
        ("performers.1", "line 7", "Ada Lovelace"),
        ("performers.2", "line 8", '{"name": "Alan Turing"}'),
    ]


def test_event_json_read_back_is_the_same_event() -> None:
    event = event_of(
        HEAD + "id: waves\nseries: S\nspeakers: ['Dr. Ada Lovelace <ada@example.org>', 'Alan Turing (RCE)']\n"
        "organizers: [RCE]\nlinks: [https://example.org/a]\nstatus: postponed\nprevious_start: 2027-01-30T14:30\n"
    )

    (again,) = read_events(json.dumps(event.to_json()).encode(), "a.json")

    assert again.event == event


LIBRARY_WORDS = (
    "Input should",
    "should have",
    "pydantic",
    "Value error",
    "Field required",
    "valid string",
    "Expecting",
)
VALUES: tuple[Any, ...] = (
    *("", "x", "\ud800", "9" * 5_000, "-1", 1.5, True, None, -1, 10**400, [], {}, [None], [[1]], [1], {"a": 1}),
    *({"name": []}, {"title": {}, "url": 1}, {"label": "x"}, {"field": 1, "line": "x", "choices": 3}),
    *([{"name": "x", "email": "y", "kind": 3}], [{"title": "x", "size": -1, "dated": 0, "state": 1, "groups": [""]}]),
    *(
        [{"title": "x", "size": 1.5, "dated": "2027-01-31T10:00", "title_shown": 5, "visibility": None}],
        {"size": 1e400},
    ),
)


@pytest.mark.parametrize("key", [*Event.model_fields, "date", "time", "duration", "moderator"])
def test_mistakes_are_told_in_our_words(key: str) -> None:
    base = {"name": "x", "start": "2027-01-31T08:30", "end": "2027-01-31T09:30", "timezone": "UTC"}
    for value in VALUES:
        try:
            read_events(json.dumps(base | {key: value}).encode(), "a.json")
        except BadInputError as error:
            for mistake in (error, *error.others):
                assert not any(word in str(mistake) for word in LIBRARY_WORDS), str(mistake)
                assert "another value" not in str(mistake), str(mistake)
                assert str(mistake).startswith("a.json:1: ")


@pytest.mark.parametrize(
    ("name", "read_as"), [("Lovelace, Ada", "Ada Lovelace"), ("Ada Lovelace, PhD", "Ada Lovelace, PhD")]
)
def test_name_with_a_comma_is_noted_and_turned_where_the_last_name_begins_it(name: str, read_as: str) -> None:
    event = event_of(f"{HEAD}speakers:\n  - {{name: '{name}', company: Radio Club}}\n")

    assert [person.name for person in event.performers] == [read_as]
    assert [(note.field, note.reason) for note in event.needs_review] == [
        ("performers", f"the name has a comma; it is read as {read_as}")
    ]
    ours = event_of(f"{HEAD}needs_review: []\nspeakers:\n  - {{name: '{name}'}}\n")
    assert ([person.name for person in ours.performers], ours.needs_review) == ([name], ())
