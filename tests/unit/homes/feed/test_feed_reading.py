"""Files → the records of a feed."""

import json
import tracemalloc
from dataclasses import replace

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.homes import Raw
from zoom_ops.homes.answers import Answer
from zoom_ops.homes.feed.client import File, Version, name_of
from zoom_ops.homes.feed.cursor import read_cursor, write_cursor
from zoom_ops.homes.feed.parts import iter_parts
from zoom_ops.homes.feed.reading import read_file, read_record

_SITE = "https://events.example.org"
_TALK = "SUMMARY:{name}\nDTSTART:20400131T133000Z\nDTEND:20400131T144500Z\n{more}"
_PAGE = """<!doctype html><title>Tides</title><script type="application/ld+json">{}</script><p>Sign in</p>"""
_LINKED = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "Tides of Tomorrow",
    "startDate": "2040-01-31T13:30:00Z",
    "endDate": "2040-01-31T14:45:00Z",
}


def _file(content: str, path: str = "/all.ics") -> File:
    answer = Answer(status=200, headers={}, body=content.encode(), where="feed")
    return File(path=path, name=name_of(path), answer=answer, version=Version())


def _calendar(*entries: str) -> str:
    events = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n".replace("\n", "\r\n")


def _entry(uid: str, name: str = "Tides of Tomorrow", more: str = "") -> str:
    return f"UID:{uid}\n" + _TALK.format(name=name, more=more)


def _read(content: str, path: str = "/all.ics") -> tuple[Raw, ...]:
    return read_file(_file(content, path), _SITE + path)


def test_id_is_what_the_reader_calls_its_origin() -> None:
    (raw,) = _read(
        _calendar(_entry("tides@example.org", more="URL:https://events.example.org/tides\nDTSTAMP:20390101T000000Z"))
    )

    record = read_record(raw, _SITE)

    assert record.id == record.announced.origin == "ical:tides@example.org"
    assert record.url == "https://events.example.org/tides"
    assert record.labels == ("/all.ics",)
    assert record.is_public


@pytest.mark.parametrize("page", ["https://other.example.org/tides", "javascript:alert(1)", "http://[", "/tides"])
def test_page_elsewhere_is_not_the_page_of_a_record(page: str) -> None:
    (raw,) = _read(_calendar(_entry("tides@example.org", more=f"URL:{page}")))

    assert read_record(raw, _SITE).url == _SITE


@pytest.mark.parametrize("mark", ["PRIVATE", "CONFIDENTIAL"])
def test_entry_that_its_calendar_closes_is_not_public(mark: str) -> None:
    (raw,) = _read(_calendar(_entry("tides@example.org", more=f"CLASS:{mark}")))

    assert not read_record(raw, _SITE).is_public


def test_date_of_a_closed_series_is_closed_too() -> None:
    series = _entry("waves@example.org", more="CLASS:PRIVATE\nRRULE:FREQ=DAILY;COUNT=2")
    moved = _entry("waves@example.org", more="RECURRENCE-ID:20400201T133000Z").replace("20400131", "20400203")

    found = _read(_calendar(series, moved))

    assert [read_record(raw, _SITE).is_public for raw in found] == [False, False]


def test_fingerprint_knows_the_event_and_not_when_the_file_was_written() -> None:
    (first,) = _read(_calendar(_entry("tides@example.org", more="DTSTAMP:20390101T000000Z")))
    (later,) = _read(_calendar("X-OTHER:1\n" + _entry("tides@example.org", more="DTSTAMP:20390102T000000Z")))
    (changed,) = _read(_calendar(_entry("tides@example.org", name="How waves travel")))

    assert first.fingerprint == later.fingerprint
    assert first.fingerprint != changed.fingerprint


def test_entry_that_cannot_be_read_spoils_no_other() -> None:
    endless = _entry("endless@example.org", name="Coffee", more="RRULE:FREQ=WEEKLY")

    found = {raw.id: raw for raw in _read(_calendar(_entry("tides@example.org"), endless))}

    assert read_record(found["ical:tides@example.org"], _SITE).announced.event.name == "Tides of Tomorrow"
    with pytest.raises(BadInputError, match="repeats without an end") as caught:
        read_record(found["ical:endless@example.org"], _SITE)
    assert "all.ics" in str(caught.value)


