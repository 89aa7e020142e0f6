"""A JSON API as a home of event records."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Literal

from ...clock import Clock
from ...errors import BadInputError, NotFoundError
from ..answers import Answer
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
from ..port import Audience, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from ..tries import iter_tries
from .check import iter_findings
from .client import JsonApi, search
from .entries import Content, build_body, lost_key, lost_words, show, take_content, with_entry, without_key
from .listing import Listing
from .reading import build_raw, index_included, read_record, refuses_recording, with_included
from .settings import Settings, Write


@dataclass(frozen=True, kw_only=True)
class _Read:
    """The answer of a record, and what is in it."""

    document: Any
    record: Any
    content: Content
    etag: str

    def find(self, key: str, write: Write) -> Shown | None:
        """Find our entry of a key."""
        return next((shown for shown in show(self.content, write) if shown.key == key), None)


class JsonApiRecords:
    """The records of one home. It writes a record's list of links or its text, and nothing else of the record."""

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
        self._listing = Listing(name, settings, client, clock)

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor, which holds for this way of reading only."""
        self._client.prove()
        with self._client.http.listing(packs=self._listing.packs):
            return self._listing.list_changed(cursor)

    def get(self, record_id: str) -> Raw:
        """Get a record; raise NotFoundError."""
        return build_raw(record_id, self._take(record_id, self._client.read(record_id)), self._settings)

    def parse(self, raw: Raw) -> Record:
        """Read a record. Raise BadInputError where it is no event."""
        content = raw.unpacked().content
        if not isinstance(content, Mapping):
            raise BadInputError("expected a record in JSON", file=raw.id)
        return read_record(raw.id, content, self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a record; raise NotFoundError for an unknown record.

        One that visitors read is public, whatever it says of itself.
        """
        read = self._read(record_id)
        listed = show(read.content, self._settings.write) if self._settings.write else ()
        if all(shown.visibility == "public" for shown in listed):
            return listed
        seen = self._read_as_visitor(record_id)
        return tuple(replace(shown, visibility="public") if shown.url in seen else shown for shown in listed)

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry, and return it as read back."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError(f"{self.name}: members in its file allows no link for members.")
        write = self._write
        for _ in iter_tries(self._clock, self._chance):
            read = self._read(record_id)
            self._ensure_allowed(record_id, read)
            shown = read.find(entry.key, write)
            if entry.visibility == "members":
                self._ensure_hidden(record_id)
            if shown and shown.shows(entry) and not shown.digest:
                return shown
            if shown != before:
                raise DriftedError(f"{self.name}: somebody changed our link in this record.")
            content = with_entry(read.content, entry, write)
            if self._write_content(record_id, read, content):
                return self._read_back(record_id, entry, read, content)
        raise ConflictError(f"{self.name}: somebody changes this record again and again.")

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove the entry, whoever has changed it. Idempotent; a record that is gone is done."""
        write = self._write
        for _ in iter_tries(self._clock, self._chance):
            try:
                read = self._read(record_id)
            except NotFoundError:
                return
            kept = without_key(read.content, key, write)
            if kept == read.content:
                return
            if self._write_content(record_id, read, kept):
                break
        if self._read(record_id).find(key, write):
            raise ConflictError(f"{self.name}: somebody changes this record again and again.")

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other."""
        return iter_findings(self._client, self._settings, self, self._clock)

    def write_unchanged(self, record_id: str) -> None:
        """Write a record's list or text as it is, to try whether that is allowed, and changes nothing."""
        read = self._read(record_id)
        self._ensure_keeps(read)
        self._client.write(record_id, self._body(read, read.content), read.etag)
        if lost_words(read.content, self._read(record_id).content):
            raise FormChangedError(f"{self.name} takes something out of a text that is written as it was")

    @property
    def _write(self) -> Write:
        if self._settings.write is None:
            raise MissingRightError(f"{self.name} is only read: its file has no [write].")
        return self._settings.write

    def _read(self, record_id: str) -> _Read:
        """Read what is written; raise NotFoundError for a record that is unknown or deleted."""
        answer = self._client.read_to_write(record_id)
        document, record = answer.json(), self._take(record_id, answer)
        write = self._settings.write
        etag = answer.headers.get("etag", "")
        if write and write.etag_at:
            etag = search(write.etag_at, document) or ""
        return _Read(
            document=document,
            record=record,
            content=take_content(record, write) if write else [],
            etag=etag if write and write.sends_etag and _is_strong(etag) else "",
        )

    def _take(self, record_id: str, answer: Answer) -> Any:
        """Take the record out of an answer; raise NotFoundError for one that was deleted."""
        document = record = answer.json()
        for name in self._settings.above:
            record = record.get(name) if isinstance(record, Mapping) else None
        if self._listing.is_deleted(record):
            raise NotFoundError("record", record_id[:40])
        return with_included(record, index_included(document, self._settings.list.included))

    def _body(self, read: _Read, content: Content) -> bytes:
        return build_body(read.document, self._settings.above, content, self._write)

    def _ensure_allowed(self, record_id: str, read: _Read) -> None:
        """Raise where the record forbids what would be written."""
        record = self.get(record_id).content if self._write.read else read.record
        if refuses_recording(record, self._settings):
            raise ConsentRefusedError(f"{self.name}: the record says that it is not recorded.")

    def _ensure_keeps(self, read: _Read) -> None:
        """Raise MissingRightError where the API would not keep what people wrote."""
        if self._write.allowed and not search(self._write.allowed, read.record):
            raise MissingRightError(f"{self.name}: what write.allowed asks for in its file is not so for this record.")

    def _write_content(self, record_id: str, read: _Read, content: Content) -> bool:
        """Write a list of links or a text; return False where somebody has changed the record since it was read."""
        self._ensure_keeps(read)
        if not read.etag and self._read(record_id).record != read.record:
            return False
        try:
            self._client.write(record_id, self._body(read, content), read.etag)
        except ConflictError:
            return False
        except StrangeAnswerError:
            if self._write.body == "json-patch" and self._read(record_id).content != read.content:
                return False  # the test in our patch has failed
            raise
        return True

    def _read_back(self, record_id: str, entry: Entry, before: _Read, written: Content) -> Shown:
        """Return an entry as it is shown after it was written; raise where it is not, or words of people are lost."""
        after, write = self._read(record_id), self._write
        shown = after.find(entry.key, write)
        if shown is None and lost_key(written, after.content, entry.key, write):
            is_out = self._write_content(record_id, after, before.content)
            what = "the link is taken out again" if is_out else "take the link out of the record"
            raise FormChangedError(f"{self.name} does not keep our key in a link; {what}.")
        if entry.visibility == "members" and entry.url in self._read_as_visitor(record_id):
            self.withdraw(record_id, entry.key)
            raise ExposedError(f"{self.name} showed visitors a link for members; it is withdrawn.")
        if not shown or not shown.shows(entry):
            raise FormChangedError(f"{self.name} took a link, and does not show it: check [write] in its file.")
        if lost_words(before.content, after.content):
            raise FormChangedError(f"{self.name} took something out of the text that people wrote; look at the record.")
        return shown

    def _ensure_hidden(self, record_id: str) -> None:
        """Raise CannotHideError where visitors can read a record that is for members."""
        if self._client.read_as_visitor(record_id):
            raise CannotHideError(f"{self.name} lets visitors read this record: a link for members is not written.")

    def _read_as_visitor(self, record_id: str) -> str:
        """Return what visitors get to read of a record; "" where they are refused."""
        return "".join(map(_as_plain, self._client.read_as_visitor(record_id)))


