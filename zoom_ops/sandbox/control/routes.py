"""The control endpoints of the sandbox, under `/_sandbox`."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..account import Account
from ..api.holding import Hold, hold
from ..notifications import notify_storage
from ..zones import write_instant
from .faults import Fault, Faults
from .snapshot import snapshot, span


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
            Route("/_sandbox/requests", self._requests, methods=["GET"]),
            Route("/_sandbox/state", self._state, methods=["GET"]),
            Route("/_sandbox/webinars/{webinar_id:int}/hold", self._hold, methods=["POST"]),
            Route("/_sandbox/faults", self._order_fault, methods=["POST"]),
            Route("/_sandbox/faults", self._clear_faults, methods=["DELETE"]),
            Route("/_sandbox/list_lag", self._set_list_lag, methods=["POST"]),
            Route("/_sandbox/policy", self._show_policy, methods=["GET"]),
            Route("/_sandbox/policy", self._change_policy, methods=["POST"]),
            Route("/_sandbox/clock", self._advance_clock, methods=["POST"]),
            Route("/_sandbox", self._reset, methods=["DELETE"]),
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
            webinar = self._account.find_webinar(request.path_params["webinar_id"])
            if webinar is None:
                return JSONResponse({"error": "There is no such webinar."}, 404)
            instances = [span(instance) for instance in hold(self._account, webinar, options)]
        return JSONResponse({"webinar_id": webinar.id, "instances": instances})

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


async def refuse_order(_request: Request, error: Exception) -> Response:
    """Answer an order whose body does not fit."""
    wrong = error.errors() if isinstance(error, ValidationError) else []
    errors = [{"field": ".".join(map(str, fault["loc"])), "message": fault["msg"]} for fault in wrong]
    return JSONResponse({"error": "The order is not understood.", "errors": errors}, 400)
