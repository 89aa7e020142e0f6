"""Any input is read or refused in one sentence: quickly, and without any other error."""

import contextlib
import re
import time
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.setup.examples import examples
from tests.unit.announcements.cases import CASES, TEXTS
from zoom_ops.announcements.address_book import parse_people
from zoom_ops.errors import BadInputError
from zoom_ops.readers import read_events

SEED = (files("zoom_ops") / "samples" / "ungis-wsis-2023.txt").read_text(encoding="utf-8")
LINES = [line for case in CASES for line in (TEXTS / f"{case}.txt").read_text(encoding="utf-8").splitlines()]
PIECES = """\
31 January 2023|08:30-09:45|EST|New York time|/|–|(|)|H.E. Mr.|:|24:00|99:99|31/12/9999|1/1/0001|UTC+14|GMT-12|12 am
•|[x](https://example.org)|https://|<p>|</li>|<!--|**|Speakers:|Links & attachments|Recording|members only|İ|١٢|年|and
Organized by|(ITU)|,|;|\t|\u202e|\x00|31 December 9999, 23:00-01:00 UTC-12|1 January 1900 00:00 UTC+14|Moderator:
""".replace("\n", "|").split("|")


ENOUGH_S = 2.0  # processor time, which a busy machine does not change


@contextlib.contextmanager
def without_delay() -> Iterator[None]:
    """Fail if the block takes too long."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began <= ENOUGH_S


def read(content: bytes, file: str) -> BadInputError | None:
    """Read a file; return the error if it is refused. Any other error, or a long time, fails the test."""
    with without_delay():
        try:
            read_events(content, file)
        except BadInputError as error:
            return error
    return None


def names_its_place(error: BadInputError | None, file: str) -> bool:
    return error is None or (error.file == file and (error.line is None or error.line >= 1))


@settings(max_examples=examples(150))
@given(
    st.lists(
        st.one_of(st.sampled_from(LINES), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)), max_size=30
    )
)
def test_mixed_lines_are_read_or_refused(lines: list[str]) -> None:
    assert names_its_place(read("\n".join(lines).encode(), "a.txt"), "a.txt")


@settings(max_examples=examples(100))
@given(st.text(), st.integers(min_value=0, max_value=len(SEED)))
def test_disturbed_announcement_is_read_or_refused(text: str, place: int) -> None:
    disturbed = SEED[:place] + text + SEED[place + len(text) :]

    assert names_its_place(read(disturbed.encode("utf-8", "replace"), "a.txt"), "a.txt")


@settings(max_examples=examples(100))
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.yaml", "a.json", "a"]))
def test_any_bytes_are_read_or_refused(content: bytes, file: str) -> None:
    assert names_its_place(read(content, file), file)


@settings(max_examples=examples(100))
@given(st.text(max_size=200))
def test_any_address_book_is_read_or_refused(text: str) -> None:
    with without_delay(), contextlib.suppress(BadInputError):
        parse_people(text.encode("utf-8", "replace"), "people.csv")


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        SEED + "lorem ipsum " * 450_000,
        "x" * 5_000_000,
        "A talk\n31 January 2023, 10:00-11:00 UTC\n\nSpeakers: " + "Ada Lovelace, " * 25_000,
        "A talk\n31 January 2023, 10:00-11:00 UTC\n\n" + "Mr. A B, Director, ITU\n" * 1_400,
        "<p>A talk<br>" + "<!--" * 90_000 + "-->31 January 2023, 10:00-11:00 UTC",
        "A talk\n" + "31 January 2023, 10:00-11:00 CET, Geneva / 08:00 EST New York\n" * 1_400,
    ],
    ids=["5 MB after a real one", "5 MB", "one endless list", "many speakers", "broken HTML", "many dates"],
)
def test_large_text_is_read_or_refused_in_bounded_time(text: str) -> None:
    assert names_its_place(read(text.encode(), "a.txt"), "a.txt")


def test_other_encoding_is_refused_with_line_and_offset() -> None:
    with pytest.raises(BadInputError, match=re.escape("a.txt:3: expected UTF-8 text; byte 0xe9 at offset 14")):
        read_events("A talk\n\nLe thé\n".encode("latin-1").replace(b"th", b"t h"), "a.txt")


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "   \n\t"])
def test_empty_text_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="the file is empty"):
        read_events(text.encode(), "a.txt")


@pytest.mark.parametrize("before", ["", "Organized by the Radio Club of Example (RCE)\n\n"])
def test_text_without_title_is_refused(before: str) -> None:
    with pytest.raises(BadInputError, match="no line gives the title"):
        read_events(f"{before}31 January 2023, 10:00-11:00 UTC\n".encode(), "a.txt")
