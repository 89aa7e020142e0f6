"""A website of events outside the product: links at its events, and a log of all writes.

It runs in the process of the tests, so that no kill of a daemon affects it. Each POST makes a link with a new number: a
client that posts twice makes two links.
"""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from tests.loopback import Asked, Loopback

Method = Literal["GET", "POST", "DELETE"]
Link = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Write:
    """A write that was carried out; `key` is the client's name for the link."""

    method: Method
    event: str
    key: str


@dataclass(kw_only=True)
class Fault:
    """A fault of requests: a refusal with 503 with nothing done, a write that is carried out late, a lost answer."""

    method: Method
    do: Literal["refuse", "late", "drop"]
    times: int | None  # None: no limit
    rate: float
    seconds: float

    def befalls(self, method: str, chance: random.Random) -> bool:
        """Return whether the fault applies to this request, and count it."""
        if method != self.method or self.times == 0 or chance.random() >= self.rate:
            return False
        self.times = self.times and self.times - 1
        return True


class EventSite(Loopback):
    """The website, during the block."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[Write] = []
        self.lost = 0  # the number of writes that were carried out and never answered
        self._links: dict[int, tuple[str, Link]] = {}  # by number: the event, and the link
        self._faults: list[Fault] = []
        self._chance = random.Random(20400131)
        self._numbers = count(1)
        self._lock = threading.Lock()

    def fault(
        self, method: Method, do: Literal["refuse", "late", "drop"], *, times: int | None = None, rate: float = 1.0,
        seconds: float = 0.0,
    ) -> None:  # fmt: skip
        """Add a fault."""
        self._faults.append(Fault(method=method, do=do, times=times, rate=rate, seconds=seconds))

    def mend(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def links(self, event: str) -> list[Link]:
        """List the links at an event."""
        with self._lock:
            return [link for at, link in self._links.values() if at == event]

    def written(self, method: Method) -> Counter[tuple[str, str]]:
        """Count the writes with this method that were carried out, by event and key."""
        return Counter((write.event, write.key) for write in self.writes if write.method == method)

    def hear(self, asked: Asked) -> tuple[int, bytes] | None:
        """Carry out a request unless a fault applies to it."""
        with self._lock:
            met = {fault.do: fault.seconds for fault in self._faults if fault.befalls(asked.method, self._chance)}
        time.sleep(met.get("late", 0.0))  # whether or not the client still lives
        with self._lock:
            status, reply = (503, None) if "refuse" in met else self._carry_out(asked)
            self.lost += "drop" in met and status != 503
        return None if "drop" in met else (status, b"" if reply is None else json.dumps(reply).encode())

    def _carry_out(self, request: Asked) -> tuple[int, Any]:
        """Carry out a request to /events/EVENT/links or /events/EVENT/links/NUMBER."""
        _, _, event, _, *numbers = request.path.split("/")
        if request.method == "GET":
            return 200, [link for at, link in self._links.values() if at == event]
        if request.method == "POST":
            number = next(self._numbers)
            self._links[number] = (event, {**json.loads(request.body), "id": number})
            self.writes.append(Write(method="POST", event=event, key=self._links[number][1]["key"]))
            return 201, {"id": number}
        _, link = self._links.pop(int(numbers[0]), (event, None))
        if link is None:
            return 404, None
        self.writes.append(Write(method="DELETE", event=event, key=link["key"]))
        return 204, None
