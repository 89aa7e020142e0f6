"""Calendars of other programs: what becomes of each entry, and what is said about the ones that are damaged."""

from datetime import UTC, datetime

import pytest

from tests.unit.readers.calendars.written import ENDS, TITLE, ZURICH, a_calendar, an_entry, read_calendar, read_entry
from zoom_ops.errors import BadInputError
from zoom_ops.events import Attachment, Event, Organizer, Performer
from zoom_ops.readers import Source, read_events


def refused(content: bytes) -> str:
    """Read what cannot be read, and return all that is said about it."""
    with pytest.raises(BadInputError) as raised:
        read_events(content, "events.ics")
    return "\n".join([str(raised.value), *getattr(raised.value, "__notes__", [])])


def test_entry_becomes_an_event_with_its_sources() -> None:
    announced = read_entry(
        ZURICH, ENDS, TITLE, "DESCRIPTION:From the lighthouse\\,\\nto the satellite.", "LOCATION:Room 1"
    )

    assert announced.event == Event(
        id="how-waves-travel",
        name="How waves travel",
        description="From the lighthouse,\nto the satellite.",
        start=datetime(2027, 4, 3, 12, tzinfo=UTC),
        end=datetime(2027, 4, 3, 13, 30, tzinfo=UTC),
        timezone="Europe/Zurich",
        venue="Room 1",
    )
    assert (announced.origin, announced.line, announced.id_given) == ("ical:1@example.org", 4, False)
    assert {source.field: source for source in announced.sources} == {
        "name": Source(field="name", place="line 9", text=TITLE),
        "description": Source(
            field="description",
            place="line 10",
            text="DESCRIPTION:From the lighthouse\\,\\nto the satellite.",
        ),
        "venue": Source(field="venue", place="line 11", text="LOCATION:Room 1"),
        "start": Source(field="start", place="line 7", text=ZURICH),
        "end": Source(field="end", place="line 8", text=ENDS),
        "timezone": Source(field="timezone", place="line 7", text=ZURICH),
    }


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_ends_byte_order_mark_and_folds_inside_a_letter_do_not_matter(ending: str) -> None:
    name = "Où vont les vagues ? 波はどこへ"
    whole = f"SUMMARY:{name}".encode()
    cut = whole.index("波".encode()) + 1
    content = a_calendar(*an_entry(ZURICH, ENDS, "SUMMARY:X"), ending=ending)
    fold = ending.encode() + b" "

    folded = content.replace(b"SUMMARY:X", whole[:cut] + fold + whole[cut:])
    (announced,) = read_events(b"\xef\xbb\xbf" + folded, "events.ics")

    assert announced.event.name == name


def test_escapes_are_read_as_they_are_written() -> None:
    announced = read_entry(
        ZURICH, ENDS, r"SUMMARY:A\, B\; C\\D", r"DESCRIPTION:one\Ntwo\\n", r"LOCATION:Hall 3\, Alder Bay"
    )

    event = announced.event
    assert (event.name, event.description, event.venue) == (r"A, B; C\D", "one\ntwo\\n", "Hall 3, Alder Bay")


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [
        ("STATUS:CANCELLED", "METHOD:PUBLISH", "cancelled"),
        ("STATUS:CONFIRMED", "METHOD:CANCEL", "cancelled"),
        ("STATUS:CONFIRMED", "METHOD:REQUEST", "scheduled"),
        ("STATUS:TENTATIVE", "METHOD:PUBLISH", "held: start"),
        ("STATUS:DRAFT", "METHOD:PUBLISH", "held: start"),
        ("CLASS:PRIVATE", "METHOD:PUBLISH", "held: name"),
        ("CLASS:PUBLIC", "METHOD:PUBLISH", "scheduled"),
    ],
)
def test_status_is_read_or_holds_the_event(status: str, method: str, expected: str) -> None:
    (announced,) = read_calendar(method, *an_entry(ZURICH, ENDS, TITLE, status))

    held = [note.field for note in announced.event.blocking_notes()]
    assert (f"held: {', '.join(held)}" if held else announced.event.status) == expected


