"""A JSON API as a home of event records."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from ...clock import Clock
from ...errors import BadInputError, NotFoundError
from ..errors import (
    CannotHideError,
    ConflictError,
    ConsentRefusedError,
    DriftedError,
    ExposedError,
    FormChangedError,
    MissingRightError,
    StrangeAnswerError,
)
from ..http import Answer
from ..ids import take_id
from ..port import LONGEST_CURSOR, MOST_RECORDS, Audience, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from ..tries import iter_tries
from ..values import digest
from .check import iter_findings
from .client import JsonApi, search, take_items
from .entries import build_body, list_items, put_items, show, with_entry, without_key
from .reading import read_record, refuses_recording, say_all
from .settings import Settings, Write


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


class JsonApiRecords:
    """The records of one home. It writes the list of a record's links, and nothing else of the record."""

    kind = "json_api"

    def __init__(
        self,
        name: str,
        settings: Settings,
        client: JsonApi,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.capabilities = _capabilities(settings)
        self._settings, self._client, self._clock, self._chance = settings, client, clock, chance

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor, which holds for this way of reading only."""
        self._client.prove()
        way = self._way()
        since = cursor.removeprefix(way) if cursor.startswith(way) else ""
        with self._client.http.listing():
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
        """List our entries in a record; raise NotFoundError for an unknown record.

        One that visitors read is public, whatever it says of itself.
        """
        read = self._read(record_id)
        listed = show(read.links, self._settings.write) if self._settings.write else ()
        if all(shown.visibility == "public" for shown in listed):
            return listed
        seen = self._find_seen(record_id, listed)
        return tuple(replace(shown, visibility="public") if shown in seen else shown for shown in listed)

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry, and return it as read back."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError(f"{self.name}: members in its file allows no link for members.")
        write = self._write
        for _ in iter_tries(self._clock, self._chance):
            read = self._read(record_id)
            if refuses_recording(read.record, self._settings):
                raise ConsentRefusedError(f"{self.name}: the record says that it is not recorded.")
            shown = read.find(entry.key, write)
            if entry.visibility == "members":
                self._ensure_hidden(record_id)
            if shown and shown.shows(entry) and not shown.digest:
                return shown
            if shown != before:
                raise DriftedError(f"{self.name}: somebody changed our link in this record.")
            if self._write_links(record_id, read, with_entry(read.links, entry, write)):
                return self._read_back(record_id, entry)
        raise ConflictError(f"{self.name}: somebody changes this record again and again.")

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove the entry, whoever has changed it. Idempotent; a record that is gone is done."""
        write = self._write
        for _ in iter_tries(self._clock, self._chance):
            try:
                read = self._read(record_id)
            except NotFoundError:
                return
            kept = without_key(read.links, key, write)
            if kept == read.links:
                return
            if self._write_links(record_id, read, kept):
                break
        if self._read(record_id).find(key, write):
            raise ConflictError(f"{self.name}: somebody changes this record again and again.")

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other."""
        return iter_findings(self._client, self._settings, self, self._clock)

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
        if entry.visibility == "members" and self._find_seen(record_id, (shown,)):
            self.withdraw(record_id, entry.key)
            raise ExposedError(f"{self.name} showed visitors a link for members; it is withdrawn.")
        return shown

    def _ensure_hidden(self, record_id: str) -> None:
        """Raise CannotHideError where visitors can read a record that is for members."""
        if self._client.read_as_visitor(record_id):
            raise CannotHideError(f"{self.name} lets visitors read this record: a link for members is not written.")

    def _find_seen(self, record_id: str, links: tuple[Shown, ...]) -> tuple[Shown, ...]:
        """Find those of our links that visitors get to read."""
        answer = self._client.read_as_visitor(record_id)
        text = answer.body.decode("utf-8", "replace").replace("\\/", "/") if answer else ""
        return tuple(shown for shown in links if shown.url in text)


def _is_strong(etag: Any) -> bool:
    """Return whether an ETag can be asked for: If-Match never fits a weak one (RFC 9110, 13.1.1)."""
    return isinstance(etag, str) and bool(etag) and not etag.startswith("W/")


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
