"""The control endpoints of the sandbox, under `/_sandbox`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..account import Account
from ..api.holding import Hold, hold
from ..calls import Json
from ..zones import write_instant
from .faults import Fault, Faults
from .snapshot import snapshot


class LagBody(BaseModel):
    """How long new webinars are missing from lists."""

    model_config = ConfigDict(extra="forbid")
    seconds: float = Field(ge=0)


class AdvanceBody(BaseModel):
    """How far the sandbox's clock moves forward."""

    model_config = ConfigDict(extra="forbid")
    advance_s: float = Field(ge=0)


@dataclass(frozen=True, kw_only=True)
class ControlCall:
    """A call of a control: the body, and the webinar id in the path if there is one."""

    body: bytes
    webinar_id: int | None = None


Control = Callable[[ControlCall], Response]


class Controls:
    """The control endpoints of one sandbox."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self._account = account
        self._faults = faults

    def routes(self) -> list[Route]:
        """Return the routes, all of them below `/_sandbox`."""
        table: list[tuple[str, str, Control]] = [
            ("GET", "/_sandbox/requests", self._requests),
            ("GET", "/_sandbox/state", self._state),
            ("POST", "/_sandbox/webinars/{webinar_id:int}/hold", self._hold),
            ("POST", "/_sandbox/faults", self._order_fault),
            ("DELETE", "/_sandbox/faults", self._clear_faults),
            ("POST", "/_sandbox/list_lag", self._set_list_lag),
            ("POST", "/_sandbox/clock", self._advance_clock),
            ("DELETE", "/_sandbox", self._reset),
        ]
        return [Route(path, _endpoint(control), methods=[method]) for method, path, control in table]

    def _requests(self, _call: ControlCall) -> Response:
        with self._account.settled():
            return JSONResponse(list(self._account.requests))

    def _state(self, _call: ControlCall) -> Response:
        with self._account.settled():
            return JSONResponse(snapshot(self._account))

    def _hold(self, call: ControlCall) -> Response:
        options = Hold.model_validate_json(call.body or b"{}")
        with self._account.settled():
            webinar = self._account.find_webinar(call.webinar_id or 0)
            if webinar is None:
                return JSONResponse({"error": "There is no such webinar."}, 404)
            instances = hold(self._account, webinar, options)
            entries: list[Json] = [
                {
                    "uuid": instance.uuid,
                    "start_time": write_instant(instance.start),
                    "end_time": write_instant(instance.end),
                }
                for instance in instances
            ]
        return JSONResponse({"webinar_id": webinar.id, "instances": entries})

    def _order_fault(self, call: ControlCall) -> Response:
        fault = Fault.model_validate_json(call.body or b"{}")
        with self._account.lock:
            self._faults.add(fault)
            active = [fault.model_dump() for fault in self._faults.active()]
        return JSONResponse({"faults": active})

    def _clear_faults(self, _call: ControlCall) -> Response:
        with self._account.lock:
            self._faults.clear()
        return Response(status_code=204)

    def _set_list_lag(self, call: ControlCall) -> Response:
        lag = LagBody.model_validate_json(call.body or b"{}")
        with self._account.lock:
            self._account.list_lag = timedelta(seconds=lag.seconds)
        return JSONResponse({"seconds": lag.seconds})

    def _advance_clock(self, call: ControlCall) -> Response:
        seconds = AdvanceBody.model_validate_json(call.body or b"{}").advance_s
        with self._account.settled():
            self._account.clock.advance(seconds)
            self._account.settle()
            self._account.changed.notify_all()
            return JSONResponse({"now": write_instant(self._account.now())})

    def _reset(self, _call: ControlCall) -> Response:
        with self._account.lock:
            self._faults.clear()
            self._account.reset()
        return Response(status_code=204)


def _endpoint(control: Control) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        call = ControlCall(webinar_id=request.path_params.get("webinar_id"), body=await request.body())
        try:
            return await run_in_threadpool(control, call)
        except ValidationError as error:
            errors = [{"field": ".".join(map(str, wrong["loc"])), "message": wrong["msg"]} for wrong in error.errors()]
            return JSONResponse({"error": "The order is not understood.", "errors": errors}, 400)

    return answer
