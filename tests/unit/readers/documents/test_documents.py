"""Events in YAML and JSON: what they are read as, and the messages for mistakes."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.events import make_slug
from zoom_ops.readers import Announced, read_events, read_json

EVENT = """\
series: Radio Lecture
name: How waves travel
start: 2023-01-31T08:30
end: 2023-01-31T09:45:00-05:00
timezone: America/New_York
"""
RECORD = {
    "name": "How waves travel",
    "start": "2023-01-31T08:30:00-05:00",
    "end": "2023-01-31T09:45:00-05:00",
    "timezone": "America/New_York",
}


def parse(text: str, file: str = "a.yaml") -> tuple[Announced, ...]:
    return read_events(text.encode(), file)


def refusal(text: str, file: str = "a.yaml") -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        parse(text, file)
    return caught.value


def test_yaml_event_is_read() -> None:
    (announced,) = parse("# a comment\n" + EVENT)

    assert announced.event.start_utc == datetime(2023, 1, 31, 13, 30, tzinfo=UTC)
    assert announced.event.id == make_slug("Radio Lecture", "How waves travel")
    assert (announced.id_given, announced.file, announced.line) == (False, "a.yaml", 2)


def test_yaml_list_documents_and_events_key_give_several() -> None:
    listed = "\n".join("- " + EVENT.replace("\n", "\n  ").strip() for _ in range(2))
    wrapped = "events:\n" + listed
    documents = f"{EVENT}---\n{EVENT}"

    assert [each.line for each in parse(listed)] == [1, 6]
    assert [each.line for each in parse(wrapped)] == [2, 7]
    assert [each.line for each in parse(documents)] == [1, 7]


def test_json_event_is_read() -> None:
    (announced,) = parse(json.dumps({"id": "waves", **RECORD}), "a.json")

    assert (announced.event.id, announced.id_given, announced.line) == ("waves", True, 1)


def test_json_list_knows_its_lines() -> None:
    announced = parse("[\n" + ",\n".join(json.dumps(RECORD) for _ in range(3)) + "\n]", "a.json")

    assert [each.line for each in announced] == [2, 3, 4]


def test_shown_event_imports_as_it_is() -> None:
    (announced,) = parse(EVENT)
    shown = {**announced.event.to_json(), "webinar": {"id": 81234567890}, "recordings": [{"uuid": "x"}]}

    (again,) = parse(json.dumps(shown), "a.json")

    assert again.event == announced.event
    assert again.id_given


def test_yaml_words_stay_text() -> None:
    (announced,) = parse(EVENT.replace("How waves travel", "2030") + "language: no\ndescription: ~yes\nvenue: on\n")

    assert (announced.event.name, announced.event.language, announced.event.venue) == ("2030", "no", "on")


def test_options_win_over_the_file() -> None:
    (announced,) = read_events((EVENT + "profile: lecture\n").encode(), "a.yml", profile="panel", account="main")

    assert (announced.event.profile, announced.event.account) == ("panel", "main")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (EVENT + "tittle: x\n", 6, "tittle: this key is not known"),
        (EVENT + "performerz: []\n", 6, "did you mean 'performers'?"),
        (EVENT.replace("name:", "heading:"), 1, "name: this is required"),
        (EVENT.replace("America/New_York", "EST5"), 5, "expected one such as Europe/Zurich"),
        (EVENT.replace("2023-01-31T08:30", "2023-01-31"), 3, "start: '2023-01-31' has no time: write it as"),
        (EVENT.replace("2023-01-31T08:30", "1675171800"), 3, "start: expected a date such as"),
        (EVENT.replace("T08:30", "T10:30"), 4, "end: 2023-01-31 09:45 does not lie after the start"),
        (EVENT + "status: maybe\n", 6, "status: "),
        (
            EVENT + "performers:\n  - name: Ada\n    email: ada\n",
            8,
            "performers.1.email: expected an e-mail address such as ada.lovelace@example.org, found 'ada'",
        ),
        (EVENT + "performers:\n  - {nam: Ada}\n", 7, "did you mean 'name'?"),
        (EVENT + "attachments:\n  - title: Paper\n    url: example.org\n", 8, "begins with https://"),
        (EVENT + "id: Not a slug\n", 6, "id: expected an id of small letters, digits and dashes"),
        (EVENT + "name: again\n", 6, "'name' is written twice"),
        (EVENT + "venue: [unclosed\n", 7, "this is not YAML"),
        (EVENT + "venue: *nowhere\n", 6, ""),
        ("just words\n", 1, "expected an event: keys such as name"),
        ("events:\n- 12\n", 2, "expected an event"),
        ("profile: panel\nevents: []\n", 1, "does not belong beside 'events'"),
        ("", 1, "the file is empty; expected an event"),
        ("events: []\n", 1, "there is no event in it"),
        ("\tname: x\n", 1, "this is not YAML"),
    ],
)
def test_yaml_mistake_is_told_with_its_line(text: str, line: int, says: str) -> None:
    error = refusal(text)

    assert (error.file, error.line) == ("a.yaml", line)
    assert says in str(error)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('{\n"name": "x"\n"id": 1}', 3, "this is not JSON"),
        ('{"name": "x", "name": "y"}', 1, "'name' is written twice"),
        ('[{"name": "x"},\n{"name": "x",\n"venue": {"a": 1,\n"a": 2}}]', 4, "'a' is written twice"),
        ('[{"name": "x"},\n' + "[" * 50 + "]" * 50 + "]", 2, "expected at most 50 levels"),
        (json.dumps({**RECORD, "statuss": "x"}, indent=1), 6, "did you mean 'status'?"),
        (json.dumps({**RECORD, "start": 1675171800}, indent=1), 3, "start: expected a date and time"),
        (json.dumps({**RECORD, "name": 12}, indent=1), 2, "name: "),
        ('{"name": NaN}', 1, "this JSON"),
        ("[" * 100_000, 1, "this JSON is nested too deeply"),
        ("", 1, "the file is empty"),
        ('"text"', 1, "expected an event"),
    ],
)
def test_json_mistake_is_told_with_its_line(text: str, line: int, says: str) -> None:
    error = refusal(text, "a.json")

    assert (error.file, error.line) == ("a.json", line)
    assert says in str(error)


def test_json_of_many_values_takes_little_memory() -> None:
    text = "[" + "1," * 30_000 + "1]"
    tracemalloc.start()

    read_json(text, "a.json")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10 * len(text)  # with the line of each value it was 70 times


def test_every_mistake_of_a_file_is_told() -> None:
    error = refusal(EVENT.replace("America/New_York", "Nowhere") + "tittle: x\n---\nname: y\n")

    assert "(and 4 more in this file)" in str(error)
    assert [note.split(": ")[0] for note in error.__notes__] == ["a.yaml:6", "a.yaml:8", "a.yaml:8", "a.yaml:8"]


def test_yaml_tags_construct_nothing() -> None:
    (announced,) = parse(EVENT.replace("How waves travel", "!!python/name:os.system How waves travel"))
    assert announced.event.name == "How waves travel"


def test_standard_input_is_read_as_what_it_holds() -> None:
    read = [read_events(content.encode(), "-")[0].event.name for content in (EVENT, json.dumps(RECORD))]

    assert read == ["How waves travel", "How waves travel"]
