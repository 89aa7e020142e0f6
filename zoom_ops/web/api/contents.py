"""Bodies of requests, of limited size and depth, validated against a model."""

from typing import Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.concurrency import run_in_threadpool

from ...announcements import decode
from ...explain import explain_errors, refuse_excess
from ...readers import read_json
from ..edge.bodies import BODY_LIMIT, media_type_of, read_body, read_up_to
from .models.base import PLACE
from .problems import Problem

Model = TypeVar("Model", bound=BaseModel)
_QUICK = 20_000  # bytes that are read at once; more would hold up all other requests
FILE = "request.json"  # the file name in messages about mistakes
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class RequestBody(BaseModel):
    """Base of the models of request bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_excess(cls, given: Any) -> Any:
        return refuse_excess(cls, given)


class PauseBody(RequestBody):
    """The note of a pause."""

    note: str = Field(min_length=1, max_length=500, description="Why, for everybody who sees the pause.")


def raw_body(*kinds: str, limit: int = BODY_LIMIT) -> Any:
    """Build a dependency: the raw body. It raises Problem 415 if the media type is not one of `kinds`."""

    async def read(request: Request) -> bytes:
        if media_type_of(request) not in kinds:
            raise Problem(415, f"The body has to be {' or '.join(kinds)}, and say so in its Content-Type.")
        return await read_up_to(request, limit)

    return Depends(read)


def body_as(model: type[Model]) -> Any:
    """Build a dependency: the body as a model; a missing body counts as an empty object."""

    async def read(request: Request) -> Model:
        body = await read_body(request)
        if body.strip() and media_type_of(request) != JSON:
            raise Problem(415, f"The body has to be {JSON}, and say so in its Content-Type.")
        return read_as(model, body) if len(body) < _QUICK else await run_in_threadpool(read_as, model, body)

    return Depends(read)


def read_as(model: type[Model], body: bytes) -> Model:
    """Read a JSON body as a model; an empty one counts as an empty object. Raise Problem 422 with every mistake."""
    try:
        return model.model_validate(object_in(body) if body.strip() else {})
    except ValidationError as error:
        sentences = explain_errors(error, model)
        raise Problem(422, sentences[0], errors=[{"detail": sentence} for sentence in sentences]) from error


def object_in(body: bytes) -> dict[str, Any]:
    """Parse a body as a JSON object. Raise Problem 422 for any other value."""
    value = read_json(decode(body, FILE), FILE).value
    if not isinstance(value, dict):
        raise Problem(422, "Expected a JSON object.")
    return value


def described(schema: dict[str, Any], *kinds: str, required: bool = True) -> dict[str, Any]:
    """Build the OpenAPI description of a body."""
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema} for kind in kinds}}}


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """Build the OpenAPI description of a body that is a model; it may be missing if each field has a default."""
    required = any(field.is_required() for field in model.model_fields.values())
    return described(schema_of(model.__name__), JSON, required=required)


def schema_of(name: str) -> dict[str, str]:
    """Refer to a schema of the description by its name."""
    return {"$ref": PLACE.format(model=name)}
