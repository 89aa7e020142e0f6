"""The OpenAPI description of the answers: contents, problems."""

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .contents import RequestBody, schema_of
from .models.base import PLACE, Problem
from .models.records import describe_events
from .problems import MEDIA_TYPE

Answers = dict[int | str, dict[str, Any]]
Gives = type[BaseModel] | Mapping[int, type[BaseModel]]
BODY = (408, 413, 415, 422)  # the refusals of a body
_ALWAYS = (400, 401, 403, 429, 500, 503)
_PROBLEM = {MEDIA_TYPE: {"schema": schema_of(Problem.__name__)}}
_FASTAPIS = ("HTTPValidationError", "ValidationError")  # its own refusals, which this API never answers


def name_operation(route: APIRoute) -> str:
    """Return the operationId of an endpoint: the name of its function, which is unique in the API and stays."""
    return route.name


def describer(api: FastAPI) -> Callable[[], dict[str, Any]]:
    """Build the function that describes the API: FastAPI's description with the schemas of problems and events."""
    describe = api.openapi

    @cache
    def described() -> dict[str, Any]:
        document = describe()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        models: tuple[type[BaseModel], ...] = (Problem, *RequestBody.__subclasses__())
        _, described_models = models_json_schema([(model, "validation") for model in models], ref_template=PLACE)
        schemas.update(described_models["$defs"] | describe_events())
        for name in _FASTAPIS:
            schemas.pop(name, None)
        for member in (member for schema in schemas.values() for member in schema.get("properties", {}).values()):
            member.pop("default", None)  # generated clients would demand it, or send it where absence means "as it is"
        for operation in (operation for methods in document["paths"].values() for operation in methods.values()):
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]
        _share_refusals(document)
        return document

    return described


def _share_refusals(document: dict[str, Any]) -> None:
    """Describe each refusal once, and let the operations name it: a good third of the description."""
    shared = document["components"].setdefault("responses", {})
    for operation in (operation for methods in document["paths"].values() for operation in methods.values()):
        for status, answer in operation["responses"].items():
            if answer.get("content") == _PROBLEM:
                name = HTTPStatus(int(status)).phrase.replace(" ", "")
                shared[name] = answer
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def answers(*statuses: int, gives: Gives) -> Answers:
    """Describe the answers of an operation: statuses below 400 give a model, or one each; the others a problem."""
    described_answers: Answers = {}
    for status in (*statuses, *_ALWAYS):
        described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if status >= 400:
            described["content"] = _PROBLEM
        elif status != 304:  # it has no body
            described["model"] = gives[status] if isinstance(gives, Mapping) else gives
        described_answers[status] = described
    return described_answers
