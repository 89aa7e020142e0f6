"""Sending to operators with Apprise, in a process of its own for each message.

Apprise reads the whole of any answer, also one without an end. So the process has limits of memory and time. It follows
no redirect, keeps nothing on the disk, and says nothing of an address. Each target is sent to by itself.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

import structlog

from ..errors import shorten
from ..events import clean_line
from ..store.alerts import Severity
from ..system.apart import run_apart
from .targets import Target, Wrong, hide_address

log = structlog.get_logger()
_ANSWER_LIMIT = 160
_STARTS_S = 10.0  # seconds that a process may take to start on a busy machine
_STATUS = re.compile(r"error=(\d{3})\b")
_TYPES: dict[Severity | Literal["over"], str] = {  # how Apprise colours a message
    "info": "info", "warning": "warning", "critical": "failure", "over": "success",
}  # fmt: skip
_one_at_a_time = Lock()  # a process takes memory


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result of an attempt; its sentence has no part of the address."""

    taken: bool
    sentence: str


class Notifier:
    """Sends messages to targets, for all threads. Waits are in seconds; `deadline_s` limits the whole attempt."""

    def __init__(self, *, read_s: float = 10, deadline_s: float = 30) -> None:
        self._waits = {"read_s": read_s, "deadline_s": deadline_s}

    def send(self, target: Target, title: str, body: str, severity: Severity | Literal["over"]) -> Answer:
        """Send a message once. Raises nothing for a failure: that is an Answer, too."""
        order = {"url": target.url, "title": title, "body": body, "colour": _TYPES[severity], **self._waits}
        try:
            answer = _judge(carry_out_apart(order), target.url)
        except TimeoutError:
            answer = Answer(taken=False, sentence="It did not answer in time.")
        except OSError as error:
            answer = Answer(taken=False, sentence=f"It could not be sent ({type(error).__name__}).")
        log.info("operators_told", target=target.label, taken=answer.taken)
        return answer

    def find_wrong(self, targets: Iterable[Target]) -> tuple[Wrong, ...]:
        """List the targets that cannot be used, with the reason. What cannot be found out now, sending tells."""
        given = tuple(targets)
        if not given:
            return ()
        try:
            outcome = carry_out_apart({"urls": [target.url for target in given], **self._waits})
        except OSError as error:  # also if it took too long
            log.warning("targets_unchecked", error=type(error).__name__)
            return ()
        return tuple(
            Wrong(id=target.id, label=target.label, why=_clean(why, target.url))
            for target, why in zip(given, outcome.get("faults", ()), strict=False)
            if why
        )


def carry_out_apart(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """Carry out an order in a process of its own, one at a time; the outcome is that of `sending.carry_out`.

    Raise TimeoutError if it took too long, and another OSError if no process could be started.
    """
    time_s = order["deadline_s"] + _STARTS_S
    with _one_at_a_time:
        ended = run_apart("zoom_ops.alerting", given=json.dumps(order).encode(), time_s=time_s, inherits=True)
    return {"stopped": True} if ended.reason else json.loads(ended.written.rpartition(b"\n")[2])


def _judge(outcome: Mapping[str, Any], url: str) -> Answer:
    """Say in a sentence what came of an attempt."""
    match outcome:
        case {"taken": True}:
            return Answer(taken=True, sentence="It took the message.")
        case {"wrong": why}:
            sentence = f"It cannot be used: {_clean(why, url)}"
        case {"raised": kind}:
            sentence = f"It could not be sent ({kind})."
        case {"late": True}:
            sentence = "It did not answer in time."
        case {"stopped": True}:
            sentence = "It was broken off: its answer takes more memory or time than there is."
        case _:
            text = clean_line(str(outcome.get("said", "")))
            status = _STATUS.search(text)
            sentence = (
                f"It answered HTTP {status[1]}." if status else f"It did not take the message. {_clean(text, url)}"
            )
    return Answer(taken=False, sentence=shorten(sentence.strip(), _ANSWER_LIMIT))


def _clean(text: str, url: str) -> str:
    return shorten(clean_line(hide_address(text, url)), _ANSWER_LIMIT)
