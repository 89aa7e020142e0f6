"""Input that is too large, too deep, repeated without end, empty or private is refused or named, in every format."""

import json
import tracemalloc
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from tests.waiting import PATIENCE_S
from zoom_ops.errors import BadInputError
from zoom_ops.readers import LARGEST_FILE, bounds, read_events, read_records

HEAD = "name: x\nstart: 2027-01-31T08:30\nduration: 60\ntimezone: UTC\n"
RECORD: dict[str, Any] = {"name": "x", "start": "2027-01-31T08:30", "duration": 60, "timezone": "UTC"}
TEXT = "How waves travel\n\nTuesday, 31 January 2023, 08:30-09:45 UTC\n\n"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MAIL = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%bEND:VCALENDAR\r\n"
ENTRY = (
    b"BEGIN:VEVENT\r\nUID:%d@example.org\r\nSUMMARY:Tides\r\nDTSTART:20270131T083000Z\r\nDTEND:20270131T093000Z\r\n"
    b"%bEND:VEVENT\r\n"
)
NEVER = b"RRULE:FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2;COUNT=5\r\n"  # the library looks for it until the year 9999
FOREVER = b"x" * (LARGEST_FILE + 1)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        *((f"a.{ending}", FOREVER, "expected at most 20 MB") for ending in ("txt", "yaml", "json")),
        *((f"a.{ending}", b"x" + b"\r" * 500_000, "at most 500,000 lines") for ending in ("txt", "ics", "html")),
        *((f"a.{ending}", b"\xef\xbb\xbf \n", "the file is empty; expected an") for ending in ("txt", "yaml", "json")),
        *((f"a.{ending}", b"\x80\x81" * 99, "save it as UTF-8") for ending in ("txt", "yaml", "json")),
        ("a.txt", (TEXT + "a word\n" * 60_000).encode(), "characters"),
        ("a.txt", (TEXT + "a\n" * 3_000).encode(), "lines"),
        ("a.eml", MAIL + b"--b\n\nhello\n" * 5_000, "expected a mail of at most 200 parts"),
        ("a.eml", b"Subject: x\n" + b" y\n" * 500_001, "expected at most 500,000 lines"),
        ("a.ics", CALENDAR % (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 10_001), "expected at most 10,000 events in one"),
        ("a.ics", CALENDAR % (ENTRY % (1, b"CONTACT:a\r\n" * 20_001)), "expected at most 20,000 properties"),
        ("a.ics", CALENDAR % (ENTRY % (1, b"CONTACT:a\r\n" * 15_000) * 14), "at most 200,000 properties"),
        ("a.xml", b"<schedule>" + b"<a></a>" * 250_001 + b"</schedule>", "expected at most 250,000 values"),
        ("a.ics", CALENDAR % (ENTRY % (1, b"COMMENT:" + b"a" * 400_001 + b"\r\n")), "400,000 bytes in a property"),
        ("a.csv", b"Title,Start,End\nTides,2027-01-31 08:30" + b"," * 2_000_001, "expected at most 200,000 cells"),
        ("a.eml", b"Content-Type: text/plain; " + b"a=b; " * 20_000 + b"\n\nx", "this mail is damaged"),
        ("a.yaml", b"- name: x\n" * 10_001, "a.yaml:10001: expected at most 10,000 events in one file, found 10,001"),
        ("a.json", json.dumps([{}] * 10_001).encode(), "expected at most 10,000 events in one file, found 10,001"),
        ("a.yaml", (LAUGHS + "name: *i\n").encode(), "expected at most 250,000 values in one file"),
        ("a.yaml", b"&a [*a]", "the alias *a stands for nothing"),
        ("a.yaml", b"[" * 50_000, "this is not YAML: found"),
        ("a.yaml", b"[" * 60 + b"]" * 60, "expected at most 50 levels"),
        ("a.json", b"[" * 50_000, "nested too deeply"),
        ("a.json", b"[" * 60 + b"]" * 60, "expected at most 50 levels"),
        ("a.json", b"[" + b"0," * 250_000 + b"0]", "expected at most 250,000 values in one file"),
        ("a.yaml", (HEAD + "speakers:\n" + "- Ada\n" * 501).encode(), "expected at most 500 entries, found 501"),
        ("a.yaml", (HEAD + "links: [{title: a, url: https://example.org/a, groups: [" + "{}, " * 900 + "]}]").encode(),
         "a.yaml:5: links.1.groups: expected at most 100 entries, found 900"),
        ("a.yaml", (HEAD + f"speakers: {'Ada ' * 600}\n").encode(), "expected at most 2,000 characters"),
        ("a.yaml", (HEAD + f"description: {'Ada ' * 110_000}\n").encode(), "expected at most 400,000 characters"),
        ("a.yaml", (HEAD + "".join(f"k{number}: x\n" for number in range(900))).encode(), "(and 20 more in this file)"),
        ("a.yaml", (HEAD + f"end: {'9' * 5_000}\n").encode(), "end: expected a date and time such as"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_input_is_bounded_and_named(file: str, content: bytes, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_events(content, file)

    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{file}:")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://localhost:8000/a", "is inside a network"),
        ("http://10.0.0.1/a", "is inside a network"),
        ("http://169.254.169.254/latest", "is inside a network"),
        ("https://[fe80::1]/a", "is inside a network"),
        ("https://files.intranet/a", "is inside a network"),
        ("https://server/a", "is inside a network"),
        ("https://ada:secret@example.org/a", "holds a name or password"),
        ("https://[example.org/a", "cannot be read"),
        ("https://zoom.us/j/12345678901?pwd=x", "join link of another webinar"),
        ("https://teams.microsoft.com/l/meetup-join/abc", "join link of another webinar"),
    ],
)
def test_private_attachment_is_noted_once(url: str, says: str) -> None:
    record = RECORD | {"attachments": [{"title": "Paper", "url": url}]}

    (announced,) = read_events(json.dumps(record).encode(), "a.json")
    (again,) = read_events(json.dumps(announced.event.to_json()).encode(), "a.json")

    assert [note.field for note in announced.event.needs_review] == ["attachments"]
    assert says in announced.event.needs_review[0].reason
    assert again.event == announced.event