def _as_plain(answer: Answer) -> str:
    """Return the text of an answer, however it writes an address: in JSON, and in HTML within it."""
    try:
        text = json.dumps(answer.json(), ensure_ascii=False)
    except StrangeAnswerError:
        text = answer.body.decode("utf-8", "replace")
    return f"{text}{unescape(text)}"


def _is_strong(etag: Any) -> bool:
    """Return whether an ETag can be asked for: If-Match never fits a weak one (RFC 9110, 13.1.1)."""
    return isinstance(etag, str) and bool(etag) and not etag.startswith("W/")


def _identifies(write: Write | None) -> Literal["content_region", "key", "url_match"]:
    if write and write.holds == "html":
        return "content_region"
    return "key" if write and write.key else "url_match"


def _capabilities(settings: Settings) -> Capabilities:
    write = settings.write
    audiences: tuple[Audience, ...] = ("public",) if settings.members == "no" else ("public", "members")
    return Capabilities(
        writes=write is not None,
        identifies=_identifies(write),
        updates="replace" if write and write.body == "whole" else "patch",
        lock="etag" if write and write.sends_etag else "none",
        audiences=audiences,
        members_see=settings.members_see,
        tells_consent=settings.fields.do_not_record is not None,
        feed="since" if settings.list.since else "poll",
        names_webinars=settings.fields.webinar_id is not None,
    )
