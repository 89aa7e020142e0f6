"""The OpenAPI description of the answers: contents, problems."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from ...events import Event
from .problems import MEDIA_TYPE

Answers = dict[int | str, dict[str, Any]]
_ALWAYS = (401, 403, 429, 500, 503)
_WITHOUT_BODY = (304,)
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


def reference_to(model: type[BaseModel]) -> dict[str, Any]:
    """Build a reference to the schema of a model among the components."""
    return {"$ref": _PLACE.format(model=model.__name__)}


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
        elif status not in _WITHOUT_BODY:
            described["content"] = {"application/json": {"schema": gives or _OBJECT}}
        described_answers[status] = described
    return described_answers


def page_of(name: str) -> dict[str, Any]:
    """Describe a page of a list."""
    return _list_with(name, next={"type": ["string", "null"], "description": "The next page."})


def list_of(name: str) -> dict[str, Any]:
    """Describe a complete list."""
    return _list_with(name)


def beginning_of(name: str) -> dict[str, Any]:
    """Describe a list of limited length; `more` is true if there are more entries."""
    return _list_with(name, more={"type": "boolean"})


def _list_with(name: str, **others: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name, *others], "properties": {name: _LIST_OF_OBJECTS, **others}}