@pytest.mark.parametrize(
    "text", ["THIS EVENT IS CANCELLED", "NEW TIME: 18:00 UTC", "<p>Talk on 12 May 2027 instead.</p>"]
)
def test_description_that_changes_an_entry_holds_start_and_status(text: str) -> None:
    event = read_entry(ZURICH, ENDS, TITLE, f"DESCRIPTION:{text}").event

    assert [(note.field, note.choices[:1]) for note in event.needs_review] == [
        ("start", ()),
        ("status", ("scheduled",)),
    ]


def test_description_that_says_the_status_of_an_entry_is_no_doubt() -> None:
    event = read_entry(ZURICH, ENDS, TITLE, "STATUS:CANCELLED", "DESCRIPTION:This event is cancelled.").event

    assert (event.status, event.needs_review) == ("cancelled", ())


def test_title_that_speaks_of_a_status_is_held_or_cleaned() -> None:
    held = read_entry(ZURICH, ENDS, "SUMMARY:[Postponed] How waves travel").event
    cancelled = read_entry(ZURICH, ENDS, "SUMMARY:Canceled: How waves travel", "STATUS:CANCELLED").event

    (note,) = held.blocking_notes()
    assert (note.field, note.choices, held.status) == (
        "name",
        ("How waves travel", "[Postponed] How waves travel"),
        "postponed",
    )
    assert (cancelled.name, cancelled.blocking_notes()) == ("How waves travel", ())


@pytest.mark.parametrize(
    ("lines", "field", "reason"),
    [
        ((ZURICH,), "end", "no end is written; one hour is assumed"),
        ((ZURICH, ZURICH.replace("DTSTART", "DTEND")), "end", "the event ends when it begins; one hour is assumed"),
        ((ZURICH, "DURATION:P3D"), "end", "the event lasts 72 hours; several days are several events"),
        (
            ("DTSTART;VALUE=DATE:20270403", "DTEND;VALUE=DATE:20270404"),
            "start",
            "this is an entry for a day, without a time; 00:00 is assumed",
        ),
        (
            ("DTSTART;TZID=Europe/Zurich:20271031T023000", "DURATION:PT1H"),
            "start",
            "02:30 comes twice in Europe/Zurich on 2027-10-31, when the clocks change: 00:30 UTC (taken) or 01:30 UTC",
        ),
        (
            ("DTSTART;TZID=Europe/Zurich:20270328T023000", "DURATION:PT1H"),
            "start",
            "02:30 does not exist in Europe/Zurich on 2027-03-28, when the clocks change: "
            "01:30 UTC (taken) or 00:30 UTC",
        ),
    ],
)
def test_missing_and_doubtful_times_hold_the_event(lines: tuple[str, ...], field: str, reason: str) -> None:
    notes = read_entry(*lines, TITLE).event.blocking_notes()

    assert (field, reason) in [(note.field, note.reason) for note in notes]


def test_duration_and_another_zone_of_the_end_are_read() -> None:
    lasting = read_entry(ZURICH, "DURATION:PT1H30M", TITLE).event
    elsewhere = read_entry(ZURICH, "DTEND;TZID=America/New_York:20270403T093000", TITLE).event

    assert lasting.end == elsewhere.end == datetime(2027, 4, 3, 13, 30, tzinfo=UTC)
    assert lasting.needs_review == elsewhere.needs_review == ()


