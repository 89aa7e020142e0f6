"""Idempotency-Key: a request that is repeated with its key is carried out once, and answered the same for a day.

As in draft-ietf-httpapi-idempotency-key-header. The work and its answer are one transaction: after a crash there are
both or neither. A request that fails has changed nothing and keeps nothing, so it may be tried again with its key.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from inspect import Parameter, signature
from threading import Lock
from typing import Annotated, Any, ParamSpec

from fastapi import Depends, Header, Request, Response

from ...store.identity.answers import KeptAnswer, find_answer, keep_answer, lock_key
from ..edge.bodies import read_body
from .callers import Caller
from .problems import Problem, wrong_parameters

_HEADERS = ("content-type", "etag", "location", "cache-control")
_KEY = re.compile(r'"([ !#-\[\]-~]{1,255})"|([!#-~]{1,255})')  # a string of RFC 8941 without escapes, or the same bare
_Params = ParamSpec("_Params")
_under_way: set[tuple[int, str, str]] = set()  # of this process; on PostgreSQL a lock tells the others
_lock = Lock()


@dataclass(frozen=True, kw_only=True)
class KeyedRequest:
    """A request with the key that its sender gave it; None where there is none."""

    key: str | None
    fingerprint: str


async def _keyed(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            max_length=257,
            description="A name for this request, such as a UUID: repeated within a day, it gets the same answer.",
        ),
    ] = None,
) -> KeyedRequest:
    if key is None:
        return KeyedRequest(key=None, fingerprint="")
    match = _KEY.fullmatch(key)
    if match is None:
        sentence = "Idempotency-Key: expected 1 to 255 visible ASCII characters, such as a UUID."
        raise wrong_parameters(sentence, "Idempotency-Key")
    asked = f"{request.method} {request.url.path}?{request.url.query}\0{request.headers.get('content-type')}\0"
    fingerprint = sha256(asked.encode() + await read_body(request)).hexdigest()
    return KeyedRequest(key=match[1] or match[2], fingerprint=fingerprint)


Keyed = Annotated[KeyedRequest, Depends(_keyed)]


def once(endpoint: Callable[_Params, Response]) -> Callable[_Params, Response]:
    """Decorate an endpoint, which takes `caller`, so that a request with a key is carried out once.

    The endpoint must call nothing outside: the whole of it is one transaction.
    """

    @wraps(endpoint)
    def answer(*args: _Params.args, **kwargs: _Params.kwargs) -> Response:
        keyed: Any = kwargs.pop("keyed_request")
        caller: Any = kwargs["caller"]
        if getattr(kwargs.get("body"), "dry_run", False):  # what is only looked at may be again
            return endpoint(*args, **kwargs)
        return answer_once(caller, keyed, lambda: endpoint(*args, **kwargs))

    own = signature(endpoint)
    added = Parameter("keyed_request", Parameter.KEYWORD_ONLY, annotation=Keyed)
    answer.__signature__ = own.replace(parameters=[*own.parameters.values(), added])  # type: ignore[attr-defined]
    return answer


def answer_once(caller: Caller, keyed: KeyedRequest, act: Callable[[], Response]) -> Response:
    """Carry a request out once, if it has a key, for an endpoint that first asks somebody outside.

    `act` must call nothing outside: the whole of it is one transaction.
    """
    if keyed.key is None:
        return act()
    context, key, name = caller.context, keyed.key, f"{caller.by.how} {caller.by.name}"
    with _alone(id(context.database), name, key), context.database.joined() as connection:
        if not lock_key(connection, name, key):
            raise _meanwhile()
        now = context.database.now(connection)
        kept = find_answer(connection, context.box, name, key, now)
        if kept is not None:
            return _repeat(kept, keyed.fingerprint)
        response = act()
        headers = {header: response.headers[header] for header in _HEADERS if header in response.headers}
        body = bytes(response.body)
        answer = KeptAnswer(fingerprint=keyed.fingerprint, status=response.status_code, headers=headers, body=body)
        keep_answer(connection, context.box, name, key, now, answer)
    caller.operations.wake()  # again: now it is committed
    return response


def _repeat(kept: KeptAnswer, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        sentence = "This Idempotency-Key was another request's: repeat that one as it was, or take a new key."
        raise Problem(422, sentence, errors=[{"detail": sentence}])
    return Response(kept.body, kept.status, kept.headers)


@contextmanager
def _alone(*asked: Any) -> Iterator[None]:
    with _lock:
        if asked in _under_way:
            raise _meanwhile()
        _under_way.add(asked)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(asked)


def _meanwhile() -> Problem:
    sentence = "A request with this Idempotency-Key is being carried out: repeat it in a moment to get its answer."
    return Problem(409, sentence, headers={"Retry-After": "1"})
