"""Contents of requests: names, the page of a list, bodies of limited size and depth, validated against a model."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ...announcements import decode, read_json
from ...explain import explain_error
from ..body_limit import media_type_of, read_body
from ..dependencies import services_of
from .problems import Problem

Model = TypeVar("Model", bound=BaseModel)
FILE = "request.json"  # the file name in messages about mistakes
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def _name(pattern: str, what: str) -> Any:
    def check(name: str) -> str:
        if not re.fullmatch(pattern, name):
            raise ValueError(f"this cannot be {what}.")
        return name

    return AfterValidator(check)


EventName = Annotated[str, _name(r"[a-z0-9][a-z0-9-]{0,99}", "the id of an event")]
JobName = Annotated[str, _name(r"\w{1,100}", "the name of a job")]
OwnName = Annotated[str, _name(r"[a-z0-9_-]{1,100}", "the name of an account or a webhook")]
MessageName = Annotated[str, _name(r"msg_[0-9a-f]{1,36}", "the id of a message")]

EventId = Annotated[EventName, Path(description="The event's id.")]
PageSize = Annotated[int, Query(ge=1, le=100, description="How many on a page.")]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The requested page of a list. Callers load `per_page` + 1 rows, to know whether another page follows."""

    page: Annotated[int, Query(ge=1, le=100_000, description="Which page, from 1 on.")] = 1
    per_page: PageSize = 50

    @property
    def offset(self) -> int:
        """The number of rows before the page."""
        return (self.page - 1) * self.per_page


def answer_page(request: Request, name: str, rows: list[Any], more: bool, **following: Any) -> JSONResponse:
    """Answer with a page of a list, and with the address of the next one in the body and as a Link (RFC 8288)."""
    url = request.url.include_query_params(**following)
    following_page = f"{services_of(request).base_url}{url.path}?{url.query}" if more else None
    headers = {"Cache-Control": "no-store"} | ({"Link": f'<{following_page}>; rel="next"'} if following_page else {})
    return JSONResponse({name: rows, "next": following_page}, headers=headers)


class RequestBody(BaseModel):
    """Base of the models of request bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def raw_body(*kinds: str) -> Any:
    """Build a dependency: the raw body. It raises Problem 415 if the media type is not one of `kinds`."""

    async def read(request: Request) -> bytes:
        if media_type_of(request) not in kinds:
            raise Problem(415, f"The body has to be {' or '.join(kinds)}, and say so in its Content-Type.")
        return await read_body(request)

    return Depends(read)


def body_as(model: type[Model]) -> Any:
    """Build a dependency: the body as a model; a missing body counts as an empty object."""

    async def read(request: Request) -> Model:
        body = await read_body(request)
        if body.strip() and media_type_of(request) != JSON:
            raise Problem(415, f"The body has to be {JSON}, and say so in its Content-Type.")
        try:
            return model.model_validate(object_in(body) if body.strip() else {})
        except ValidationError as error:
            sentences = [explain_error(mistake, model) for mistake in error.errors()]
            raise Problem(422, sentences[0], errors=[{"detail": sentence} for sentence in sentences]) from error

    return Depends(read)


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
    schema = model.model_json_schema()
    return described(schema, JSON, required="required" in schema)
