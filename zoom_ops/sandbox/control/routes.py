"""The control endpoints of the sandbox, under `/_sandbox`."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...explain import explain_error
from ..account import Account
from ..api.holding import Hold, hold
from ..notifications import notify_storage
from ..policy import Policy
from ..zones import write_instant
from .faults import Fault, Faults
from .portal import ConvertBody, OriginBody, TrimBody, convert, set_origin, trim
from .snapshot import snapshot, span

Answer = Callable[[Request], Awaitable[Response]]


class LagBody(BaseModel):
    """How long new webinars are missing from lists."""

    model_config = ConfigDict(extra="forbid")
    seconds: float = Field(ge=0)


class AdvanceBody(BaseModel):
    """How far the sandbox's clock moves forward."""

    model_config = ConfigDict(extra="forbid")
    advance_s: float = Field(ge=0)


class Controls:
    """The control endpoints of one sandbox."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self._account = account
        self._faults = faults

    def routes(self) -> list[Route]:
        """Return the routes, all of them below `/_sandbox`."""
        return [
            _control("/requests", self._requests, "GET"),
            _control("/state", self._state, "GET"),
            _control("/webinars/{webinar_id:int}/hold", self._hold, "POST", Hold),
            _control("/webinars/latest/hold", self._hold, "POST", Hold),
            _control("/webinars/{webinar_id:int}/convert", self._convert, "POST", ConvertBody),
            _control("/webinars/{webinar_id:int}/origin", self._set_origin, "POST", OriginBody),
            _control("/recordings/trim", self._trim, "POST", TrimBody),
            _control("/faults", self._order_fault, "POST", Fault),
            _control("/faults", self._clear_faults, "DELETE"),
            _control("/list_lag", self._set_list_lag, "POST", LagBody),
            _control("/policy", self._show_policy, "GET"),
            _control("/policy", self._change_policy, "POST", Policy),
            _control("/clock", self._advance_clock, "POST", AdvanceBody),
            _control("", self._reset, "DELETE"),
        ]

    async def _requests(self, _request: Request) -> Response:
        with self._account.settled():
            return JSONResponse(list(self._account.requests))

    async def _state(self, _request: Request) -> Response:
        with self._account.settled():
            return JSONResponse(snapshot(self._account))

    async def _hold(self, request: Request) -> Response:
        options = Hold.model_validate_json(await request.body() or b"{}")
        with self._account.settled():
            number = request.path_params.get("webinar_id") or next(reversed(self._account.webinars), 0)
            webinar = self._account.find_webinar(number)
            if webinar is None:
                return _no("webinar")
            instances = [span(instance) for instance in hold(self._account, webinar, options)]
        return JSONResponse({"webinar_id": webinar.id, "instances": instances})

    async def _convert(self, request: Request) -> Response:
        order = ConvertBody.model_validate_json(await request.body() or b"{}")
        with self._account.settled():
            webinar = self._account.find_webinar(request.path_params["webinar_id"])
            return JSONResponse(convert(self._account, webinar, order)) if webinar else _no("webinar")

    async def _set_origin(self, request: Request) -> Response:
        order = OriginBody.model_validate_json(await request.body() or b"{}")
        with self._account.settled():
            webinar = self._account.find_webinar(request.path_params["webinar_id"])
            return JSONResponse(set_origin(webinar, order)) if webinar else _no("webinar")

    async def _trim(self, request: Request) -> Response:
        order = TrimBody.model_validate_json(await request.body() or b"{}")
        with self._account.settled():
            instance = self._account.find_instance(order.uuid)
            is_recorded = instance is not None and instance.recording is not None
            return JSONResponse(trim(self._account, instance, order)) if instance and is_recorded else _no("recording")

    async def _order_fault(self, request: Request) -> Response:
        fault = Fault.model_validate_json(await request.body() or b"{}")
        with self._account.lock:
            self._faults.add(fault)
            active = [fault.model_dump() for fault in self._faults.active()]
        return JSONResponse({"faults": active})

    async def _clear_faults(self, _request: Request) -> Response:
        with self._account.lock:
            self._faults.clear()
        return Response(status_code=204)

    async def _set_list_lag(self, request: Request) -> Response:
        lag = LagBody.model_validate_json(await request.body() or b"{}")
        with self._account.lock:
            self._account.list_lag = timedelta(seconds=lag.seconds)
        return JSONResponse({"seconds": lag.seconds})

    async def _show_policy(self, _request: Request) -> Response:
        with self._account.lock:
            return JSONResponse(self._account.policy.model_dump(mode="json"))

    async def _change_policy(self, request: Request) -> Response:
        changes = TypeAdapter(dict[str, Any]).validate_json(await request.body() or b"{}")
        with self._account.lock:
            before = self._account.policy
            self._account.policy = before.merged(changes)
            if self._account.policy.recordings.used != before.recordings.used:
                notify_storage(self._account)
            return JSONResponse(self._account.policy.model_dump(mode="json"))

    async def _advance_clock(self, request: Request) -> Response:
        seconds = AdvanceBody.model_validate_json(await request.body() or b"{}").advance_s
        with self._account.settled():
            self._account.ahead += timedelta(seconds=seconds)
            self._account.settle()
            self._account.changed.notify_all()
            return JSONResponse({"now": write_instant(self._account.now())})

    async def _reset(self, _request: Request) -> Response:
        with self._account.lock:
            self._faults.clear()
            self._account.reset()
        return Response(status_code=204)


def _no(what: str) -> Response:
    return JSONResponse({"error": f"There is no such {what}."}, 404)


def _control(path: str, answer: Answer, method: str, model: type[BaseModel] = BaseModel) -> Route:
    """Build a route. A body that does not fit `model` is refused with what is wrong, and with the nearest key."""

    async def answer_or_refuse(request: Request) -> Response:
        try:
            return await answer(request)
        except ValidationError as error:
            wrong = [(".".join(map(str, fault["loc"])), explain_error(fault, model)) for fault in error.errors()]
            errors = [{"field": field, "message": message} for field, message in wrong]
            return JSONResponse({"error": "The order is not understood.", "errors": errors}, 400)

    return Route(f"/_sandbox{path}", answer_or_refuse, methods=[method])
