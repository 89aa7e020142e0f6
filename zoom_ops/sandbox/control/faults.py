"""Faults that a test orders: what goes wrong, for which calls, how often."""

import random
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..account import Account
from ..calls import Json, Refusal, Reply
from ..limits import HEAVY_PER_DAY, PER_SECOND, concurrent, daily, host_day, registrant_day, too_fast

_COMMITS_UNLESS_TOLD = ("drop_response", "delay", "drip")
PAGE = "<!DOCTYPE html><html><head><title>Zoom</title></head><body><h1>Error - Zoom</h1></body></html>"


class Fault(BaseModel):
    """A fault.

    `match` is a method and a path without `/v2`: `*` stands for one part of a path, `**` for any number of them. It
    hits `times` calls (None: all), each with the chance `rate`. `after_commit`: the call is carried out first, or not
    at all; None means first for drop_response, delay and drip. A `late` call is carried out after `seconds`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: str = "* **"
    do: Literal["drop_response", "http", "429", "delay", "late", "drip", "reset", "html"]
    status: int | None = Field(default=None, ge=200, le=599)
    code: int | None = None
    message: str | None = None
    body: Json | None = None  # for http: all that is answered, in place of code and message
    seconds: float = Field(default=5, ge=0)
    bytes_per_s: float = Field(default=10, gt=0)
    kind: Literal["qps", "daily", "host_day", "registrant", "concurrent"] = "qps"
    times: int | None = Field(default=None, ge=1)
    rate: float = Field(default=1, ge=0, le=1)
    after_commit: bool | None = None

    @property
    def commits(self) -> bool:
        """Tell whether the call is carried out all the same."""
        return self.do in _COMMITS_UNLESS_TOLD if self.after_commit is None else self.after_commit

    def fits(self, method: str, path: str) -> bool:
        """Tell whether a call is meant."""
        wanted_method, _, pattern = self.match.strip().partition(" ")
        if wanted_method not in ("*", method):
            return False
        parts = [
            ".*" if part in ("**", "") else re.escape(part).replace(r"\*", "[^/]*")
            for part in pattern.strip("/").split("/")
        ]
        return bool(re.fullmatch("/".join(parts), path.strip("/")))


class Faults:
    """The faults that are in force, the oldest first."""

    def __init__(self) -> None:
        self._faults: list[tuple[Fault, int]] = []
        self._chance = random.Random(4100)  # noqa: S311 - the same every time, so that a test can be repeated

    def order(self, fault: Fault) -> None:
        """Put a fault in force."""
        self._faults.append((fault, 0))

    def clear(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def in_force(self) -> list[Fault]:
        """Tell the faults that may still hit."""
        return [fault for fault, hits in self._faults if fault.times is None or hits < fault.times]

    def strike(self, method: str, path: str) -> Fault | None:
        """Find the fault that hits this call, and count it."""
        for place, (fault, hits) in enumerate(self._faults):
            spent = fault.times is not None and hits >= fault.times
            if not spent and fault.fits(method, path) and self._chance.random() < fault.rate:
                self._faults[place] = (fault, hits + 1)
                return fault
        return None


def faulty_reply(account: Account, fault: Fault, label: str | None, email: str) -> Reply:
    """Build the answer of a call that was not carried out: an error, 503 unless another is ordered, or a 429."""
    if fault.do == "429":
        return _limit(account, fault, label or "LIGHT", email).reply()
    status = fault.status or 503
    refusal: Json = {"code": fault.code or status, "message": fault.message or "Internal server error."}
    return Reply(status=status, body=refusal if fault.body is None else fault.body)


def _limit(account: Account, fault: Fault, label: str, email: str) -> Refusal:
    plan = account.options.plan
    return {
        "qps": lambda: too_fast(label, PER_SECOND[plan][label]),
        "daily": lambda: daily(label, HEAVY_PER_DAY[plan], account.now()),
        "host_day": lambda: host_day(plan),
        "registrant": lambda: registrant_day(email),
        "concurrent": concurrent,
    }[fault.kind]()