@pytest.mark.parametrize(
    ("lines", "line", "sentence"),
    [
        ((ENDS, TITLE), 4, "this VEVENT has no DTSTART; expected one such as DTSTART:20270403T140000Z"),
        ((ZURICH, ENDS), 4, "this entry has no SUMMARY; expected a title, such as SUMMARY:How waves travel"),
        ((ZURICH, ENDS, "SUMMARY: "), 4, "this entry has no SUMMARY"),
        (("DTSTART:2027-04-03T14:00", TITLE), 7, "DTSTART: expected a time such as 20270403T140000, found"),
        (("DTSTART:20271303T140000Z", TITLE), 7, "DTSTART: expected a time such as 20270403T140000, found"),
        (("DTSTART:00010101T000000Z", TITLE), 7, "DTSTART: expected a year from 1970 to 2199, found 1"),
        ((ZURICH, "DTEND:20270402T000000Z", TITLE), 8, "DTEND: the event ends before it begins"),
        ((ZURICH, "DURATION:-PT1H", TITLE), 8, "DURATION: the event ends before it begins"),
        ((ZURICH, "DURATION:1h", TITLE), 8, "DURATION: expected one such as PT1H30M, found '1h'"),
        ((ZURICH, "DURATION:P9999999999D", TITLE), 8, "DURATION: expected one such as"),
        ((ZURICH, "DURATION:P5000D", TITLE), 8, "DURATION: the event lasts more than a year"),
        ((ZURICH, ZURICH, ENDS, TITLE), 8, "DTSTART stands here and on line 7; expected it once in an entry"),
        ((ZURICH, ENDS, f"SUMMARY:{'a' * 501}"), 9, "SUMMARY: expected at most 500 characters, found 501"),
        ((ZURICH, "this is not a property"), 8, "expected a property such as SUMMARY:Title, found 'this is not a"),
    ],
)
def test_damaged_entry_is_refused_with_its_line(lines: tuple[str, ...], line: int, sentence: str) -> None:
    said = refused(a_calendar(*an_entry(*lines)))

    assert said.startswith(f"events.ics:{line}: {sentence}")


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    wrong = (*an_entry(ZURICH, ENDS, uid="1"), *an_entry(TITLE, uid="2"), *an_entry("DTSTART:soon", TITLE, uid="3"))

    said = refused(a_calendar(*wrong, *an_entry(ZURICH, ENDS, TITLE, uid="4")))

    assert said.count("events.ics:") == 3
    assert "(and 2 more in this file)" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (a_calendar("BEGIN:VTODO", "SUMMARY:Buy milk", "END:VTODO"), "this calendar holds tasks; expected events"),
        (a_calendar("BEGIN:VJOURNAL", "END:VJOURNAL"), "this calendar holds journal entries; expected events"),
        (a_calendar(), "this calendar holds nothing; expected events (BEGIN:VEVENT)"),
        (a_calendar("METHOD:REPLY", *an_entry(ZURICH, TITLE)), "this calendar is an answer to an invitation"),
        (a_calendar(*an_entry(ZURICH, ENDS, TITLE))[:-30], "the file ends inside the VEVENT of line 4: it is cut off"),
        (a_calendar("END:VEVENT"), "found END:VEVENT where the VCALENDAR of line 1 is open"),
        (a_calendar().replace(b"2.0", b"1.0"), "this is vCalendar 1.0, and it is not read"),
        (
            a_calendar(*an_entry(ZURICH, "SUMMARY:\u00e9")).replace(b"\xc3", b""),
            "expected UTF-8 text; byte 0xa9 is not",
        ),
        (
            a_calendar(*an_entry(ZURICH, *[f"COMMENT:{'a' * 390_000}"] * 6)),
            "expected at most 2,000,000 characters in the VEVENT of line 4",
        ),
        (a_calendar(*["BEGIN:X"] * 9), "expected at most 5 components, one inside the other"),
        (a_calendar(*an_entry(ZURICH, ENDS, TITLE)) + b"rest", "expected BEGIN:VCALENDAR, found 'rest'"),
        (
            a_calendar(*[line for n in range(10_001) for line in an_entry(ZURICH, ENDS, TITLE, uid=str(n))]),
            "expected at most 10,000 events in one calendar; export the months that are meant",
        ),
    ],
)
def test_file_that_announces_nothing_or_is_damaged_says_why(content: bytes, sentence: str) -> None:
    assert sentence in refused(content)


