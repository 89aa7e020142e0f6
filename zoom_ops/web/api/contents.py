"""What a request brings along: JSON of a bounded size and depth, of the form that is described."""

from typing import Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError

from ...announcements import decode, read_json
from ...explain import explain_error
from ..body_limit import read_body
from .problems import Problem

Model = TypeVar("Model", bound=BaseModel)
FILE = "request.json"  # what mistakes are said to stand in
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class RequestBody(BaseModel):
    """What a request asks for, in a few words."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def raw_body(*kinds: str) -> Any:
    """Make a dependency: the body as it came, if it is said to be of one of these kinds."""

    async def read(request: Request) -> bytes:
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if told not in kinds:
            raise Problem(415, f"The body has to be {' or '.join(kinds)}, and say so in its Content-Type.")
        return await read_body(request)

    return Depends(read)


def body_as(model: type[Model]) -> Any:
    """Make a dependency: the body as one of our models; none is as good as an empty one."""

    async def read(request: Request) -> Model:
        body = await read_body(request)
        if not body.strip():
            return _validate(model, {})
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if told != JSON:
            raise Problem(415, f"The body has to be {JSON}, and say so in its Content-Type.")
        return _validate(model, object_in(body))

    return Depends(read)


def object_in(body: bytes) -> dict[str, Any]:
    """Read the JSON object in a body."""
    value = read_json(decode(body, FILE), FILE).value
    if not isinstance(value, dict):
        raise Problem(422, "Expected a JSON object.")
    return value


def described(schema: dict[str, Any], *kinds: str, required: bool = True) -> dict[str, Any]:
    """Describe a body for the API's own description."""
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema} for kind in kinds}}}


def described_body(model: type[BaseModel], *, required: bool = False) -> dict[str, Any]:
    """Describe a body that is one of our models."""
    return described(model.model_json_schema(), JSON, required=required)


def _validate(model: type[Model], value: dict[str, Any]) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        sentences = [explain_error(one, model) for one in error.errors()]
        raise Problem(422, sentences[0], errors=[{"detail": sentence} for sentence in sentences]) from error
