"""A calendar as a home of event records."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ...clock import Clock
from ...errors import NotFoundError
from ...readers import TakesTooMuchError, go_on, limited
from ..errors import CannotHideError, ConflictError, DriftedError, FormChangedError, NoPlaceError, StrangeAnswerError
from ..port import LONGEST_CURSOR, MOST_RECORDS, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from ..tries import iter_tries
from .check import iter_findings
from .client import CalDav, Named, TokenExpiredError
from .entries import show, stamp, with_entry, without_key
from .lines import Calendar
from .reading import find_event, iter_raws, read_record, split_id
from .settings import Settings

_ENTRY_S = 0.005  # of the processor for each entry, three times what one takes; for a large one, those of others


@dataclass(frozen=True, kw_only=True)
class _Read:
    """An entry as it was read. `event`: the number of the event in it that is the record, if it has one of its own."""

    calendar: Calendar
    event: int | None
    etag: str


class CalDavRecords:
    """The records of one calendar. It writes lines ATTACH, SEQUENCE and the stamps of time, and nothing else."""

    kind = "caldav"

    def __init__(
        self,
        name: str,
        settings: Settings,
        client: CalDav,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._settings, self._client, self._clock, self._chance = settings, client, clock, chance
        self._for_members = settings.readers == "members"
        self.capabilities = Capabilities(
            identifies="uid_property",
            updates="replace",
            lock="etag",
            audiences=("public", "members") if self._for_members else ("public",),
            members_see=settings.members_see,
            feed="sync_token" if settings.changes == "sync" else "poll",
        )

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor. A calendar with series is read in full once a day.

        Only so is it noticed that a date was taken out of a series.
        """
        day, _, token = cursor.partition(" ")
        today = f"{self._clock.now():%Y%m%d}"
        token = token if day in ("always", today) else ""
        with self._client.http.listing():
            return self._since(token, day) if self._settings.changes == "sync" else self._if_changed(token, day)

    def get(self, record_id: str) -> Raw:
        """Get a record; raise NotFoundError."""
        name, _ = split_id(record_id)
        content, _etag = self._client.read(name)
        found = next((raw for raw in iter_raws(name, content) if raw.id == record_id), None)
        if found is None:
            raise NotFoundError("record", record_id[:40])
        return found

    def parse(self, raw: Raw) -> Record:
        """Read a record. Raise BadInputError where it is no event."""
        return read_record(raw, self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a record; raise NotFoundError for an unknown record."""
        return self._show(self._read(record_id))

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry, and return it as read back."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError(f"{self.name}: visitors may read this calendar: a link for members is not written.")
        name, _ = split_id(record_id)
        for _ in iter_tries(self._clock, self._chance):
            read = self._read(record_id)
            if read.event is None:
                raise NoPlaceError("This date of a series has no entry of its own in the calendar: give it one there.")
            shown = _find(self._show(read), entry.key)
            if shown and shown.shows(entry) and not shown.digest:
                return shown
            if shown != before:
                raise DriftedError(f"{self.name}: somebody changed our link in this entry.")
            if entry.visibility == "members" and self._client.is_open(name):
                raise CannotHideError(f"{self.name} lets visitors read this entry: a link for members is not written.")
            if self._write(name, read, with_entry(read.calendar, read.event, entry)):
                return self._read_back(record_id, entry)
        raise ConflictError(f"{self.name}: somebody changes this entry again and again.")

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove the entry, whoever has changed it. Idempotent; a record that is gone is done."""
        name, _ = split_id(record_id)
        for _ in iter_tries(self._clock, self._chance):
            try:
                read = self._read(record_id)
            except NotFoundError:
                return
            if read.event is None or not _find(self._show(read), key):
                return
            if self._write(name, read, without_key(read.calendar, read.event, key)):
                break
        if _find(self.entries(record_id), key):
            raise ConflictError(f"{self.name}: somebody changes this entry again and again.")

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other."""
        return iter_findings(self._client, self._settings, self._clock)

    def _since(self, token: str, day: str) -> Changed:
        try:
            named = self._client.list_changed(token)
        except TokenExpiredError:
            token, named = "", self._client.list_changed("")
        return self._changed(named, is_all=not token, day=day)

    def _if_changed(self, token: str, day: str) -> Changed:
        about = self._client.describe()
        if token and about.ctag == token:
            return Changed(records=(), cursor=f"{day} {token}")
        return self._changed(Named(changed=self._client.list_all(), token=about.ctag), is_all=True, day=day)

    def _changed(self, named: Named, *, is_all: bool, day: str) -> Changed:
        if len(named.changed) > MOST_RECORDS:
            raise StrangeAnswerError(f"{self.name} has more than {MOST_RECORDS:,} entries.")
        records: list[Raw] = []
        try:
            with limited(len(named.changed) * _ENTRY_S):
                for name, content in self._client.read_many(named.changed):
                    go_on(name)
                    self._client.http.prepare(content)
                    records.extend(raws := tuple(iter_raws(name, content)))
                    self._client.http.keep(len(raws))
                    if len(records) > MOST_RECORDS:
                        message = f"{self.name} has more than {MOST_RECORDS:,} events and dates of series."
                        raise StrangeAnswerError(message)
        except TakesTooMuchError as error:
            raise StrangeAnswerError(f"{self.name}: {error}") from error
        if any(raw.id != split_id(raw.id)[0] for raw in records):
            day = f"{self._clock.now():%Y%m%d}"
        elif is_all:
            day = "always"
        cursor = f"{day} {named.token}"
        return Changed(
            records=tuple(records),
            cursor=cursor if named.token and len(cursor) <= LONGEST_CURSOR else "",
            gone=named.gone,
            all_ids=frozenset(raw.id for raw in records) if is_all else None,
        )

    def _read(self, record_id: str) -> _Read:
        name, date = split_id(record_id)
        content, etag = self._client.read(name)
        calendar = Calendar.read(content)
        return _Read(calendar=calendar, event=find_event(calendar, date), etag=etag)

    def _show(self, read: _Read) -> tuple[Shown, ...]:
        return () if read.event is None else show(read.calendar, read.event, for_members=self._for_members)

    def _write(self, name: str, read: _Read, calendar: Calendar) -> bool:
        """Write an entry; return False where somebody has changed it since it was read."""
        if read.event is None:
            return False
        try:
            self._client.write(name, bytes(stamp(calendar, read.event, self._clock.now())), read.etag)
        except ConflictError:
            return False
        return True

    def _read_back(self, record_id: str, entry: Entry) -> Shown:
        shown = _find(self.entries(record_id), entry.key)
        if shown is None or not shown.shows(entry):
            raise FormChangedError(f"{self.name} took a link, and does not keep it as it was written.")
        return shown


def _find(entries: tuple[Shown, ...], key: str) -> Shown | None:
    return next((shown for shown in entries if shown.key == key), None)
