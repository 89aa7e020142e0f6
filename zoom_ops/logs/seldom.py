"""Lines of the log that come a few times a minute at most, with how often there was reason for them."""

import logging
from datetime import datetime
from threading import Lock

import structlog
from structlog.typing import EventDict, WrappedLogger

FROM_STRANGERS = (
    "home_call_refused", "notification_refused", "page_not_kept", "page_not_read_again", "page_stream_ended",
    "picture_dropped", "picture_not_drawn", "picture_put_off", "probe_failed", "request_failed", "request_put_off",
    "sign_in_not_proven", "sign_in_provider_failed", "sign_out_not_proven",
)  # fmt: skip
"""Lines that anybody may cause at will; what is refused has lines with addresses, too, see `operations/refusals`."""
MOST_A_MINUTE = 10  # lines of each of them

_EVERY_S = 60.0
_KINDS = 100  # kinds of lines that are told apart


class Seldom:
    """Counts what happens, by kind. Times are seconds."""

    def __init__(self, every_s: float = _EVERY_S, most: int = 1) -> None:
        """In each time of `every_s`, at `most` so many of a kind are told."""
        self._every_s, self._most, self._lock = every_s, most, Lock()
        self._kinds: dict[str, tuple[float, int, int]] = {}  # when the time began, how many it told and left out

    def count(self, kind: str, now: float) -> int:
        """Count once more. Return how often it happened since it was told, if it is to be told now, else 0."""
        with self._lock:
            if kind not in self._kinds and len(self._kinds) >= _KINDS:
                self._forget_old(now)
                kind = kind if len(self._kinds) < _KINDS else ""
            began, told, left_out = self._kinds.get(kind, (now, 0, 0))
            if self._is_over(began, now):
                began, told = now, 0
            is_due = told < self._most
            self._kinds[kind] = (began, told + 1, 0) if is_due else (began, told, left_out + 1)
        return left_out + 1 if is_due else 0

    def _is_over(self, began: float, now: float) -> bool:
        return abs(now - began) >= self._every_s  # also when the clock was put back

    def _forget_old(self, now: float) -> None:
        self._kinds = {kind: known for kind, known in self._kinds.items() if not self._is_over(known[0], now)}


class SeldomFilter(logging.Filter):
    """Lets each message through once a minute: a client decides how often uvicorn and asyncio have reason to warn."""

    def __init__(self) -> None:
        super().__init__()
        self._seldom = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is written; add how often it stands for."""
        error = record.exc_info[1] if record.exc_info else None
        times = self._seldom.count(f"{record.msg} {error!r}"[:200], record.created)
        if times > 1:
            record.msg = f"{record.msg} ({times} times)"
        return times > 0


class SeldomFromStrangers:
    """Drops lines FROM_STRANGERS beyond MOST_A_MINUTE; the first one of a later minute says how many were left out."""

    def __init__(self) -> None:
        self._seldom = Seldom(most=MOST_A_MINUTE)

    def __call__(self, _logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        """Pass a line on, or raise DropEvent. `timestamp` is in ISO 8601."""
        name = event_dict.get("event")
        if name not in FROM_STRANGERS:
            return event_dict
        times = self._seldom.count(name, datetime.fromisoformat(event_dict["timestamp"]).timestamp())
        if not times:
            raise structlog.DropEvent
        return {**event_dict, "left_out": times - 1} if times > 1 else event_dict
