"""Errors of the API as problem documents (RFC 9457), with a sentence for people as detail."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ...errors import (
    BadInputError,
    ForbiddenError,
    NotFoundError,
    ParkedError,
    TemporaryError,
    WaitingError,
    ZoomOpsError,
)
from ...explain import MOST_MISTAKES, explain_error
from ...operations.events.editing import ChangedMeanwhileError
from ...zoom import ZoomRefusedError
from ..dependencies import NotAllowedError, SecondFactorNeededError, SignInNeededError
from ..errors import LACKS_FACTOR, BodyTooLargeError, BodyTooSlowError, NoRoomError
from ..security_headers import SECURITY_HEADERS

MEDIA_TYPE = "application/problem+json"
_PLACE = re.compile(r"^\w+(?:\.\w+)?:(\d+): ")  # file and line of a mistake, at the start of a message
_MORE = re.compile(r" \(and \d+ more in this file\)$")  # here they are listed, or counted
_ELSEWHERE = {
    404: "There is nothing at this address: /api/v1/openapi.json lists what there is.",
    405: "This address takes other methods: /api/v1/openapi.json lists them.",
}
_WHICH = "POST it again with ?id=… for that event, or with ?new=true for another one of the same name."
_log = structlog.get_logger(__name__)


class Problem(Exception):
    """A failed request, with its status and a sentence with the reason."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers or {}, more


def wrong_parameters(sentence: str, *names: str) -> Problem:
    """Build the problem of parameters that do not fit."""
    return Problem(400, sentence, errors=[{"detail": sentence, "parameter": name[:100]} for name in names])


@contextmanager
def what_is_asked() -> Iterator[None]:
    """Raise Problem 422 in place of NotFoundError, for code that works with names from the body of a request."""
    try:
        yield
    except NotFoundError as error:
        raise Problem(422, str(error), errors=[{"detail": str(error)}]) from error


@contextmanager
def which_is_meant() -> Iterator[None]:
    """Raise Problem as `what_is_asked` does, and 409 with each question where it is unclear which event is meant."""
    try:
        with what_is_asked():
            yield
    except ParkedError as error:
        questions = [_placed(sentence) for sentence in (str(error), *getattr(error, "__notes__", ()))]
        raise Problem(409, questions[0]["detail"], errors=questions, ways=_WHICH) from error


def add_problems(api: FastAPI) -> None:
    """Register a handler for every error."""
    handlers: dict[type[Exception], Callable[[Request, Any], Response | Awaitable[Response]]] = {
        Problem: lambda _, error: respond(error),
        HTTPException: _elsewhere,
        RequestValidationError: _unreadable,
        ClientDisconnect: lambda *_: respond(Problem(400, "The request ended before its time.")),
        SignInNeededError: lambda *_: respond(_WHO_ASKS),
        SecondFactorNeededError: lambda *_: respond(Problem(403, LACKS_FACTOR)),
        NotAllowedError: lambda *_: respond(Problem(403, "This is for operators.")),
        BodyTooLargeError: lambda _, error: respond(_too_large(error)),
        BodyTooSlowError: _late_body,
        NoRoomError: _more_bodies,
        NotFoundError: lambda _, error: respond(Problem(404, str(error))),
        BadInputError: lambda _, error: respond(mistakes_of(error)),
        ChangedMeanwhileError: lambda _, error: respond(Problem(412, str(error))),
        WaitingError: lambda _, error: respond(Problem(409, str(error), headers={"Retry-After": "5"})),
        ForbiddenError: lambda _, error: respond(Problem(403, str(error))),
        ParkedError: lambda _, error: respond(Problem(409, _PLACE.sub("", str(error)))),
        ZoomRefusedError: lambda _, error: respond(Problem(409, str(error))),
        TemporaryError: _put_off,
        ZoomOpsError: _failed,
        Exception: lambda *_: respond(_BROKEN),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def respond(problem: Problem) -> Response:
    """Build the response of a problem."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    headers = {"Cache-Control": "no-store", **SECURITY_HEADERS, **problem.headers}
    return JSONResponse(document, problem.status, headers, media_type=MEDIA_TYPE)


def mistakes_of(error: BadInputError) -> Problem:
    """Build the problem of a wrong input: every mistake, with its line if it has one."""
    errors: list[dict[str, Any]] = []
    for mistake in (error, *error.others):
        parts = {"field": mistake.field, "found": mistake.found, "expected": mistake.expected}
        given = {name: part for name, part in parts.items() if part is not None}
        errors.append(_placed(str(mistake)) | given)
    if error.untold:
        errors.append({"detail": f"There are {error.untold:,} more mistakes."})
    return Problem(422, errors[0]["detail"], errors=errors)


def _placed(sentence: str) -> dict[str, Any]:
    """Take the line out of a sentence about a file."""
    place = _PLACE.match(sentence)
    return {"detail": _MORE.sub("", _PLACE.sub("", sentence))} | ({"line": int(place[1])} if place else {})


def _too_large(error: BodyTooLargeError) -> Problem:
    return Problem(413, f"The body of the request is over {error.limit:,} bytes.")


async def _late_body(*_: Any) -> Response:
    """Answer without a thread: many come at once."""
    return respond(Problem(408, "The body of the request did not come in time."))


async def _more_bodies(*_: Any) -> Response:
    return respond(Problem(503, "Too much is sent just now.", headers={"Retry-After": "5"}))


def _elsewhere(_: Request, error: HTTPException) -> Response:
    detail = _ELSEWHERE.get(error.status_code, str(error.detail))
    return respond(Problem(error.status_code, detail, headers=error.headers))


def _unreadable(_: Request, error: RequestValidationError) -> Response:
    """Name the parameters that are wrong and what is expected, without the values that were sent."""
    parts = error.errors()
    errors = [_explain(part) for part in parts[:MOST_MISTAKES]]
    if len(parts) > MOST_MISTAKES:
        errors.append({"detail": f"There are {len(parts) - MOST_MISTAKES:,} more mistakes."})
    return respond(Problem(400, errors[0]["detail"], errors=errors))


def _explain(part: ErrorDetails) -> dict[str, Any]:
    name = part["loc"][1]  # after where it stands: the path, the query, a header
    return {"detail": explain_error({**part, "loc": (name,)}, BaseModel, secret=True), "parameter": name}


def _put_off(request: Request, error: TemporaryError) -> Response:
    _log.warning("request_put_off", path=request.url.path, error=str(error))
    return respond(Problem(503, str(error), headers={"Retry-After": "5"}))


def _failed(request: Request, error: ZoomOpsError) -> Response:
    _log.error("request_failed", path=request.url.path, error=str(error))
    return respond(_BROKEN)


_WHO_ASKS = Problem(401, "Say who asks: Authorization: Bearer zops_…", headers={"WWW-Authenticate": "Bearer"})
_BROKEN = Problem(500, "Something went wrong here, and the people who run this service can see it.")
