"""Any file gives an event, a profile, or one sentence that names the file: no traceback, and no endless loop.

Limits are in processor time, so that a busy machine changes nothing. Files that could exhaust memory are read in a
separate process, which may use one gigabyte.
"""

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.root import ROOT
from zoom_ops.announcements.address_book import parse_people
from zoom_ops.errors import BadInputError, ConfigurationError
from zoom_ops.profiles import parse_profile
from zoom_ops.readers import read_events
from zoom_ops.settings import load_settings

PATIENCE_S = 5
MEMORY = 2**30
RECORD = {
    "name": "Open Harbour",
    "start": "2040-03-01T10:00:00+00:00",
    "end": "2040-03-01T11:00:00+00:00",
    "timezone": "Europe/Zurich",
}
JSON = json.dumps(RECORD)
YAML = "".join(f"{name}: {value!r}\n" for name, value in RECORD.items())
TEXT = "Open Harbour\n31 January 2040, 08:30-09:45 New York time\n\n"
CSV = "name,organization,email\n"

DIGITS = "0123456789"
ALIASES = "- &a0 x\n" + "".join(f"- &a{n + 1} {'[' * 40}*a{n}{']' * 40}\n" for n in range(400))
LAUGHS = "".join(
    f"  {name}: &{name} [{', '.join(['x' if name == 'a' else '*' + chr(ord(name) - 1)] * 10)}]\n"
    for name in "abcdefghij"
)


def a_json(**further: str) -> str:
    """Write an event's JSON with further members, whose values are raw JSON."""
    return JSON[:-1] + "".join(f', "{name}": {value}' for name, value in further.items()) + "}"


def nested(opening: str, closing: str, times: int, inner: str = "") -> str:
    """Nest a text in brackets, many times."""
    return opening * times + inner + closing * times


BOMBS: dict[str, tuple[str, str]] = {
    "a billion laughs, ignored": ("a.yaml", f"{YAML}webinar:\n{LAUGHS}"),
    "a billion laughs, as the start": ("a.yaml", f"webinar:\n{LAUGHS}{YAML.replace(repr(RECORD['start']), '*j')}"),
    "a list that holds itself": ("a.yaml", f"{YAML}performers: &p [*p]\n"),
    "lists in lists, open": ("a.yaml", "[" * 1_000_000),
    "lists in lists, closed": ("a.yaml", nested("[", "]", 900)),
    "lists in blocks": ("a.yaml", "\n".join(" " * depth + "- " for depth in range(3_000))),
    "lists in aliases": ("a.yaml", ALIASES),
    "very many errors": ("a.yaml", f"[{'{}, ' * 100_000}]"),
    "very many values": ("a.yaml", f"{YAML}webinar: [{'x, ' * 1_000_001}]"),
    "very many documents": ("a.yaml", "---\n" * 50_000),
    "a long anchor": ("a.yaml", f"{YAML}venue: &{'a' * 1_000_000} x\n"),
    "json, lists in lists, open": ("a.json", "[" * 1_000_000),
    "json, lists in lists, closed": ("a.json", a_json(venue=nested("[", "]", 5_000))),
    "json, objects in objects, ignored": ("a.json", a_json(webinar=nested('{"a":', "}", 9_000, "1"))),
    "json, very many values": ("a.json", a_json(webinar=f"[{'{},' * 5_000_000}1]")),
    "json, a long number": ("a.json", a_json(venue="9" * 5_000)),
    "json, a number out of this world": ("a.json", a_json(venue="1e400")),
    "json, escapes": ("a.json", a_json(venue='"' + '\\"' * 1_000_000 + '"')),
    "json, escapes without an end": ("a.json", '"' + "\\" * 1_000_001),
    "json, spaces": ("a.json", " " * 10_000_000 + "{"),
    "text, labels in labels": ("a.txt", TEXT + "Speaker: " * 10_000),
    "text, honorifics": ("a.txt", TEXT + "Mr. " * 40_000),
    "text, spaces": ("a.txt", TEXT + " " * 390_000 + "x"),
    "text, one line": ("a.txt", TEXT + "a b " * 250_000),
    "text, tags": ("a.txt", TEXT + "<b>" * 130_000),
    "text, links": ("a.txt", TEXT + "[a](" * 90_000),
    "text, dates": ("a.txt", ("31 January 2040, 08:30-09:45 New York time, " * 20 + "\n") * 400),
    "text, brackets": ("a.txt", TEXT + "Speakers\n" + ("Mr. A (" * 50 + "\n") * 1_000),
    "people, very many errors": ("p.csv", CSV + "x,y,z\n" * 100_000),
    "people, one field": ("p.csv", CSV + '"' + "a" * 10_000_000),
    "people, commas": ("p.csv", CSV + "," * 10_000_000),
    "toml, a long list": ("p.toml", "recording_types = [\n" + "1,\n" * 20_000 + "]\n"),
    "toml, a long text": ("p.toml", 'a = """\n' + "b = 1\n" * 20_000 + '"""\n'),
    "toml, lists in lists": ("p.toml", f"a = {nested('[', ']', 20_000)}"),
    "toml, tables in tables": ("p.toml", ".".join(["a"] * 20_000) + " = 1"),
    "toml, a long number": ("p.toml", "buffer_minutes = " + "9" * 5_000),
    "toml, a long hexadecimal number": ("p.toml", "buffer_minutes = 0x" + "f" * 100_000),
    "toml, too long": ("p.toml", "# nothing\n" * 200_000),
}  # fmt: skip


