"""A change of a page beside people who change it too. WordPress has no lock, and keeps what everybody saved."""

from collections.abc import Callable
from dataclasses import replace

from ...clock import Clock
from ...errors import AmbiguousError, NotFoundError
from .. import paragraphs
from ..errors import ConflictError, DriftedError, HomeDownError, MissingRightError, StrangeAnswerError
from ..tries import iter_tries
from .client import WordPress
from .reading import TRASHED, Page, parse_page

TRIAL = "zoom_ops tries whether it may write; this draft can be deleted"
Change = Callable[[Page], str]


class Writer:
    """Changes the content of pages, and loses nothing that people save at the same moment.

    A page is read right before it is written. Afterwards its revisions tell whether somebody saved it between the two:
    then what they wrote is the page that is changed. What is saved after us is not touched. Where the type of the site
    has no revisions, only the first holds. A write with a link for members says once more that the page is private, or
    its password: who makes the page public in that moment finds it as it was.
    """

    def __init__(self, client: WordPress, clock: Clock, chance: Callable[[], float]) -> None:
        self._client, self._clock, self._chance = client, clock, chance

    def rewrite(self, record_id: str, change: Change) -> Page:
        """Change the content of a page, and return the page as it is then.

        `change` returns the new content; the same one writes nothing. Where it raises DriftedError, the page is left as
        people wrote it.
        """
        written, lost = None, ""
        for _ in iter_tries(self._clock, self._chance):
            known, current, page = self._read_again(record_id, written, lost)
            content = self._change(change, page, current)
            if content == current.content:
                return current
            written = self._write(current, content)
            found = self._find_lost(known, page, written)
            if found is None:
                return written
            lost = found
        _, current, page = self._read_again(record_id, written, lost)
        self._give_back(page, current)
        raise ConflictError("Somebody saves this page again and again; it is tried later.")

    def _read_again(self, record_id: str, written: Page | None, lost: str) -> tuple[int | None, Page, Page]:
        """Read the newest revision and the page, and which page to change: what our latest write covered, if any."""
        known, current = self._read(record_id)
        is_covered = written is not None and current.content == written.content
        return known, current, replace(current, content=lost) if is_covered else current

    def _read(self, record_id: str) -> tuple[int | None, Page]:
        """Read the newest revision, then the page. What is saved between the two is in the page."""
        known = self._client.find_newest_revision(record_id)
        page = parse_page(self._client.fetch(record_id))
        if page.status == TRASHED:
            raise NotFoundError("record", record_id)
        return known, page

    def _change(self, change: Change, page: Page, current: Page) -> str:
        try:
            return change(page)
        except DriftedError:
            self._give_back(page, current)
            raise

    def _give_back(self, page: Page, current: Page) -> None:
        """Write what people saved, if it is not what the page shows."""
        if page.content != current.content:
            self._store(current, page.content)

    def _write(self, current: Page, content: str) -> Page:
        if not current.unfiltered:
            self._try_filter(content)
        return self._store(current, content)

    def _store(self, current: Page, content: str) -> Page:
        hiding = current.hiding if paragraphs.are_for_members(content) else {}
        return self._client.write(current.id, content, hiding)

    def _try_filter(self, content: str) -> None:
        """Raise MissingRightError where WordPress would take out what others may write and this account may not."""
        draft, stored = self._client.make_draft(TRIAL, content)
        self._client.delete(draft)
        if stored != content:
            raise MissingRightError(
                "This page has HTML that the account may not write, and WordPress would take it out: give the account"
                " the capability unfiltered_html."
            )

    def _find_lost(self, known: int | None, page: Page, written: Page) -> str | None:
        """Find what somebody saved between the reading and the writing of a page, and what our write covered."""
        if known is None:
            return None
        try:
            revisions = self._client.list_revisions(page.id)
        except (HomeDownError, StrangeAnswerError) as error:
            raise AmbiguousError("The page was written; whether somebody saved it then is not known.") from error
        later = [revision for revision in revisions if revision.id > known]
        ours = max((revision.id for revision in later if revision.content == written.content), default=0)
        others = [
            revision.content
            for revision in later
            if revision.id < ours and revision.content not in (page.content, written.content)
        ]
        return others[-1] if others else None
