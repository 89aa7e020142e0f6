"""The right to send one request at once, taken before the intent to send it is written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local

from ..errors import AmbiguousError, ConfigurationError, TemporaryError, WaitingError
from .client import Client
from .limits import Limits
from .verbs import Verb


@dataclass(kw_only=True)
class _Slot:
    verb: Verb
    host: str
    day: str  # of the host's 100; empty where the verb does not count
    used: bool = False


class Slots:
    """What this thread may send: a place in the account's pace, and one of the host's 100 a day."""

    def __init__(self, client: Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._thread = local()

    @contextmanager
    def take(self, verb: Verb, host: str = "", *, operator: bool = False) -> Iterator[None]:
        """Take what the next `verb` of this thread needs; what the block does not use is given back."""
        self._client.warm()
        host = host if verb.counted else ""
        slot = self._open(verb, host, operator=operator)
        self._thread.slot = slot
        try:
            yield
        finally:
            self._thread.slot = None
            if not slot.used:
                self._give_back(slot)

    @contextmanager
    def use(self, verb: Verb, host: str) -> Iterator[None]:
        """Use the slot that was taken, or take one; what was certainly not sent does not count."""
        slot = getattr(self._thread, "slot", None)
        if slot is None or slot.used or slot.verb is not verb or slot.host != host:
            slot = self._open(verb, host)
        slot.used = True
        try:
            yield
        except AmbiguousError:
            raise
        except (TemporaryError, ConfigurationError):
            self._give_back(slot)
            raise

    def _open(self, verb: Verb, host: str, *, operator: bool = False) -> _Slot:
        day = self._limits.count(host, operator=operator) if verb.counted else ""
        slot = _Slot(verb=verb, host=host, day=day)
        try:
            self._limits.reserve(verb.label)
        except (TemporaryError, WaitingError):
            self._give_back(slot)
            raise
        return slot

    def _give_back(self, slot: _Slot) -> None:
        if slot.day:
            self._limits.uncount(slot.host, slot.day)
            slot.day = ""
