"""Kept answers, bounded in bytes. What is asked for once drives out nothing that is asked for again and again."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from ...store.db.snapshot import Readings
from .answer import Answer
from .asked import Asked

_PROBATION = 4  # part of the bytes for answers that were asked for once


@dataclass(slots=True)
class Entry:
    """A kept answer, with what decides for how long it stands."""

    answer: Answer
    readings: Readings  # what it was made of
    since: datetime
    until: datetime | None  # when it changes by the clock alone
    settings: object  # those that it was made with
    mark: object  # of the database, when it was read last
    is_outdated: bool = False  # whether one of its rows has changed

    def stands(self, settings: object, now: datetime) -> bool:
        """Return whether it stands if its rows do."""
        return (
            not self.is_outdated
            and self.settings == settings
            and self.since <= now
            and (self.until is None or now < self.until)
        )


class Shelf:
    """Entries by what they answer, the least recently used first. It belongs to one thread."""

    def __init__(self, limit: int, each: int) -> None:
        """`limit`: bytes of all, `each`: the most of one."""
        self._limit, self._each = limit, each
        self._new: OrderedDict[Asked, tuple[Entry, int]] = OrderedDict()  # asked for once
        self._used: OrderedDict[Asked, tuple[Entry, int]] = OrderedDict()
        self._bytes = {id(self._new): 0, id(self._used): 0}

    @property
    def size(self) -> int:
        """The bytes of all entries."""
        return sum(self._bytes.values())

    def find(self, asked: Asked) -> Entry | None:
        """Find an entry, which counts as used now."""
        if found := self._used.get(asked):
            self._used.move_to_end(asked)
            return found[0]
        if asked not in self._new:
            return None
        entry, size = self._new[asked]
        self._drop(self._new, asked)
        self._add(self._used, asked, entry, size)
        self._shrink(self._used, self._limit - self._limit // _PROBATION)
        return entry

    def forms_of(self, path: str) -> tuple[Asked, ...]:
        """List what is kept of an address."""
        return tuple(asked for place in (self._used, self._new) for asked in place if asked.path == path)

    def keep(self, asked: Asked, entry: Entry) -> None:
        """Keep an entry in the place of an earlier one, unless it is too large."""
        place = self._used if asked in self._used else self._new
        self.drop(asked)
        size = entry.answer.size + entry.readings.size
        if size <= self._each:
            self._add(place, asked, entry, size)
            part = self._limit // _PROBATION
            self._shrink(place, part if place is self._new else self._limit - part)

    def drop(self, asked: Asked) -> None:
        """Keep it no longer. Idempotent."""
        for place in (self._new, self._used):
            if asked in place:
                self._drop(place, asked)

    def _add(self, place: OrderedDict[Asked, tuple[Entry, int]], asked: Asked, entry: Entry, size: int) -> None:
        place[asked] = entry, size
        self._bytes[id(place)] += size

    def _drop(self, place: OrderedDict[Asked, tuple[Entry, int]], asked: Asked) -> None:
        self._bytes[id(place)] -= place.pop(asked)[1]

    def _shrink(self, place: OrderedDict[Asked, tuple[Entry, int]], limit: int) -> None:
        while self._bytes[id(place)] > limit:
            self._drop(place, next(iter(place)))