def read(file: str, content: bytes) -> object:
    """Read a file as the command for its kind does."""
    if file.endswith(".csv"):
        return parse_people(content, file)
    if file.endswith(".toml"):
        return parse_profile(content.decode("utf-8", "replace"), file)
    return read_events(content, file)


@contextmanager
def patience(seconds: float = PATIENCE_S) -> Iterator[None]:
    """Raise TimeoutError if the block uses more processor time than `seconds`."""

    def lose(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, lose)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome_of(file: str, content: bytes) -> str:
    """Return how the reading of a file ended, in one word."""
    try:
        with patience():
            read(file, content)
    except BadInputError as error:
        return "refused" if str(error).startswith(f"{file}:") else f"refused without the file: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error!s:.200}"
    return "read"


def set_bombs_off() -> dict[str, str]:
    """Read every dangerous file and return the outcomes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    return {name: outcome_of(file, content.encode()) for name, (file, content) in BOMBS.items()}


@pytest.mark.process
def test_bombs_are_read_or_refused_in_time_and_in_little_memory() -> None:
    """Each file is read in a process with little memory."""
    program = f"import json; from {__name__} import set_bombs_off; print(json.dumps(set_bombs_off()))"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert ended.returncode == 0, ended.stderr
    outcomes: dict[str, str] = json.loads(ended.stdout)
    assert len(outcomes) == len(BOMBS)
    assert {name: ended for name, ended in outcomes.items() if ended not in ("read", "refused")} == {}


def test_patience_ends() -> None:
    """The negative control: an endless loop is detected."""

    def hang() -> None:
        while True:
            pass

    with pytest.raises(TimeoutError), patience(0.05):
        hang()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a.yaml", f"webinar:\n{LAUGHS}{YAML}", "a.yaml:7: expected at most 250,000 values in one file"),
        ("a.yaml", f"{YAML}performers: &p [*p]\n", "a.yaml:5: the alias *p stands for nothing"),
        ("a.json", a_json(venue="\n" + nested("[", "]", 60)), "a.json:2: expected at most 50 levels, one"),
        ("a.json", a_json(start="[1, 2]"), "a.json:1: 'start' is written twice"),
        ("a.yaml", YAML.replace(repr(RECORD["start"]), "[a]"), "a.yaml:2: start: expected a date and time such as "),
        ("a.yaml", YAML.replace("2040-03-01T10", "0001-03-01T10"), "a.yaml:2: start: expected a year from"),
        ("a.yaml", YAML.replace("2040-03-01T11", "9999-03-01T11"), "a.yaml:3: end: expected a year from 1970 to 2199"),
        ("a.yaml", f"{YAML}performers: [{{name: A, email: {'a' * 400}@b.c}}]\n", "a.yaml:5: performers.1.email: "),
        ("p.csv", f"{CSV}Ann,,{'a' * 400}@b.c\n", "p.csv:2: expected an e-mail address of at most 320 "),
        ("p.csv", f"{CSV}{'A' * 301},,a@b.c\n", "p.csv:2: expected a name of at most 300 characters"),
        ("p.csv", f"{CSV}Ann,{'A' * 1_001},a@b.c\n", "p.csv:2: expected an organization of at most 1,000 characters"),
        ("p.csv", CSV + "Ann,,a@b.c\n" * 50_001, "p.csv:50002: expected at most 50,000 people in one file"),
        ("p.csv", f"{CSV}{'ﷺ' * 20},,a@b.c\n", "p.csv:2: expected a name of at most 300 characters"),
        ("p.toml", "# nothing\n" * 200_000, "p.toml: This is longer than 1,000,000 characters."),
        ("p.toml", f"a = {nested('[', ']', 20_000)}", "p.toml: This is nested too deeply."),
        ("p.toml", "a = " + "9" * 5_000, "p.toml: It holds a number that is too long."),
        ("p.toml", "\nbuffer_minutes = 0x-" + "f" * 9, "p.toml:2: This is not TOML: "),
        ("p.toml", "\nreview = 0x" + "f" * 9_000, "p.toml:2: review: expected 'none' or 'required', not a number"),
    ],
)  # fmt: skip
def test_limit_is_told_with_file_and_line(file: str, content: str, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(file, content.encode())

    assert str(caught.value).startswith(message)


def test_file_with_very_many_problems_tells_the_first_ones() -> None:
    with pytest.raises(BadInputError) as caught:
        parse_people((CSV + "x,y,z\n" * 1_000).encode(), "p.csv")

    assert len(caught.value.__notes__) == 19


@pytest.mark.parametrize("unseen", ["\x00", "\x1b[31m", "\x9b31m", "\u202e", "\u2066", "\ud800", "\uffff", "\n"])
def test_what_nobody_sees_gets_into_no_field(unseen: str) -> None:
    person = {"name": f"Ann{unseen}e", "email": f"ann{unseen}@example.org".replace("\n", ""), "role": f"Chair{unseen}"}
    entry = {"title": f"Not{unseen}es", "url": f"https://example.org/a{unseen}".strip()}
    note = {"field": f"venue{unseen}", "reason": f"Is it{unseen} so?"}
    record = {**RECORD, "name": f"Open{unseen} Harbour", "venue": f"Hall{unseen}", "description": f"One{unseen}two",
              "account": f"main{unseen}", "profile": f"default{unseen}", "performers": [person], "attachments": [entry],
              "needs_review": [note]}  # fmt: skip

    (announced,) = read_events(json.dumps(record).encode(), "a.json")

    members = announced.event.to_json()
    description = members.pop("description")
    kept = {"\n": "", "\x1b[31m": "[31m", "\x9b31m": "31m"}.get(unseen, "")
    assert unseen not in "".join(texts_of(members))
    assert description == ("One\ntwo" if unseen == "\n" else f"One{kept}two")
    assert members["attachments"][0]["url"] == f"https://example.org/a{kept}"


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_of(part)


QUICK = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
SETTINGS = ("LISTEN", "DATABASE_URL", "BASE_URL", "SECRET_KEY", "ENGINE", "POLL_S", "ACCOUNTS", "ACCOUNTS__A__HOSTS")
FIELDS = (
    "id",
    "name",
    "start",
    "end",
    "timezone",
    "status",
    "performers",
    "attachments",
    "description",
    "needs_review",
)
RECORDS = st.dictionaries(st.sampled_from(FIELDS) | ANY_TEXT, ANY_VALUE, max_size=4).map(lambda more: RECORD | more)
PIECES = (
    "Speakers", "Mr. ", "Dr. Ann Lee", ": ", "\n", "- ", "(", ")", "31 January 2040", "08:30-09:45", " Geneva time",
    ", ", "<b>", "</p>", "&amp;", "https://example.org/", "[a](", "**", "Recording", "members only", "\t", "|", "> ",
    "# ", "💡", "\u202e", "\x00", "你好", "السيدة ", "From: ", "1. ", "a.m.", "TBC", "Organized by ", "\r\n", "Zoom",
    "--", "=" * 9,
)  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES) | ANY_TEXT, max_size=40).map("".join)
CONTENT = {
    "a.txt": WORDS.map(lambda words: (TEXT + words).encode("utf-8", "surrogatepass")),
    "a.yaml": st.one_of(
        RECORDS.map(lambda record: json.dumps(record).encode()),
        WORDS.map(lambda s: (YAML + s).encode("utf-8", "replace")),
    ),
    "a.json": RECORDS.map(lambda record: json.dumps(record).encode()),
    "p.csv": WORDS.map(lambda words: (CSV + words).encode("utf-8", "replace")),
    "p.toml": WORDS.map(lambda words: f"buffer_minutes = 15\n{words}".encode("utf-8", "replace")),
    "-": st.binary(max_size=200),
}


def holds(file: str) -> Callable[[bytes], None]:
    """Build the property of a kind of file: it is read, or refused with its name, in time, whatever it holds."""

    def check(content: bytes) -> None:
        assert outcome_of(file, content) in ("read", "refused")

    return check


@pytest.mark.parametrize("file", CONTENT)
def test_any_file_is_read_or_refused(file: str) -> None:
    given(CONTENT[file] | st.binary(max_size=100))(QUICK(holds(file)))()


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("file", CONTENT)
def test_any_file_is_read_or_refused_however_long_one_tries(file: str) -> None:
    given(CONTENT[file] | st.binary(max_size=400))(LONG(holds(file)))()


@QUICK
@example("[" * 100_000)
@example("9" * 5_000)
@example('{"a": 1}')
@given(ANY_TEXT.filter(lambda text: "\x00" not in text))
def test_any_setting_is_taken_or_refused_in_a_sentence(value: str) -> None:
    for name in SETTINGS:
        try:
            with patience():
                load_settings({f"ZOOM_OPS_{name}": value}, Path("/nonexistent"))
        except (ConfigurationError, BadInputError):
            continue