def test_join_link_in_a_description_is_noted_once() -> None:
    record = RECORD | {"description": "Come to https://meet.google.com/abc-defg-hij"}

    (announced,) = read_events(json.dumps(record).encode(), "a.json")
    (again,) = read_events(json.dumps(announced.event.to_json()).encode(), "a.json")

    assert [note.field for note in announced.event.needs_review] == ["description"]
    assert again.event == announced.event


def test_public_attachment_is_not_noted() -> None:
    (announced,) = read_events(
        json.dumps(RECORD | {"links": ["https://example.org/a", "https://1.1.1.1/"]}).encode(), "a.json"
    )

    assert announced.event.needs_review == ()


def test_text_of_windows_is_read_as_unicode() -> None:
    (announced,) = read_events(HEAD.replace("x", "Ünïcode", 1).encode("utf-16"), "a.yaml")

    assert announced.event.name == "Ünïcode"


@pytest.mark.parametrize("begins", [b";ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.pdf:", b":data:image/png;base64,"])
@pytest.mark.parametrize(("size", "number"), [(800_000, 1), (396_000, 8)])
def test_attachments_within_a_calendar_are_left_out(begins: bytes, size: int, number: int) -> None:
    attachment = b"ATTACH" + begins + b"QUFB" * (size // 4) + b"\r\n"

    (announced,) = read_events(CALENDAR % (ENTRY % (1, attachment * number)), "a.ics")

    assert announced.event.attachments == ()


def test_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "LONGEST_S", 0.3)
    calendar = CALENDAR % b"".join(ENTRY % (number, NEVER) for number in range(10))

    with pytest.raises(bounds.TakesTooMuchError):
        read_records(calendar, "a.ics")


