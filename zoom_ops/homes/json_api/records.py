"""A JSON API as a home of event records."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ...clock import Clock
from ...errors import BadInputError, NotFoundError
from ..errors import (
    CannotHideError,
    ConflictError,
    ConsentRefusedError,
    DriftedError,
    FormChangedError,
    MissingRightError,
    StrangeAnswerError,
)
from ..http import Answer
from ..ids import take_id
from ..port import LONGEST_CURSOR, MOST_RECORDS, Audience, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from .check import check
from .client import JsonClient, search, take_items
from .entries import build_body, digest, list_items, put_items, show, with_entry, without_key
from .reading import read_record, refuses_recording, say_all
from .settings import Settings, Write

_TRIES = 3
_PAUSE_S = 0.5  # at most, before another try


@dataclass(frozen=True, kw_only=True)
class _Read:
    """The answer of a record, and what is in it."""

    document: Any
    record: Any
    links: list[Any]
    etag: str

    def find(self, key: str, write: Write) -> Shown | None:
        """Find our entry of a key."""
        return next((shown for shown in show(self.links, write) if shown.key == key), None)


class JsonRecords:
    """The records of one home. It writes the list of a record's links, and nothing else of the record."""

    kind = "json_api"

    def __init__(
        self,
        name: str,
        settings: Settings,
        client: JsonClient,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.capabilities = _capabilities(settings)
        self._settings, self._client, self._clock, self._chance = settings, client, clock, chance

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor, which holds for this way of reading only."""
        self._client.prove()
        way = self._way()
        since = cursor.removeprefix(way) if cursor.startswith(way) else ""
        try:
            return self._list(since)
        except NotFoundError:
            if not since:
                raise
            return self._list("")  # HTTP 410: too much has changed since then

    def get(self, record_id: str) -> Raw:
        """Get a record; raise NotFoundError."""
        record = self._read(record_id).record
        if self._is_deleted(record):
            raise NotFoundError("record", record_id[:40])
        return self._raw(record_id, record)

    def parse(self, raw: Raw) -> Record:
        """Read a record. Raise BadInputError where it is no event."""
        if not isinstance(raw.content, Mapping):
            raise BadInputError("expected a record in JSON", file=raw.id)
        return read_record(raw.id, raw.content, self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a record; raise NotFoundError for an unknown record."""
        read = self._read(record_id)
        return show(read.links, self._settings.write) if self._settings.write else ()

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry, and return it as read back."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError
        write = self._write
        read = self._read(record_id)
        for _ in range(_TRIES):
            if refuses_recording(read.record, self._settings):
                raise ConsentRefusedError
            shown = read.find(entry.key, write)
            if shown and shown.shows(entry) and not shown.digest:
                return shown
            if shown != before:
                raise DriftedError
            self._ensure_closed(record_id, entry)
            if self._write_links(record_id, read, with_entry(read.links, entry, write)):
                return self._read_back(record_id, entry)
            self._pause()
            read = self._read(record_id)
        raise ConflictError

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove the entry, whoever has changed it. Idempotent; a record that is gone is done."""
        write = self._write
        for _ in range(_TRIES):
            try:
                read = self._read(record_id)
            except NotFoundError:
                return
            kept = without_key(read.links, key, write)
            if kept == read.links:
                return
            if not self._write_links(record_id, read, kept):
                self._pause()
        if self._read(record_id).find(key, write):
            raise ConflictError

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other."""
        return check(self._settings, self._client, self, self._clock.now())

    def write_unchanged(self, record_id: str) -> None:
        """Write the list of a record's links as it is, to try whether that is allowed."""
        read = self._read(record_id)
        self._client.write(record_id, self._body(read, read.links), read.etag)

    @property
    def _write(self) -> Write:
        if self._settings.write is None:
            raise MissingRightError(f"{self.name} is only read: its file has no [write].")
        return self._settings.write

    def _way(self) -> str:
        """Return the beginning of each cursor: another one after the file of the home has changed what is listed."""
        settings = self._settings
        return digest([settings.list.model_dump(), settings.fields.model_dump()])[:8] + " "

    def _list(self, since: str) -> Changed:
        records: dict[str, Raw] = {}
        gone: dict[str, None] = {}
        first: Answer | None = None
        last: Answer | None = None
        for last in self._client.iter_pages(since):
            first = first or last
            for item in take_items(self._settings.list.items, last):
                record_id = take_id(search(self._settings.fields.id, item), self.name)
                if self._is_deleted(item):
                    records.pop(record_id, None)
                    gone[record_id] = None
                else:
                    gone.pop(record_id, None)
                    records[record_id] = self._raw(record_id, item)
            if len(records) + len(gone) > MOST_RECORDS:
                raise StrangeAnswerError(f"{self.name} lists more than {MOST_RECORDS:,} records: narrow list.params.")
        return Changed(
            records=tuple(records.values()),
            cursor=self._cursor(first, last),
            gone=tuple(gone),
            all_ids=None if since else frozenset(records),
        )

    def _cursor(self, first: Answer | None, last: Answer | None) -> str:
        listing = self._settings.list
        value: Any = None
        if listing.since and listing.cursor_header and first:
            value = first.headers.get(listing.cursor_header.lower())
        elif listing.since and listing.cursor_at and last:
            value = search(listing.cursor_at, last.json())
        cursor = f"{self._way()}{value}"
        return cursor if isinstance(value, str | int) and len(cursor) <= LONGEST_CURSOR else ""

    def _is_deleted(self, record: Any) -> bool:
        expression = self._settings.fields.deleted
        return expression is not None and bool(search(expression, record))

    def _raw(self, record_id: str, record: Any) -> Raw:
        """Return a record without our own entries."""
        if not isinstance(record, Mapping):
            raise StrangeAnswerError(f"{self.name} lists a record that is no object.")
        write = self._settings.write
        if write and (links := list_items(record, write)):
            ours = {shown.key for shown in show(links, write)}
            for key in ours:
                links = without_key(links, key, write)
            record = put_items(record, write.at.split("."), links)
        return Raw(id=record_id, fingerprint=digest(say_all(record, self._settings.fields)), content=record)

    def _read(self, record_id: str) -> _Read:
        answer = self._client.read(record_id)
        document = record = answer.json()
        for name in self._settings.above:
            record = record.get(name) if isinstance(record, Mapping) else None
        write = self._settings.write
        etag = answer.headers.get("etag", "")
        if write and write.etag_at:
            etag = search(write.etag_at, document) or ""
        return _Read(
            document=document,
            record=record,
            links=list_items(record, write) if write else [],
            etag=etag if write and write.sends_etag and _is_strong(etag) else "",
        )

    def _body(self, read: _Read, links: list[Any]) -> bytes:
        return build_body(read.document, self._settings.above, links, self._write)

    def _write_links(self, record_id: str, read: _Read, links: list[Any]) -> bool:
        """Write a list of links; return False where somebody has changed the record since it was read."""
        if not read.etag and self._read(record_id).record != read.record:
            return False
        try:
            self._client.write(record_id, self._body(read, links), read.etag)
        except ConflictError:
            return False
        except StrangeAnswerError:
            if self._write.body == "json-patch" and self._read(record_id).links != read.links:
                return False  # the test in our patch has failed
            raise
        return True

    def _read_back(self, record_id: str, entry: Entry) -> Shown:
        shown = self._read(record_id).find(entry.key, self._write)
        if not shown or not shown.shows(entry):
            raise FormChangedError(f"{self.name} took a link, and does not show it: check [write] in its file.")
        if entry.visibility == "members" and self._settings.members == "links":
            answer = self._client.read_as_visitor(record_id)
            if answer and entry.url in _unescaped(answer):
                self.withdraw(record_id, entry.key)
                raise CannotHideError(f"{self.name} showed visitors a link for members; it is withdrawn.")
        return shown

    def _ensure_closed(self, record_id: str, entry: Entry) -> None:
        """Raise CannotHideError where visitors can read a record that is for members."""
        is_closed = entry.visibility == "members" and self._settings.members == "closed"
        if is_closed and self._client.read_as_visitor(record_id):
            raise CannotHideError(f"{self.name} lets visitors read this record: a link for members is not written.")

    def _pause(self) -> None:
        self._clock.sleep(_PAUSE_S * self._chance())


def _is_strong(etag: Any) -> bool:
    """Return whether an ETag can be asked for: If-Match never fits a weak one (RFC 9110, 13.1.1)."""
    return isinstance(etag, str) and bool(etag) and not etag.startswith("W/")


def _unescaped(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace").replace("\\/", "/")


def _capabilities(settings: Settings) -> Capabilities:
    write = settings.write
    audiences: tuple[Audience, ...] = ("public",) if settings.members == "no" else ("public", "members")
    return Capabilities(
        writes=write is not None,
        identifies="key" if write and write.key else "url_match",
        updates="replace" if write and write.body == "whole" else "patch",
        lock="etag" if write and write.sends_etag else "none",
        audiences=audiences,
        members_see=settings.members_see,
        tells_consent=settings.fields.do_not_record is not None,
        feed="since" if settings.list.since else "poll",
        full_state=True,
    )
