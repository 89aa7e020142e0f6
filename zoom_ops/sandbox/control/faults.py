"""Faults that a caller of the controls orders."""

import random
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..account import Account
from ..calls import Json, Reply
from ..limits import HEAVY_PER_DAY, PER_SECOND, concurrent, daily, host_day, registrant_day, too_fast

_COMMITTED_BY_DEFAULT = ("drop_response", "delay", "drip")
PAGE = "<!DOCTYPE html><html><head><title>Zoom</title></head><body><h1>Error - Zoom</h1></body></html>"


class Fault(BaseModel):
    """A fault that hits calls of the API.

    `match`: a method and a path without `/v2`. `*` stands for one part of the path, `**` for any number of parts.
    `times`: how many calls it hits; None means all. `rate`: the chance that it hits a call. `after_commit`: True
    carries the call out before the fault, False does not. None means True for drop_response, delay and drip, else
    False. A `late` call is carried out after `seconds`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: str = "* **"
    do: Literal["drop_response", "http", "429", "delay", "late", "drip", "reset", "html"]
    status: int | None = Field(default=None, ge=200, le=599)
    code: int | None = None
    message: str | None = None
    body: Json | None = None  # for http: the JSON of the reply, in place of code and message
    seconds: float = Field(default=5, ge=0)
    bytes_per_s: float = Field(default=10, gt=0)
    kind: Literal["qps", "daily", "host_day", "registrant", "concurrent"] = "qps"
    times: int | None = Field(default=None, ge=1)
    rate: float = Field(default=1, ge=0, le=1)
    after_commit: bool | None = None

    @property
    def commits(self) -> bool:
        """Return whether the call is carried out before the fault."""
        return self.do in _COMMITTED_BY_DEFAULT if self.after_commit is None else self.after_commit

    def matches(self, method: str, path: str) -> bool:
        """Return whether a call fits `match`."""
        fault_method, _, pattern = self.match.strip().partition(" ")
        if fault_method not in ("*", method):
            return False
        parts = [
            ".*" if part in ("**", "") else re.escape(part).replace(r"\*", "[^/]*")
            for part in pattern.strip("/").split("/")
        ]
        return bool(re.fullmatch("/".join(parts), path.strip("/")))


class Faults:
    """The faults that may still hit a call, in the order in which they were ordered. The first that hits applies."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, int]] = []  # with the number of their hits
        self._chance = random.Random(4100)  # noqa: S311 - a fixed seed makes tests repeatable

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._faults.append((fault, 0))

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def active(self) -> list[Fault]:
        """Return the faults that may still hit a call."""
        return [fault for fault, _ in self._faults]

    def match_call(self, method: str, path: str) -> Fault | None:
        """Find the fault that hits a call, and count the hit."""
        for index, (fault, hits) in enumerate(self._faults):
            if fault.matches(method, path) and self._chance.random() < fault.rate:
                self._faults[index] = (fault, hits + 1)
                if hits + 1 == fault.times:
                    del self._faults[index]
                return fault
        return None


def faulty_reply(account: Account, fault: Fault, label: str) -> Reply:
    """Build the error reply of a call that was not carried out: 503 unless the fault names another status, or a 429."""
    if fault.do == "429":
        plan = account.options.plan
        refusals = {
            "qps": too_fast(label, PER_SECOND[plan][label]),
            "daily": daily(label, HEAVY_PER_DAY[plan], account.now()),
            "host_day": host_day(plan),
            "registrant": registrant_day("registrant@example.org"),
            "concurrent": concurrent(),
        }
        return refusals[fault.kind].reply()
    status = fault.status or 503
    refusal: Json = {"code": fault.code or status, "message": fault.message or "Internal server error."}
    return Reply(status=status, body=refusal if fault.body is None else fault.body)
