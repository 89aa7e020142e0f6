"""Which pages may have changed, with few requests: Wagtail's lists hold no fields, and each page is a request.

The pages that were published last come first. They are read until one is older than what the cursor saw. The numbers
of pages that the token and visitors see tell that one was deleted, unpublished or made private.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError
from ..port import LONGEST_CURSOR, Changed, Raw
from .client import Wagtail
from .reading import build_raw, changed_at, is_live
from .settings import Settings

_SOON, _ANYWAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a cursor tells. `closed`: pages that visitors do not see. `all_read_at`: when each page was read last."""

    newest: str = ""  # when a page was published last
    latest: tuple[str, ...] = ()  # ids of the pages that were published then
    count: int = -1
    closed: int = -1
    all_read_at: str = ""
    unpublished: tuple[str, ...] = ()  # ids

    @classmethod
    def of(cls, cursor: str) -> "Seen":
        """Read a cursor; an empty one, or that of another kind of home, has seen nothing."""
        try:
            fields: dict[str, Any] = json.loads(cursor)
            fields |= {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
            return cls(**fields)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def cursor(self) -> str:
        """Write the cursor. Where it grows too long all pages are read the next time."""
        cursor = json.dumps(asdict(self), separators=(",", ":"))
        return cursor if len(cursor) <= LONGEST_CURSOR else ""


def list_changed(client: Wagtail, settings: Settings, clock: Clock, cursor: str) -> Changed:
    """List the published pages that may have changed since a cursor."""
    client.prove()
    seen, now = Seen.of(cursor), clock.now()
    count, opened = client.count_pages()
    reads_all = _reads_all(seen, count - opened, now)
    walk = _Walk(client, settings, seen, frozenset(client.iter_open_ids()) if reads_all else None)
    ids, is_reading = [], True
    for page_id in client.iter_ids():
        ids.append(page_id)
        is_reading = is_reading and walk.read(page_id)
        if not is_reading and count == seen.count:
            break
    is_whole = is_reading or count != seen.count
    told = walk.told(count, ids if is_whole else None)
    if reads_all:
        told = replace(told, closed=count - opened, all_read_at=now.isoformat())
    all_ids = frozenset(ids) - set(told.unpublished) if is_whole else None
    return Changed(records=tuple(walk.records), cursor=told.cursor(), all_ids=all_ids)


def _reads_all(seen: Seen, closed: int, now: datetime) -> bool:
    """Return whether each page is read: pages may have been unpublished or made private, which changes none of them."""
    if not seen.all_read_at:
        return True
    since = now - datetime.fromisoformat(seen.all_read_at)
    return since > _ANYWAY or (closed != seen.closed and since > _SOON)


class _Walk:
    """The pages that are read, those published last first. `open_ids`: those that visitors may read; None: ask."""

    def __init__(self, client: Wagtail, settings: Settings, seen: Seen, open_ids: frozenset[str] | None) -> None:
        self._client, self._settings, self._seen, self._open_ids = client, settings, seen, open_ids
        self.records: list[Raw] = []
        self._unpublished = set(seen.unpublished)
        self._newest, self._latest = seen.newest, set(seen.latest)

    def read(self, page_id: str) -> bool:
        """Read a page; return whether those behind it may have changed too."""
        try:
            page = self._client.fetch_page(page_id)
        except NotFoundError:  # deleted since it was listed
            return True
        changed = changed_at(page, self._settings.fields)
        if self._open_ids is None and changed and changed < self._seen.newest:
            return False
        if changed > self._newest:
            self._newest, self._latest = changed, set()
        if changed == self._newest:
            self._latest.add(page_id)
        if not is_live(page, self._settings.fields):
            self._unpublished.add(page_id)
        elif self._open_ids is not None or changed != self._seen.newest or page_id not in self._seen.latest:
            self._unpublished.discard(page_id)
            self.records.append(build_raw(page, self._settings, is_open=self._is_open(page_id)).packed())
        return True

    def told(self, count: int, ids: list[str] | None) -> Seen:
        """Return what is seen now. `ids`: all pages that there are, as far as they were listed."""
        unpublished = self._unpublished if ids is None else self._unpublished.intersection(ids)
        return replace(
            self._seen,
            newest=self._newest,
            latest=tuple(sorted(self._latest)),
            count=count,
            unpublished=tuple(sorted(unpublished)),
        )

    def _is_open(self, page_id: str) -> bool:
        return self._client.is_open(page_id) if self._open_ids is None else page_id in self._open_ids
