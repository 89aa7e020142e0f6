"""A simulated Zoom: the practice Zoom's accounts without sockets, in virtual time; each call takes its time."""

import io
import json
import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict

from tests.bench.simulation.load import LENGTH, Load, Planned, hosts_of
from tests.bench.simulation.time import World
from zoom_ops.sandbox import SandboxOptions, SandboxUser
from zoom_ops.sandbox.account import Account
from zoom_ops.sandbox.api.holding import Hold, hold
from zoom_ops.sandbox.api.router import answer, label_of
from zoom_ops.sandbox.calls import Call, Reply
from zoom_ops.sandbox.ids import Names
from zoom_ops.sandbox.notifications import sign
from zoom_ops.sandbox.records import Notification
from zoom_ops.transport import Transport

SECRET = "simulated-webhook-secret"
DOMAIN = "zoom.example.org"
CALL_S, CALL_SPREAD, LONGEST_CALL_S = 0.3, 0.5, 5.0  # of a call: median, sigma of its logarithm, maximum
TELL_S, TELL_SPREAD = 2.0, 0.5  # from an event at Zoom until its notification
_PRACTICE = "https://zoom.example.org"

Ear = Callable[[str, Mapping[str, str], bytes], int]


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A recording that has become available at Zoom."""

    event: str
    at: datetime
    told: bool  # whether its notification arrives; else it is lost


@dataclass(kw_only=True)
class Counted:
    """The counts of Zoom since a simulation began."""

    calls: Counter[str] = field(default_factory=Counter)  # by verb: "GET /webinars/*"
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)  # by account and label
    peaks: dict[tuple[str, str], int] = field(default_factory=dict)  # most in a sliding second
    statuses: Counter[int] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)  # notifications by outcome: taken, lost, a status
    cpu_s: float = 0.0  # the processor time of the simulation of Zoom


class SimulatedZoom:
    """Many Zoom accounts, with the receiver of their notifications."""

    def __init__(self, world: World, load: Load) -> None:
        self._world, self._load = world, load
        self._chance = random.Random(f"zoom {load.seed}")
        self.names = Names()  # of all accounts, so that no id is used twice
        self.accounts = {name: self._open(name) for name in load.names}
        self.webinars: dict[str, list[int]] = {}  # by event, according to the marker in their agenda
        self.recorded: dict[str, Recorded] = {}  # by the uuid of the instance
        self.counted = Counted()
        self.ear: Ear = lambda _account, _headers, _body: 204
        self.loses = True  # whether notifications get lost, as the load says
        self._events: dict[str, str] = {}  # of the instances held, by uuid
        self._thread = threading.local()

    def connected(self) -> AbstractContextManager[Any]:
        """Handle all requests of this process during the block."""
        return patch.object(Transport, "send", lambda _transport, request, **_options: self.carry(request))

    def carry(self, request: PreparedRequest) -> Response:
        """Carry a request to Zoom and its answer back; each way takes half of the call's time."""
        name, call = _call_of(request)
        account, label = self.accounts[name], label_of(call)  # none for a token
        takes = self._draw(CALL_S, CALL_SPREAD) if label else 0.0
        self._world.sleep(takes / 2)
        began = time.thread_time()
        with account.settled():
            reply = answer(account, call)
        self._count(name, label, call, reply)
        self._note_created(call, reply)
        self._tell(name)
        self._spend(began)
        self._world.sleep(takes / 2)
        return _response_of(request, reply)

    def hold(self, planned: Planned) -> bool:
        """Hold an event's webinar now, or continue it; return False if there is none."""
        began, account = time.thread_time(), self.accounts[planned.account]
        with account.settled():
            webinar = next(filter(None, map(account.find_webinar, self.webinars.get(planned.id, ()))), None)
            if webinar is None:
                return False
            (instance,) = hold(account, webinar, _how(planned, self._world.now()))
            self._events[instance.uuid] = planned.id
        self._tell(planned.account)
        self._go_on(planned.account)
        self._spend(began)
        return True

    def reset_counts(self) -> None:
        """Reset the counts."""
        self.counted = Counted()
        self.recorded.clear()

    def spent_here(self) -> float:
        """Return the processor time that the simulation of Zoom has used in this thread."""
        return float(getattr(self._thread, "cpu_s", 0.0))

    def _open(self, name: str) -> Account:
        users = tuple(SandboxUser(email=email) for email in hosts_of(name, self._load.hosts))
        plan: Literal["pro", "business"] = "pro" if self._load.plan == "pro" else "business"
        account = Account(SandboxOptions(listen="127.0.0.1:0", plan=plan, users=users), self._world)
        account.names, account.address = self.names, _PRACTICE
        return account

    def _draw(self, median: float, spread: float) -> float:
        return min(LONGEST_CALL_S, self._chance.lognormvariate(math.log(median), spread))

    def _count(self, name: str, label: str | None, call: Call, reply: Reply) -> None:
        counted = self.counted
        counted.statuses[reply.status] += 1
        counted.calls[shape_of(call)] += 1
        if label:
            key = (name, label)
            counted.labels[key] += 1
            recent = len(self.accounts[name].counters.recent[label])
            counted.peaks[key] = max(recent, counted.peaks.get(key, 0))

    def _note_created(self, call: Call, reply: Reply) -> None:
        if call.method == "POST" and reply.status == 201 and reply.body and call.path.endswith("/webinars"):
            event_id = str(reply.body["agenda"]).rpartition("/")[2]
            self.webinars.setdefault(event_id, []).append(int(reply.body["id"]))

    def _go_on(self, name: str) -> None:
        """Run what is due on an account's agenda."""
        if following := self.accounts[name].next_due():
            self._world.at(following, lambda: self._happen(name))

    def _happen(self, name: str) -> None:
        began = time.thread_time()
        with self.accounts[name].settled():
            pass
        self._tell(name)
        self._go_on(name)
        self._spend(began)

    def _spend(self, began: float) -> None:
        spent = time.thread_time() - began
        self.counted.cpu_s += spent
        self._thread.cpu_s = self.spent_here() + spent

    def _tell(self, name: str) -> None:
        """Send the notifications of an account, except those that get lost."""
        account = self.accounts[name]
        notifications, account.notifications = account.notifications, []
        for notification in notifications:
            lost = self._chance.random() < self._load.lost and self.loses
            self._note_recorded(notification, lost)
            if lost:
                self.counted.told["lost"] += 1
            else:
                self._world.after(self._draw(TELL_S, TELL_SPREAD), lambda sent=notification: self._deliver(name, sent))

    def _deliver(self, name: str, notification: Notification) -> None:
        stamp = int(self._world.now().timestamp())
        headers = {
            "content-type": "application/json",
            "x-zm-request-id": notification.request_id,
            "x-zm-request-timestamp": str(stamp),
            "x-zm-signature": sign(SECRET, stamp, notification.body),
        }
        status = self.ear(name, headers, notification.body)
        self.counted.told["taken" if status == 204 else str(status)] += 1

    def _note_recorded(self, notification: Notification, lost: bool) -> None:
        if notification.event == "recording.completed":
            uuid = json.loads(notification.body)["payload"]["object"]["uuid"]
            self.recorded[uuid] = Recorded(event=self._events[uuid], at=self._world.now(), told=not lost)