def test_people_are_taken_only_where_the_calendar_is_certain() -> None:
    announced = read_entry(
        ZURICH,
        ENDS,
        TITLE,
        "ORGANIZER;CN=Radio Club of Example:mailto:office@example.org",
        "ATTENDEE;ROLE=CHAIR;CN=Radio Club of Example:mailto:office@example.org",
        'ATTENDEE;ROLE=CHAIR;CN="Lovelace, Ada":MAILTO:Ada@example.org',
        "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Alan Turing:mailto:alan@example.org",
        "ATTENDEE;CUTYPE=ROOM;ROLE=CHAIR;CN=Room 1:mailto:room@example.org",
        "ATTENDEE;CN=grace@example.org:mailto:grace@example.org",
    )

    event = announced.event
    assert event.organizers == (Organizer(name="Radio Club of Example"),)
    assert event.performers == (Performer(kind="chair", name="Lovelace, Ada", email="ada@example.org"),)
    assert [(note.field, note.reason) for note in event.needs_review] == [
        ("organizers", "a calendar names as organizer who wrote the entry; it may be no organisation"),
        ("performers", "Lovelace, Ada is the chair in the calendar (ROLE=CHAIR)"),
        ("performers", "the calendar invites 4 and does not say who speaks; add the speakers"),
    ]
    assert "alan" not in str(event.to_json()) + str(announced.sources)


def test_links_become_attachments_and_join_links_of_other_meetings_do_not() -> None:
    announced = read_entry(
        ZURICH,
        ENDS,
        TITLE,
        "URL:https://example.org/waves",
        "ATTACH;FMTTYPE=application/pdf;FILENAME=Programme:https://example.org/p.pdf",
        "ATTACH:https://example.org/files/slides%20one.pdf",
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:QUJD",
        "LOCATION:https://zoom.us/j/98765432101?pwd=x",
        "CONFERENCE;VALUE=URI:https://meet.google.com/abc-defg-hij",
        "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1",
        "DESCRIPTION:Join: https://zoom.us/j/98765432101",
    )

    event = announced.event
    assert event.venue is None
    assert event.attachments == (
        Attachment(title="Programme", url="https://example.org/p.pdf"),
        Attachment(title="slides one.pdf", url="https://example.org/files/slides%20one.pdf"),
        Attachment(title="example.org", url="https://example.org/waves"),
    )
    assert [note.field for note in event.needs_review] == [
        "description",
        *["venue"] * 3,
        *["attachments"] * 3,
    ]
    assert "teams" not in str(event.description) + str(event.attachments)


def test_html_of_outlook_is_the_description_where_no_text_is() -> None:
    html = "<html><head><title>T</title><style>p{}</style></head><body><p>One\\, <b>two</b></p></body></html>"

    event = read_entry(ZURICH, ENDS, "SUMMARY;LANGUAGE=fr-CH:Les vagues", f"X-ALT-DESC;FMTTYPE=text/html:{html}").event

    assert (event.description, event.language) == ("One, two", "fr-CH")


def test_several_calendars_in_one_file_are_read() -> None:
    both = a_calendar(*an_entry(ZURICH, ENDS, TITLE)) + b"\r\n" + a_calendar(*an_entry(ZURICH, ENDS, TITLE, uid="2"))

    ids = [announced.event.id for announced in read_events(both, "events.ics")]

    assert ids == ["how-waves-travel-2027-04-03-1400-1", "how-waves-travel-2027-04-03-1400-2"]


