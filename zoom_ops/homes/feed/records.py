"""Files at web addresses as a home of event records, which is only read."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, NoReturn

from ...clock import Clock
from ...errors import BadInputError, NotFoundError, PermanentError
from ...readers import LONGEST_S, limited
from ..errors import MissingRightError, StrangeAnswerError, UnauthorizedError
from ..port import MOST_RECORDS, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from .check import check
from .client import FeedClient, File
from .cursor import read_cursor, write_cursor
from .reading import read_file, read_record
from .settings import Settings

_NOT_FOR_VISITORS = (UnauthorizedError, MissingRightError, StrangeAnswerError, BadInputError)


class FeedRecords:
    """The events of one or several files."""

    kind = "feed"
    capabilities = Capabilities(writes=False, audiences=())

    def __init__(self, name: str, settings: Settings, client: FeedClient, clock: Clock) -> None:
        self.name = name
        self._settings, self._client, self._clock = settings, client, clock

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List all records once anything has changed, so that those that vanished are told; else none.

        On a new day all are listed, in case that a server takes an old file for the newest.
        """
        paths, day = self._settings.paths, f"{self._clock.now():%Y%m%d}"
        known = read_cursor(cursor, day, paths)
        changed: list[File | None] = [None] * len(paths)
        if known:
            changed = list(map(self._client.fetch_changed, paths, known))
            if not any(changed):
                return Changed(records=(), cursor=cursor)
        files = [file or self._client.fetch(path) for file, path in zip(changed, paths, strict=True)]
        found: dict[str, Raw] = {}
        with limited(LONGEST_S * (len(files) - 1)):
            for file in files:
                for raw in self._read(file):
                    found.setdefault(raw.id, raw)
                if len(found) > MOST_RECORDS:
                    raise StrangeAnswerError(f"{self.name} lists more than {MOST_RECORDS:,} events.")
        return Changed(
            records=tuple(found.values()),
            cursor=write_cursor(day, paths, [file.version for file in files]),
            all_ids=frozenset(found),
        )

    def get(self, record_id: str) -> Raw:
        """Get a record from the first file that has it; raise NotFoundError."""
        for path in self._settings.paths:
            for raw in self._read(self._client.fetch(path)):
                if raw.id == record_id:
                    return raw
        raise NotFoundError("record", record_id[:40])

    def parse(self, raw: Raw) -> Record:
        """Read a record. Raise BadInputError where its entry cannot be read."""
        return read_record(raw, self._settings.url)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a record: there are none. Raise NotFoundError for an unknown record."""
        self.get(record_id)
        return ()

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:  # noqa: ARG002 - the port
        """Raise PermanentError."""
        self._refuse()

    def withdraw(self, record_id: str, key: str) -> None:  # noqa: ARG002 - the port
        """Raise PermanentError."""
        self._refuse()

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other."""
        return check(self._settings, self._client, self._clock)

    def _read(self, file: File) -> tuple[Raw, ...]:
        """Read the records of a file, each with whether visitors can read the very same."""
        address = self._client.address(file.path)
        try:
            raws = self._read_file(file, address)
        except BadInputError as error:
            raise StrangeAnswerError(f"{self.name}: {error}") from error
        self._client.keep(len(raws))
        if not self._settings.token:
            return raws
        open_to_all = {(raw.id, raw.fingerprint) for raw in self._as_visitor(file.path, address)}
        return tuple(raw if (raw.id, raw.fingerprint) in open_to_all else _closed(raw) for raw in raws)

    def _as_visitor(self, path: str, address: str) -> tuple[Raw, ...]:
        try:
            return self._read_file(self._client.fetch_as_visitor(path), address)
        except _NOT_FOR_VISITORS:
            return ()

    def _read_file(self, file: File, address: str) -> tuple[Raw, ...]:
        self._client.prepare(file.content)
        return read_file(file, address)

    def _refuse(self) -> NoReturn:
        raise PermanentError(f"{self.name} is a feed, which is only read: links stand on our own pages.")


def _closed(raw: Raw) -> Raw:
    content: Any = raw.content
    return replace(raw, fingerprint=f"{raw.fingerprint} closed", content={**content, "is_closed": True})
