"""docs/event.schema.json is the event model's schema."""

import json
from typing import Any

import jsonschema
import pytest

from tests.docs.write_schema import SCHEMA, write_schema
from tests.root import ROOT
from zoom_ops.readers import read_events

SAMPLE = ROOT / "zoom_ops" / "samples" / "ungis-wsis-2023.txt"


def schema() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return published


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