def test_parts_of_a_calendar_keep_dates_and_zones_together() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Here\r\nEND:VTIMEZONE\r\n"
    calendar = _calendar("UID:a\nSUMMARY:1", "UID:b", "SUMMARY:none", "UID;X=1:\n a\nRECURRENCE-ID:1", "SUMMARY:none")
    calendar = calendar.replace("VERSION:2.0\r\n", f"VERSION:2.0\r\n{zone}")

    parts = [(uid, part.decode()) for uid, part in iter_parts(calendar.encode())]

    assert [uid for uid, _ in parts if uid] == ["a", "b"]
    assert [part.count("BEGIN:VEVENT") for _, part in parts] == [2, 1, 1, 1]
    assert all(zone in part and part.endswith("END:VCALENDAR\r\n") and part.count("END:VC") == 1 for _, part in parts)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_part_has_the_beginning_of_a_long_line_and_no_more(ending: bytes) -> None:
    described = _entry("tides@example.org", more=f"DESCRIPTION:{'a' * 3_000_000}")
    pictured = _entry("waves@example.org", more=f"ATTACH;VALUE=BINARY:{'a' * 1_000_000}")
    calendar = _calendar(described, pictured, "UID:bell@example.org").encode().replace(b"\r\n", ending)
    raws = read_file(_file(calendar.decode()), _SITE)
    tracemalloc.start()
    held = tracemalloc.get_traced_memory()[0]

    parts = dict(iter_parts(calendar))

    most = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    assert list(parts) == ["tides@example.org", "waves@example.org", "bell@example.org"]
    assert [len(part) // 100_000 for part in parts.values()] == [4, 4, 0]
    assert most < len(calendar) // 2 + (len(calendar) if ending == b"\r" else 0)
    refused, taken, _ = (raw.content for raw in raws)
    assert "expected at most 400,000 bytes in a property" in str(refused["wrong"])
    assert taken["announced"].event.name == "Tides of Tomorrow"


def test_page_without_an_address_of_its_event_is_its_page() -> None:
    (raw,) = _read(_PAGE.format(json.dumps(_LINKED)), "/tides")

    record = read_record(raw, _SITE)

    assert record.url == "https://events.example.org/tides"
    assert record.announced.origin == f"feed:events.example.org/{raw.id}"
    (moved,) = _read(_PAGE.format(json.dumps({**_LINKED, "startDate": "2040-01-31T13:00:00Z"})), "/tides")
    assert (moved.id, moved.fingerprint == raw.fingerprint) == (raw.id, False)


def test_events_of_one_name_have_ids_of_their_own() -> None:
    twice = [_LINKED, {**_LINKED, "startDate": "2040-02-01T13:30:00Z", "endDate": "2040-02-01T14:45:00Z"}]

    found = _read(_PAGE.format(json.dumps(twice)), "/tides")

    assert len({raw.id for raw in found}) == 2


@pytest.mark.parametrize("uid", ["x" * 400, "bell\x07@example.org"])
def test_long_or_unprintable_origin_becomes_a_digest(uid: str) -> None:
    (raw,) = _read(_calendar(_entry(uid)))

    assert raw.id.startswith("long:")
    assert len(raw.id) < 100


@pytest.mark.parametrize(
    "content",
    [
        "31 January 2040, 14:30-15:45 CET, Geneva time\nTides of Tomorrow",
        "<!doctype html><title>Sign in</title><p>31 January 2040, 14:30-15:45 CET, Geneva time</p>",
        "From: ada@example.org\nSubject: Tides\nMessage-ID: <1@example.org>\n\n31 January 2040, 14:30-15:45 CET",
        "---\nname: Tides\nstart: 2040-01-31 14:30\n---\nSome text",
        '<?xml version="1.0"?><rss version="2.0"></rss>',
        "%PDF-1.7",
        "",
    ],
)
def test_what_people_write_is_not_read(content: str) -> None:
    with pytest.raises(BadInputError):
        _read(content, "/events")


@pytest.mark.parametrize("content", [_calendar(), "[]", '{"results": []}', '{"count": 0, "_type": "x", "results": []}'])
def test_file_may_hold_no_event_today(content: str) -> None:
    assert _read(content) == ()


@pytest.mark.parametrize(
    "content", [_calendar()[:-20], _calendar("UID:a", _entry("b"))[:-20], "{}", '{"error": "no", "events": []}', "[1]"]
)
def test_half_a_file_is_not_one_without_events(content: str) -> None:
    with pytest.raises(BadInputError):
        _read(content)


def test_message_does_not_hold_the_secret_part_of_an_address() -> None:
    assert name_of("/calendar/ical/private-5ecret/basic.ics?key=5ecret") == "basic.ics"


def test_cursor_gives_its_versions_back() -> None:
    versions = (Version(etag='W/"1"', digest="a" * 12), Version(modified="Sat, 28 Nov 2026 13:13:32 GMT"))

    cursor = write_cursor("20400131", ["/a", "/b"], versions)

    assert read_cursor(cursor, "20400131", ["/a", "/b"]) == versions
    assert read_cursor(cursor, "20400201", ["/a", "/b"]) is None
    assert read_cursor(cursor, "20400131", ["/a", "/c"]) is None
    for other in ("", "{}", "[1,2]", '["20400131","x",[["a"]]]', "17"):
        assert read_cursor(other, "20400131", ["/a", "/b"]) is None


def test_cursor_of_many_files_leaves_the_longest_validators_out() -> None:
    paths = [f"/{number}" for number in range(50)]
    short = [Version(etag=f'"{number}"', digest="a" * 12) for number in range(50)]
    long = replace(short[7], etag=f'"{"x" * 3_000}"')

    cursor = write_cursor("20400131", paths, [*short[:7], long, *short[8:]])

    assert len(cursor) <= 2_000
    kept = read_cursor(cursor, "20400131", paths)
    assert kept == (*short[:7], replace(long, etag=""), *short[8:])