def address_of(account: str) -> str:
    """Return the address of an account."""
    return f"https://{account}.{DOMAIN}"


def _how(planned: Planned, now: datetime) -> Hold:
    """Return how an event's webinar is held from now on; its past part happens at once."""
    ended = max(planned.end, now)
    return Hold(
        start=planned.start,
        minutes=LENGTH.total_seconds() / 60,
        live_s=(ended - now).total_seconds(),
        processing_s=(planned.available - ended).total_seconds(),
        transcript=False,
    )


def shape_of(call: Call) -> str:
    """Return the method and path of a call, without the numbers and addresses in it."""
    parts = call.path.removeprefix("/v2").split("/")
    return f"{call.method} " + "/".join("*" if place in (2, 4) else part for place, part in enumerate(parts))


def _call_of(request: PreparedRequest) -> tuple[str, Call]:
    """Read a request as the practice Zoom does; return its account and call."""
    url = urlsplit(request.url or "")
    body = request.body or b""
    call = Call(
        method=request.method or "",
        path=url.path,
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={name.lower(): str(value) for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else bytes(body),
        base=_PRACTICE,
    )
    return (url.hostname or "").partition(".")[0], call


def _response_of(request: PreparedRequest, reply: Reply) -> Response:
    response = Response()
    response.status_code, response.request, response.url = reply.status, request, request.url or ""
    response.headers = CaseInsensitiveDict({"content-type": "application/json;charset=UTF-8", **dict(reply.headers)})
    response.raw = io.BytesIO(reply.content())
    return response
