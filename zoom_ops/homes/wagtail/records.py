"""The pages of a site as event records."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from ...clock import Clock
from ...errors import NotFoundError, ParkedError
from ..errors import CannotHideError, DriftedError, FormChangedError
from ..port import Audience, Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from ..values import Fields, text
from .check import iter_findings
from .client import Wagtail
from .entries import is_ours, is_same, read_row, rows_of, with_entry, without_entry
from .listing import list_changed
from .reading import build_raw, is_live, read_record
from .settings import Settings

_CAPABILITIES = Capabilities(
    identifies="child_key",
    updates="replace",
    lock="revision",
    members_see="those to whom the site shows the page",
    feed="since",
)
Rows = list[Fields]


class WagtailRecords:
    """The EventRecords of one site. See EventRecords for each method."""

    kind = "wagtail"

    def __init__(self, name: str, settings: Settings, client: Wagtail, clock: Clock) -> None:
        self.name, self._settings, self._client, self._clock = name, settings, client, clock
        self._names = settings.fields
        audiences: tuple[Audience, ...] = ("public",) if settings.members == "never" else ("public", "members")
        self.capabilities = replace(_CAPABILITIES, audiences=audiences)

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline of a write."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List the published pages that may have changed."""
        with self._client.http.listing(packs=True):
            return list_changed(self._client, self._settings, self._clock, cursor)

    def get(self, record_id: str) -> Raw:
        """Get a page."""
        page = self._fetch(record_id)
        return build_raw(page, self._settings, is_open=self._client.is_open(record_id))

    def parse(self, raw: Raw) -> Record:
        """Read a page."""
        return read_record(raw, self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our links of a page; of two rows with a key the first."""
        page = self._fetch(record_id)
        by_key: dict[str, Shown] = {}
        for shown in self._ours(record_id, page):
            by_key.setdefault(shown.key, shown)
        return tuple(by_key.values())

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write a link, and publish the page."""
        if entry.visibility not in self.capabilities.audiences:
            raise CannotHideError(f"{self.name}: the API of Wagtail shows every link of a page to all who may read it.")
        revisions, page = self._client.fetch_revisions(record_id), self._fetch(record_id)
        ours = [shown for shown in self._ours(record_id, page) if shown.key == entry.key]
        if (before and not ours) or any(not shown.shows(entry) and shown != before for shown in ours):
            raise DriftedError(f"{self.name}: somebody changed our link on page {record_id}.")
        if len(ours) == 1 and ours[0].shows(entry):
            return ours[0]
        if entry.visibility == "members" and not self._is_hidden(record_id, page):
            raise CannotHideError(f"{self.name}: visitors may read page {record_id}; make it private first.")
        self._write(record_id, page, revisions, lambda rows: with_entry(rows, entry, self._names))
        written = self._ours(record_id, self._fetch(record_id))
        shown = next((shown for shown in written if shown.shows(entry)), None)
        if shown is None:
            sentence = "took the link and does not show it: a field of its list may not be writable by the API"
            raise FormChangedError(f"{self.name} {sentence}.")
        return shown

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove a link, and publish the page."""
        try:
            revisions, page = self._client.fetch_revisions(record_id), self._client.fetch_page(record_id)
        except NotFoundError:
            return
        if any(is_ours(row, self._names, key) for row in rows_of(page, self._names)):
            self._write(record_id, page, revisions, lambda rows: without_entry(rows, key, self._names))

    def check(self) -> Iterator[Finding]:
        """Try what the home needs."""
        return iter_findings(self._client, self._settings, self._clock)

    def _fetch(self, record_id: str) -> Fields:
        """Fetch a published page. Publishing a link would publish another one."""
        page = self._client.fetch_page(record_id)
        if not is_live(page, self._names):
            raise NotFoundError("published page", record_id)
        return page

    def _ours(self, record_id: str, page: Fields) -> list[Shown]:
        """Return our links of a page. One is for members only where visitors cannot get the page's fields."""
        ours = [row for row in rows_of(page, self._names) if is_ours(row, self._names)]
        kept = [row for row in ours if text(row.get(self._names.visibility)) == "members"]
        may_hide = bool(kept) and "members" in self.capabilities.audiences
        hidden = kept if may_hide and self._is_hidden(record_id, page) else []
        return [read_row(row, self._names, visibility="members" if row in hidden else "public") for row in ours]

    def _is_hidden(self, record_id: str, page: Fields) -> bool:
        """Return whether visitors get a link for members neither from the API nor from the page."""
        return not (self._client.is_open(record_id) or self._client.is_shown(page))

    def _write(self, record_id: str, page: Fields, revisions: list[int], change: Callable[[Rows], Rows]) -> None:
        """Write the list as `change` makes it. Publishing starts from the newest draft, which may be somebody's work:
        then the link is put into the draft, and a person decides when it is published."""
        draft = self._client.fetch_page(record_id, "draft")
        before = rows_of(draft, self._names)
        rows = change(before)
        if not is_same(page, draft):
            if not is_same({"rows": rows}, {"rows": before}):
                self._client.write_rows(record_id, rows, publish=False)
            sentence = "has changes that nobody published yet, and the link would publish them. It is in the draft"
            raise ParkedError(f"{self.name}: page {record_id} {sentence}: publish it in Wagtail.")
        self._client.write_rows(record_id, rows)
        self._restore_lost(record_id, revisions, before, rows, change)

    def _restore_lost(
        self, record_id: str, revisions: list[int], before: Rows, written: Rows, change: Callable[[Rows], Rows]
    ) -> None:
        """Write again the rows of somebody who saved the page after it was read and before it was written."""
        newest = self._client.fetch_revisions(record_id)
        between = [each for each in newest[1:] if each > max(revisions, default=0)]
        if not between:
            return
        theirs = rows_of(self._client.fetch_revision(record_id, between[0]), self._names)
        is_theirs = not is_same({"rows": theirs}, {"rows": before}) and not is_same({"rows": theirs}, {"rows": written})
        if is_theirs and is_same({"rows": rows_of(self._fetch(record_id), self._names)}, {"rows": written}):
            self._client.write_rows(record_id, change(theirs))
