"""The records that a JSON API lists: all of them, or what has changed since a cursor."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError
from ..answers import Answer
from ..errors import StrangeAnswerError
from ..ids import take_id
from ..port import LONGEST_CURSOR, MOST_RECORDS, Changed, Raw
from ..values import digest
from .client import JsonApi, search, take_items
from .reading import build_raw, index_included, with_included
from .settings import Settings


class Listing:
    """The list of one home. A cursor tells how we read, when everything was listed last, and the API's own value."""

    def __init__(self, name: str, settings: Settings, client: JsonApi, clock: Clock) -> None:
        self._name, self._settings, self._client, self._clock = name, settings, client, clock

    @property
    def packs(self) -> bool:
        """Whether records are packed: not where they share objects, each of which would then be there many times."""
        return not self._settings.list.included

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor, which holds for this way of reading only."""
        way, listed, value = (*cursor.split(" ", 2), "", "", "")[:3]
        is_old = way != self._way() or not listed.isdecimal() or self._is_due(int(listed))
        if is_old or not value:
            return self._list("", self._now())
        try:
            return self._list(value, int(listed))
        except NotFoundError:
            return self._list("", self._now())  # HTTP 410: too much has changed since then

    def iter_items(self, answer: Answer) -> Iterator[Any]:
        """Iterate over the records of a page."""
        document = answer.json()
        included = index_included(document, self._settings.list.included)
        for item in take_items(self._settings.list.items, answer, document):
            yield with_included(item, included)

    def is_deleted(self, record: Any) -> bool:
        """Return whether a record says that it was deleted."""
        expression = self._settings.fields.deleted
        return expression is not None and bool(search(expression, record))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _is_due(self, listed: int) -> bool:
        """Return whether everything is listed again."""
        hours = self._settings.list.all_again_h
        return hours > 0 and self._now() - listed >= timedelta(hours=hours).total_seconds()

    def _way(self) -> str:
        """Return the beginning of each cursor: another one after the file of the home has changed what is listed."""
        settings = self._settings
        return digest([settings.list.model_dump(), settings.fields.model_dump()])[:8]

    def _list(self, since: str, listed: int) -> Changed:
        records: dict[str, Raw] = {}
        gone: dict[str, None] = {}
        pages: list[Answer] = []
        for page in self._client.iter_pages(since):
            pages = [*pages[:1], page]
            for item in self.iter_items(page):
                record_id = take_id(search(self._settings.fields.id, item), self._name)
                if self.is_deleted(item):
                    records.pop(record_id, None)
                    gone[record_id] = None
                else:
                    gone.pop(record_id, None)
                    raw = build_raw(record_id, item, self._settings)
                    records[record_id] = raw.packed() if self.packs else raw
            if len(records) + len(gone) > MOST_RECORDS:
                raise StrangeAnswerError(f"{self._name} lists more than {MOST_RECORDS:,} records: narrow list.params.")
        return Changed(
            records=tuple(records.values()),
            cursor=self._cursor(pages, listed),
            gone=tuple(gone),
            all_ids=None if since else frozenset(records),
        )

    def _cursor(self, pages: list[Answer], listed: int) -> str:
        listing = self._settings.list
        if not listing.since or not pages:
            return ""
        value: Any = pages[0].headers.get(listing.cursor_header.lower()) if listing.cursor_header else None
        if listing.cursor_at and not listing.cursor_header:
            value = search(listing.cursor_at, pages[0 if listing.cursor_page == "first" else -1].json())
        if listing.cursor_as == "seconds" and isinstance(value, str):
            value = _seconds(value)
        cursor = f"{self._way()} {listed} {value}"
        return cursor if isinstance(value, str | int) and value != "" and len(cursor) <= LONGEST_CURSOR else ""


def _seconds(moment: str) -> int | None:
    """Return the seconds since 1970 of a time in ISO 8601 with an offset; None for anything else."""
    try:
        parsed = datetime.fromisoformat(moment)
        return int(parsed.timestamp()) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None
