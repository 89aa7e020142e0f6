"""docs/event.schema.json is the event model's schema, and the examples of docs/importing.md can be imported."""

import json
import re
from typing import Any

import jsonschema
import pytest

from tests.docs.write_schema import SCHEMA, write_schema
from tests.root import ROOT
from zoom_ops.announcements.address_book import parse_people
from zoom_ops.readers import read_events

PAGE = SCHEMA.parent / "importing.md"
SAMPLE = ROOT / "zoom_ops" / "samples" / "ungis-wsis-2023.txt"


def schema() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return published


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_schema_is_the_event_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == write_schema(), "run: python -m tests.docs.write_schema"


def test_schema_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_schema_accepts_an_imported_event_with_what_we_add() -> None:
    (announced,) = read_events(SAMPLE.read_bytes(), SAMPLE.name)

    shown = {**announced.event.to_json(), "webinar": {"id": 81234567890}, "recordings": []}

    jsonschema.validate(shown, schema())


@pytest.mark.parametrize(
    "change", [{"tittle": "x"}, {"status": "maybe"}, {"performers": [{"role": "Chair"}]}, {"start": None}]
)
def test_schema_refuses_what_an_import_refuses(change: dict[str, Any]) -> None:
    (announced,) = read_events(SAMPLE.read_bytes(), SAMPLE.name)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**announced.event.to_json(), **change}, schema())


def test_examples_of_the_importing_page_import() -> None:
    texts, yamls, jsons, people = (examples(language) for language in ("text", "yaml", "json", "csv"))

    parsed = [
        *(read_events(text.encode(), "a.txt") for text in texts),
        *(read_events(text.encode(), "a.yaml") for text in yamls),
        *(read_events(text.encode(), "a.json") for text in jsons),
    ]

    assert all(announced and not announced[0].event.blocking_notes() for announced in parsed)
    assert min(map(len, (texts, yamls, jsons, people))) >= 1
    assert all(parse_people(text.encode(), "people.csv") for text in people if text.startswith("name,"))
