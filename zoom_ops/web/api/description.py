"""The OpenAPI description of the answers: contents, problems."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from ...events import Event
from .problems import MEDIA_TYPE

Answers = dict[int | str, dict[str, Any]]
BODY = (413, 415, 422)  # the refusals of a body
_ALWAYS = (401, 403, 429, 500, 503)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, to which thing, and what to do."},
        "errors": {
            "type": "array",
            "description": "Every mistake in what was sent.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string"}, "line": {"type": "integer"}},
            },
        },
    },
}
_OBJECT = {"type": "object"}
_PLACE = "#/components/schemas/{model}"
_EVENT = Event.model_json_schema(ref_template=_PLACE)
_EVENT_PARTS = {**_EVENT.pop("$defs"), Event.__name__: _EVENT}
_LIST_OF_OBJECTS = {"type": "array", "items": _OBJECT}
THE_EVENT = {"$ref": _PLACE.format(model=Event.__name__)}  # the schema of the Event JSON, among the components


def describer(api: FastAPI) -> Callable[[], dict[str, Any]]:
    """Build the function that describes the API: FastAPI's description with the schemas of the Event JSON."""
    describe = api.openapi

    def described() -> dict[str, Any]:
        document = describe()
        document.setdefault("components", {}).setdefault("schemas", {}).update(_EVENT_PARTS)
        return document

    return described


def answers(*statuses: int, gives: dict[str, Any] | None = None) -> Answers:
    """Describe the answers of an operation: statuses below 400 return `gives`, the others a problem."""
    described_answers: Answers = {}
    for status in (*statuses, *_ALWAYS):
        described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if status >= 400:
            described["content"] = {MEDIA_TYPE: {"schema": _PROBLEM}}
        elif status != 304:  # it has no body
            described["content"] = {"application/json": {"schema": gives or _OBJECT}}
        described_answers[status] = described
    return described_answers


def page_of(name: str) -> dict[str, Any]:
    """Describe a page of a list."""
    return list_of(name, next={"type": ["string", "null"], "description": "The next page."})


def list_of(name: str, **others: dict[str, Any]) -> dict[str, Any]:
    """Describe an object with a list and other members."""
    return {"type": "object", "required": [name, *others], "properties": {name: _LIST_OF_OBJECTS, **others}}
