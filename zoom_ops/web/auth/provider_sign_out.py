"""Endpoint of the sign-in provider: it says that somebody signed out there, and the sessions here end, too.

OpenID Connect Back-Channel Logout 1.0. The provider proves itself by the signature of its token. The time of a check is
bounded by few threads, and nobody is kept out for what others sent: the provider may share its address with strangers.
"""

from functools import partial

from anyio import CapacityLimiter, fail_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ...errors import NotFoundError, ZoomOpsError
from ...identity import ProvidedSignIn
from ...openid import NotProvenError, UnknownKeyError
from ..dependencies import TheServices, address_of
from ..edge.bodies import read_form
from ..errors import BadRequestError, BodyTooSlowError
from ..signed_paths import BACK_CHANNEL
from .doubts import log_doubt

_NOT_STORED = {"Cache-Control": "no-store"}
_RETRY_S = 5
_BODY_S = 3  # a provider sends its two kilobytes at once, and holds one of few turns until then
_CHECKED_AT_ONCE = CapacityLimiter(2)
_RENEWED_AT_ONCE = CapacityLimiter(1)  # waits while keys are fetched; who signs with a known one does not

router = APIRouter()


@router.post(BACK_CHANNEL)
async def sign_out_there(request: Request, services: TheServices) -> Response:
    """End the sessions of whoever signed out at the provider."""
    provided, address = services.provided, address_of(request)
    if provided is None:
        raise NotFoundError("page", request.url.path)
    try:
        await _sign_out(provided, await _read_token(request), address)
    except NotProvenError as error:
        services.refusals.note("signature_wrong", address)
        log_doubt(services.clock, "sign_out_not_proven", error)
        return _answer(400, "invalid_request", str(error))
    except ZoomOpsError as error:
        log_doubt(services.clock, "sign_in_provider_failed", error)
        answer = _answer(503, "temporarily_unavailable", "It cannot be checked just now. Please send it again.")
        answer.headers["Retry-After"] = str(_RETRY_S)
        return answer
    return Response(headers=_NOT_STORED)


async def _sign_out(provided: ProvidedSignIn, token: str, address: str | None) -> None:
    try:
        await run_sync(provided.sign_out, token, address, limiter=_CHECKED_AT_ONCE)
    except UnknownKeyError:  # providers change their keys
        await run_sync(partial(provided.sign_out, token, address, renewed=True), limiter=_RENEWED_AT_ONCE)


async def _read_token(request: Request) -> str:
    """Return the logout token of the form. Raise NotProvenError if there is not exactly one."""
    try:
        with fail_after(_BODY_S):
            tokens = (await read_form(request)).getlist("logout_token")
    except BadRequestError:
        tokens = []
    except TimeoutError:
        raise BodyTooSlowError from None
    if len(tokens) != 1 or not tokens[0]:
        raise NotProvenError("A form with one logout_token is needed.")
    return tokens[0]


def _answer(status: int, error: str, description: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status, _NOT_STORED)
