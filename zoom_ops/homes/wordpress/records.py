"""The event records of a site in WordPress, and the links in them."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from ...clock import Clock
from ...errors import BadInputError, NotFoundError
from ...readers import read_events
from .. import paragraphs
from ..errors import CannotHideError, ConsentRefusedError, DriftedError
from ..port import Capabilities, Changed, Entry, Finding, Raw, Record, Shown
from ..values import web_address
from .check import iter_findings
from .client import WordPress
from .listing import Listing
from .reading import TRASHED, Page, build_raw, parse_page
from .settings import Settings
from .writing import Writer

_NOT_YET = ("draft", "pending", "future")


class WordPressRecords:
    """The events of a site. They implement the port."""

    kind = "wordpress"

    def __init__(
        self,
        name: str,
        settings: Settings,
        client: WordPress,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name, self._settings, self._client, self._clock = name, settings, client, clock
        self._listing = Listing(client, settings, clock)
        self._writer = Writer(client, clock, chance)
        self.capabilities = Capabilities(
            identifies="content_region",
            lock="revision",
            audiences=("public", "members") if settings.members_see else ("public",),
            members_see=settings.members_see,
            tells_consent=True,
            feed="poll",  # it lists the last 65 minutes again
        )

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline of a write; see the port."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List what changed; see the port."""
        with self._client.http.listing(packs=True):
            return self._listing.list_changed(cursor)

    def get(self, record_id: str) -> Raw:
        """Get a page; one in the trash is gone. See the port."""
        record = self._client.fetch(record_id)
        if parse_page(record).status == TRASHED:
            raise NotFoundError("record", record_id)
        return build_raw(record)

    def parse(self, raw: Raw) -> Record:
        """Read a page as an announcement; see the port."""
        content = raw.unpacked().content
        if isinstance(content, bytes):
            raise BadInputError("expected a page of WordPress", file=self.name)
        page = parse_page(content)
        (announced,) = read_events(_as_export(page), f"{self.name}/{page.id}")
        return Record(
            id=page.id,
            url=web_address(page.link, self._settings.url),
            announced=announced,
            is_public=page.is_public,
            labels=page.labels,
        )

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a page; see the port."""
        return parse_page(self.get(record_id).content).shown

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry to a page; see the port."""
        self._refuse_audience(entry)
        page = self._writer.rewrite(record_id, lambda page: self._with_entry(page, entry, before))
        shown = _find(page, entry.key)
        if shown is None:
            raise DriftedError(f"{self.name}: the site does not keep what is written to this page.")
        return shown

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove an entry; see the port."""
        try:
            self._writer.rewrite(record_id, lambda page: paragraphs.remove(page.content, key))
        except NotFoundError:
            return

    def check(self) -> Iterator[Finding]:
        """Try what is needed; see the port."""
        return iter_findings(self._client, self._settings, self._listing, self._clock)

    def _with_entry(self, page: Page, entry: Entry, before: Shown | None) -> str:
        """Return the content of a page with an entry; raise where it must not be written."""
        if entry.visibility == "members" and not page.is_hidden:
            message = "a link for members is written only to pages that are private or have a password"
            raise CannotHideError(f"{self.name}: {message}.")
        shown = _find(page, entry.key)
        if shown and shown.shows(entry) and not shown.digest:
            return page.content
        if shown != before:
            raise DriftedError(f"{self.name}: somebody changed our link on this page; it stays as it is.")
        if self._refuses(page):
            raise ConsentRefusedError(f"{self.name}: the page says that the event is not recorded.")
        return paragraphs.place(page.content, entry)

    def _refuse_audience(self, entry: Entry) -> None:
        if entry.visibility not in self.capabilities.audiences:
            message = "a link for members is written only if members_see says who reads the private pages"
            raise CannotHideError(f"{self.name}: {message}.")

    def _refuses(self, page: Page) -> bool:
        """Return whether the text of a page says that it is not recorded."""
        try:
            (announced,) = read_events(_as_export(page), self.name)
        except BadInputError:
            return False  # no event can be read any more; what is published is decided elsewhere
        return announced.event.consent == "do_not_record"


def _find(page: Page, key: str) -> Shown | None:
    return next((shown for shown in page.shown if shown.key == key), None)


def _as_export(page: Page) -> bytes:
    """Return a page as the export that the reader knows, without our entries.

    Whether it is open to everybody says `Record.is_public`; so a private page is no draft here.
    """
    record = {
        "title": {"rendered": page.title},
        "content": {"rendered": paragraphs.without_ours(page.html) or page.content},
        "link": page.link,
        "status": page.status if page.status in _NOT_YET else "publish",
    }
    return json.dumps([record], ensure_ascii=False).encode("utf-8", "replace")
