"""What changed on a site since a cursor.

WordPress lists what was modified after a moment. It does not say what is gone. So the cursor holds how many there were:
where that is another number now, and once a day, the numbers of all are listed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from functools import partial
from typing import Any

from ...clock import Clock
from ...errors import ParkedError
from ..checks import date_of
from ..port import Changed, Raw
from ..values import Fields
from .client import WordPress
from .reading import FIELDS, TRASHED, build_raw, id_of, parse_page
from .settings import Settings

_LIVE = "publish,future,draft,pending,private"
# WordPress compares in the time of the site's zone, where an hour comes twice each autumn.
_OVERLAP = timedelta(minutes=65)


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where the last listing ended. `swept` is the day on which all numbers were listed."""

    since: str = ""
    total: int = -1
    swept: str = ""


class Listing:
    """The changes of one site."""

    def __init__(self, client: WordPress, settings: Settings, clock: Clock) -> None:
        self._client, self._settings, self._clock = client, settings, clock

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor; see the port."""
        last, filters = _parse(cursor), self._filters()
        total, counted = self._client.count(**filters, status=_LIVE)
        now = date_of(counted) or self._clock.now()
        today, since = f"{now:%Y-%m-%d}", (now - _OVERLAP).astimezone(UTC)
        status = f"{_LIVE},{TRASHED}" if last.since else _LIVE
        found = self._list_changed(filters, status, last.since)
        live = [raw for status, raw in found if status != TRASHED]
        is_due = bool(last.since) and (total, today) != (last.total, last.swept)
        all_ids = self._sweep(filters) if is_due else None if last.since else frozenset(raw.id for raw in live)
        following = Cursor(since=f"{since:%Y-%m-%dT%H:%M:%SZ}", total=total, swept=today)
        return Changed(
            records=tuple(live),
            cursor=json.dumps(asdict(following)),
            gone=tuple(raw.id for status, raw in found if status == TRASHED),
            all_ids=all_ids,
        )

    def count(self) -> int:
        """Count the events of the site."""
        return self._client.count(**self._filters(), status=_LIVE)[0]

    def _list_changed(self, filters: Mapping[str, Any], status: str, since: str) -> list[tuple[str, Raw]]:
        """List what was modified, as editors get it; and as readers get it what the account may not edit.

        Return the status of each with it.
        """
        read = partial(self._read, filters)
        asked = {**filters, "status": status, "_fields": FIELDS, "_embed": "wp:term"}
        if since:
            asked["modified_after"] = since
        records, total = self._client.list_all(read, **asked, context="edit")
        if len(records) < total:
            known = {raw.id for _, raw in records}
            records += [each for each in self._client.list_all(read, **asked)[0] if each[1].id not in known]
        return records

    def _read(self, filters: Mapping[str, Any], record: Fields) -> tuple[str, Raw]:
        self._check_filter(filters, record)
        return parse_page(record).status, build_raw(record).packed()

    def _sweep(self, filters: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(self._client.list_all(id_of, **filters, status=_LIVE, _fields="id")[0])

    def _filters(self) -> dict[str, Any]:
        """Return the parameters that choose the events of the site."""
        chosen = (
            ("categories", "categories", self._settings.category),
            ("tags", "tags", self._settings.tag),
            ("parent", self._settings.type, self._settings.parent),
        )
        return {name: self._client.find_number(route, said) for name, route, said in chosen if said}

    def _check_filter(self, filters: Mapping[str, Any], record: Fields) -> None:
        """Raise ParkedError where the site took no notice of a filter, since every entry would become an event."""
        for name, number in filters.items():
            value = record.get(name)
            if value != number and not (isinstance(value, list) and number in value):
                raise ParkedError(f"{self._client.http.name}: the {self._settings.type} of the site have no {name}.")


def _parse(cursor: str) -> Cursor:
    """Read a cursor; one that is empty or of another kind begins anew."""
    try:
        return Cursor(**json.loads(cursor))
    except (TypeError, ValueError):
        return Cursor()
