"""The controls of the sandbox, under `/_sandbox`: what happened, what shall happen, what shall go wrong."""

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


class Lag(BaseModel):
    """For how long a new webinar is missing from lists."""

    model_config = ConfigDict(extra="forbid")
    seconds: float = Field(ge=0)


class Advance(BaseModel):
    """By how much the sandbox's clock is moved on."""

    model_config = ConfigDict(extra="forbid")
    advance_s: float = Field(ge=0)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked of a control."""

    body: bytes
    webinar_id: int | None = None


Control = Callable[[Order], Response]


class Controls:
    """The control endpoints of one sandbox."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self._account = account
        self._faults = faults

    def routes(self) -> list[Route]:
        """Tell the routes, all of them below `/_sandbox`."""
        table: list[tuple[str, str, Control]] = [
            ("GET", "/_sandbox/requests", self._requests),
            ("GET", "/_sandbox/state", self._state),
            ("POST", "/_sandbox/webinars/{webinar_id:int}/hold", self._hold),
            ("POST", "/_sandbox/faults", self._order_fault),
            ("DELETE", "/_sandbox/faults", self._clear_faults),
            ("POST", "/_sandbox/list_lag", self._lag),
            ("POST", "/_sandbox/clock", self._advance),
            ("DELETE", "/_sandbox", self._forget),
        ]
        return [Route(path, _endpoint(control), methods=[method]) for method, path, control in table]

    def _requests(self, _order: Order) -> Response:
        with self._account.settled():
            return JSONResponse(list(self._account.requests))

    def _state(self, _order: Order) -> Response:
        with self._account.settled():
            return JSONResponse(snapshot(self._account))

    def _hold(self, order: Order) -> Response:
        asked = Hold.model_validate_json(order.body or b"{}")
        with self._account.settled():
            webinar = self._account.find_webinar(order.webinar_id or 0)
            if webinar is None:
                return JSONResponse({"error": "There is no such webinar."}, 404)
            instances = hold(self._account, webinar, asked)
            told: list[Json] = [
                {
                    "uuid": one.uuid,
                    "start_time": write_instant(one.start),
                    "end_time": write_instant(one.end),
                }
                for one in instances
            ]
        return JSONResponse({"webinar_id": webinar.id, "instances": told})

    def _order_fault(self, order: Order) -> Response:
        fault = Fault.model_validate_json(order.body or b"{}")
        with self._account.lock:
            self._faults.order(fault)
            in_force = [one.model_dump() for one in self._faults.in_force()]
        return JSONResponse({"faults": in_force})

    def _clear_faults(self, _order: Order) -> Response:
        with self._account.lock:
            self._faults.clear()
        return Response(status_code=204)

    def _lag(self, order: Order) -> Response:
        asked = Lag.model_validate_json(order.body or b"{}")
        with self._account.lock:
            self._account.list_lag = timedelta(seconds=asked.seconds)
        return JSONResponse({"seconds": asked.seconds})

    def _advance(self, order: Order) -> Response:
        asked = Advance.model_validate_json(order.body or b"{}")
        with self._account.settled():
            self._account.clock.advance(asked.advance_s)
            self._account.settle()
            self._account.changed.notify_all()
            return JSONResponse({"now": write_instant(self._account.now())})

    def _forget(self, _order: Order) -> Response:
        with self._account.lock:
            self._faults.clear()
            self._account.forget()
        return Response(status_code=204)


def _endpoint(control: Control) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        order = Order(webinar_id=request.path_params.get("webinar_id"), body=await request.body())
        try:
            return await run_in_threadpool(control, order)
        except ValidationError as error:
            found = [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
            return JSONResponse({"error": "The order is not understood.", "errors": found}, 400)

    return answer