LINKS = b"ATTACH:https://example.org/1\r\nATTACH:https://example.org/2\r\n"
WRONG = b"BEGIN:VEVENT\r\nUID:z\r\nDTSTART:soon\r\nEND:VEVENT\r\n"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.ics", CALENDAR % b"".join(ENTRY % (number, LINKS) for number in range(4))),
        ("a.ics", CALENDAR % (ENTRY % (1, LINKS + b"RRULE:FREQ=DAILY;COUNT=4\r\n"))),
        ("a.csv", b"Title,Start,Speakers\n" + b"".join(b"T%d,2027-01-31 8:30,Ada B; Bob C\n" % n for n in b"1234")),
        ("a.json", json.dumps([RECORD | {"name": f"T {n}", "speakers": ["Ada", "Bob"]} for n in range(4)]).encode()),
    ],
)
def test_people_and_links_of_all_events_of_a_file_are_bounded(
    file: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(read_records(content, file)) == 4

    monkeypatch.setattr(bounds, "MOST_PARTS", 7)
    with pytest.raises(bounds.TakesTooMuchError, match="at most 7 people and links"):
        read_records(content, file)


def test_files_that_are_read_together_are_bounded_together_but_for_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_PARTS", 14)
    entries = b"".join(ENTRY % (number, LINKS) for number in range(3))
    with bounds.limited():
        with pytest.raises(BadInputError):
            read_records(CALENDAR % (entries + WRONG), "a.ics")
        assert len(read_records(CALENDAR % entries, "a.ics")) == 3
        with pytest.raises(bounds.TakesTooMuchError):
            read_records(CALENDAR % entries, "b.ics")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.json", b"[" * 46 + b"0," * 20_000 + b"0" + b"]" * 46),
        ("a.yaml", b"- " * 40 + b"\n" + (b"  " * 40 + b"- 0\n") * 20_000),
        ("a.xml", b"<schedule>" + b"<a>" * 40 + b"<b>c</b>" * 20_000 + b"</a>" * 40 + b"</schedule>"),
    ],
)
def test_values_on_many_levels_take_no_more_memory(file: str, content: bytes) -> None:
    with pytest.raises(BadInputError):  # which loads the reader
        read_records(content[:200], file)
    tracemalloc.start()
    with pytest.raises(BadInputError):
        read_records(content, file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20_000 * 400  # with the whole path of each it was 20,000 times 480 to 1,200


def test_cells_of_a_table_take_little_and_a_home_keeps_no_places() -> None:
    head = b"Title,Start,End,Speakers," + b",".join(b"C%d" % number for number in range(100))
    row = b"Tides %d,2027-01-31 08:30,2027-01-31 09:30,Ada B; Bob R," + b",".join([b"%d"] * 100)
    rows = [head, *(row % (number, *range(number * 1_000, number * 1_000 + 100)) for number in range(50))]
    seen = read_events(b"\n".join(rows[:3]), "a.csv")
    tracemalloc.start()

    records = read_records(b"\n".join(rows), "a.csv")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_200 * 300  # with a dictionary for each cell and a place for each column it was 5,200 times 380
    assert [len([source for source in each.sources if not source.field]) for each in seen] == [100, 0]
    assert [each.sources for each in records] == [()] * 50


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.md", b"---\ntitle: Tides\nstart: 2027-01-31 08:30\nend: 2027-01-31 09:30\ntz: UTC\n---\nOf the moon.\n"),
        ("a.txt", b"Tides\n31 January 2027, 08:30-09:30 UTC\nSpeaker: Ada B\n"),
    ],
)
def test_home_keeps_no_places_of_what_is_written_for_people(file: str, content: bytes) -> None:
    (seen,), (record,) = read_events(content, file), read_records(content, file)

    assert (seen.event.name, len(seen.sources) > 1, record) == ("Tides", True, replace(seen, sources=()))


def test_large_files_are_read_one_after_the_other() -> None:
    large, ended = ENTRY % (1, b"COMMENT:a\r\n" * 10_000), list[str]()
    reading = Thread(target=lambda: ended.append(read_records(CALENDAR % large, "a.ics")[0].event.name), daemon=True)
    with bounds.bounded(large):
        reading.start()
        (small,) = read_records(CALENDAR % (ENTRY % (1, b"")), "a.ics")
        assert ended == []

    reading.join(PATIENCE_S)
    assert (small.event.name, ended) == ("Tides", ["Tides"])
