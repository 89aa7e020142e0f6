"""The lines of a calendar: one is changed, every other stays byte for byte."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.homes import Entry
from zoom_ops.homes.caldav.entries import show, stamp, with_entry, without_key, without_ours
from zoom_ops.homes.caldav.lines import Calendar

_ENTRY = Entry(
    key="wsis/4444AAA+iA==", part=1, title="Recording", url="https://webinars.example.org/w/1", visibility="members"
)
_CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Gespr\xc3\r\n \xa4ch\r\n"
    b"ATTACH;FMTTYPE=application/pdf:https://files.example.org/a.pdf\r\n"
    b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nATTACH:https://files.example.org/gong\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20270410T123000Z\r\nSEQUENCE:4\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_TITLES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1)


@given(st.one_of(st.binary(), st.lists(st.sampled_from(_CALENDAR.splitlines(keepends=True))).map(b"".join)))
def test_file_is_kept_byte_for_byte(content: bytes) -> None:
    assert bytes(Calendar.read(content)) == content


@given(_TITLES)
def test_entry_comes_and_goes_without_a_trace(title: str) -> None:
    entry = Entry(key=_ENTRY.key, part=1, title=title, url=_ENTRY.url, visibility="members")
    calendar = Calendar.read(_CALENDAR)

    written = Calendar.read(bytes(with_entry(calendar, 0, entry)))

    (shown,) = show(written, 0, for_members=True)
    assert shown.shows(entry)
    assert shown.digest == ""
    assert show(written, 1, for_members=True) == ()
    assert bytes(without_key(written, 0, entry.key)) == bytes(without_ours(written)) == _CALENDAR
    assert all(len(row) <= 77 for row in bytes(written).splitlines(keepends=True))


def test_entry_is_public_where_visitors_read_the_calendar() -> None:
    written = with_entry(Calendar.read(_CALENDAR), 0, _ENTRY)

    assert [shown.visibility for shown in show(written, 0, for_members=False)] == ["public"]


def test_line_whose_key_a_program_dropped_is_taken_over() -> None:
    bare = _CALENDAR.replace(b"END:VALARM\r\n", b"END:VALARM\r\nATTACH:https://webinars.example.org/w/1\r\n")

    written = with_entry(Calendar.read(bare), 0, _ENTRY)

    assert [line.value for line in written.of(0) if line.name == "ATTACH"][1:] == [_ENTRY.url]
    assert [shown.key for shown in show(written, 0, for_members=False)] == [_ENTRY.key]


def test_parameter_that_people_added_is_a_change() -> None:
    written = bytes(with_entry(Calendar.read(_CALENDAR), 0, _ENTRY)).replace(
        b'ATTACH;FMTTYPE="', b'ATTACH;SIZE=3;FMTTYPE="'
    )

    (shown,) = show(Calendar.read(written), 0, for_members=True)

    assert shown.digest != ""


def test_stamps_are_those_of_the_event_only() -> None:
    stamped = stamp(Calendar.read(_CALENDAR), 1, datetime(2027, 4, 3, 12, 30, tzinfo=UTC))

    values = {line.name: line.value for line in stamped.of(1)}
    assert (values["SEQUENCE"], values["LAST-MODIFIED"], values["DTSTAMP"]) == (
        "5",
        "20270403T123000Z",
        "20270403T123000Z",
    )
    assert [line.text for line in stamped.of(0)] == [line.text for line in Calendar.read(_CALENDAR).of(0)]


def test_event_is_cut_out_with_its_alarms() -> None:
    only = bytes(Calendar.read(_CALENDAR).only(1))

    assert b"VALARM" not in only
    assert b"RECURRENCE-ID" in only
    assert only.count(b"BEGIN:VEVENT") == only.count(b"END:VEVENT") == 1
