"""Lines of the log that come once a minute at most, with how often it happened."""

import logging

_EVERY_S = 60.0
_KINDS = 100  # kinds of lines that are told apart


class Seldom:
    """Counts what happens, by kind. Times are seconds."""

    def __init__(self, every_s: float = _EVERY_S) -> None:
        self._every_s = every_s
        self._kinds: dict[str, tuple[float, int]] = {}  # when it was told, and how often it happened since

    def count(self, kind: str, now: float) -> int:
        """Count once more. Return how often it happened since it was told, if it is to be told now, else 0."""
        if kind not in self._kinds and len(self._kinds) >= _KINDS:
            self._forget_old(now)
            kind = kind if len(self._kinds) < _KINDS else ""
        told, times = self._kinds.get(kind, (now - self._every_s, 0))
        is_due = now - told >= self._every_s
        self._kinds[kind] = (now, 0) if is_due else (told, times + 1)
        return times + 1 if is_due else 0

    def _forget_old(self, now: float) -> None:
        self._kinds = {kind: known for kind, known in self._kinds.items() if now - known[0] < self._every_s}


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