def test_ids_differ_also_where_long_titles_are_cut_and_titles_end_like_ids() -> None:
    titles = [f"{'Waves ' * 30}{letter}" for letter in "AABB"] + ["A", "A", "A 2027-04-03 1400 5", "A 2027 04 03"]
    entries = [an_entry(ZURICH, ENDS, f"SUMMARY:{title}", uid=str(number)) for number, title in enumerate(titles)]

    ids = [each.event.id for each in read_calendar(*(line for entry in entries for line in entry))]

    assert len(set(ids)) == len(titles)
    assert all(len(each) <= 100 for each in ids)


@pytest.mark.parametrize("end", ["20270403T235900", "20270404T000000", "20270405T000000"])
def test_entry_from_midnight_to_midnight_is_held(end: str) -> None:
    event = read_entry("DTSTART;TZID=Europe/Zurich:20270403T000000", f"DTEND;TZID=Europe/Zurich:{end}", TITLE).event

    reasons = [note.reason for note in event.needs_review if note.field == "start"]
    assert [reason.partition(" may ")[2] for reason in reasons] == ["stand for a day without a time"]


def test_entry_that_stands_twice_is_one_event_and_a_contradiction_is_refused() -> None:
    one = an_entry(ZURICH, ENDS, TITLE)
    later = an_entry(ZURICH, ENDS, "SUMMARY:How far waves travel", "SEQUENCE:2")

    assert len(read_calendar(*one, *one)) == 1
    assert [each.event.name for each in read_calendar(*one, *later)] == ["How far waves travel"]
    said = refused(a_calendar(*one, *an_entry(ZURICH, ENDS, "SUMMARY:Another")))
    assert "events.ics:11: the entry of line 4 has the same UID and says something else; remove one" in said


def test_entry_without_a_uid_has_no_origin() -> None:
    (announced,) = read_calendar(*an_entry(ZURICH, ENDS, TITLE, uid=None))

    assert announced.origin is None


def test_end_without_a_zone_is_in_that_of_the_start_and_held() -> None:
    event = read_entry("DTSTART;TZID=America/New_York:20270403T140000", "DTEND:20270403T150000", TITLE).event

    assert (event.end - event.start).total_seconds() == 3600
    assert [note.field for note in event.blocking_notes()] == ["end"]


def test_whole_day_of_outlook_is_held() -> None:
    event = read_entry(ZURICH.replace("T14", "T00"), ENDS, TITLE, "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE").event

    assert [note.reason for note in event.blocking_notes()] == ["the entry is for whole days; 00:00 is assumed"]


@pytest.mark.parametrize(
    ("summary", "name"), [("Waves &amp; tides", "Waves & tides"), ("FW: Waves", "Waves"), ("WG: FW: Waves", "Waves")]
)
def test_title_with_the_marks_of_a_program_is_held(summary: str, name: str) -> None:
    event = read_entry(ZURICH, ENDS, f"SUMMARY:{summary}").event

    (note,) = event.blocking_notes()
    assert (event.name, note.choices) == (name, (name, summary))


@pytest.mark.parametrize(
    "description",
    [
        "Waves everywhere.\\n\\nSpeakers:\\n• Ms. Ada Lovelace\\, Head of Research\\, Radio Club",
        "<p>Waves everywhere.</p><b>Speakers</b><ul><li>Ms. Ada Lovelace\\, Head of Research\\, Radio Club</li></ul>",
    ],
)
def test_speakers_that_a_description_lists_are_read(description: str) -> None:
    announced = read_entry(ZURICH, ENDS, TITLE, f"DESCRIPTION:{description}", "ATTENDEE;ROLE=CHAIR;CN=Ada Lovelace:x:1")

    assert announced.event.performers == (
        Performer(honorific="Ms.", name="Ada Lovelace", role="Head of Research", organization="Radio Club"),
    )
    assert announced.event.blocking_notes() == ()


def test_description_that_only_mentions_speakers_gives_none() -> None:
    assert read_entry(ZURICH, ENDS, TITLE, "DESCRIPTION:Our speakers come from Kenya.").event.performers == ()
