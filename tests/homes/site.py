"""What the contract of homes needs from a real system: what people do there, by means of its own."""

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

from tests.homes.systems.sample import SampleEvent
from zoom_ops.homes import EventRecords

Who = Literal["bot", "wrong", "reader"]  # the right credentials; wrong ones; those that may read and not write


class Site(ABC):
    """A real system that runs, as its people and its visitors use it.

    Nothing here uses our adapter but `open`. A record is named by the id that our adapter gives it.
    """

    url: str  # what the file of the home gives as `url`
    unknown_id = "999999"
    many = 500  # records in the test of pages; fewer with a reason
    edits_between: Literal["write", "read"] = "write"
    """When somebody edits at the same time: right before our write, where the system has a lock; else after we read."""
    wrong_credentials_read_as_visitor = False  # the system does not refuse them where visitors may read
    keeps_host = True  # see tests/homes/proxy.py
    tells_organizations = True  # of speakers
    tells_cancelled = True
    tells_deleted = True  # a record that was deleted is missed or named

    @abstractmethod
    def open(self, url: str, who: Who = "bot") -> EventRecords:
        """Open the home at a base address, which is `url` or that of a proxy before it. Leave the pace high."""

    @abstractmethod
    def make_record(self, event: SampleEvent) -> str:
        """Make a record that visitors may read; return its id."""

    def make_many(self, events: Sequence[SampleEvent]) -> list[str]:
        """Make many records."""
        return [self.make_record(event) for event in events]

    @abstractmethod
    def edit_beside(self, record_id: str, words: str) -> None:
        """A person adds these words to the description of a record, and leaves our entries as they are."""

    @abstractmethod
    def edit_ours(self, record_id: str, url: str) -> None:
        """A person gives the only entry of ours in a record another address.

        Where that address holds our key, the entry gets these words as its title instead: without the key it is not
        ours any more, and counts as removed.
        """

    @abstractmethod
    def all_of(self, record_id: str) -> str:
        """Return all that the system knows of a record, as its admin gets it."""

    @abstractmethod
    def visitor_sees(self, record_id: str) -> str:
        """Return what somebody without credentials gets: the page and the API; "" where both refuse."""

    @abstractmethod
    def member_sees(self, record_id: str) -> str:
        """Return what a member gets, who may see entries for members."""

    def for_members(self) -> "Site":
        """Return the site where links for members can be written, if it is another."""
        return self

    def make_closed(self, event: SampleEvent) -> str | None:
        """Make a record that visitors may not read; None where a home cannot have one among others."""
        return None

    def make_refusing(self, event: SampleEvent) -> str | None:
        """Make a record that says that it may not be recorded; None where the system has no such field."""
        return None

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        """A person attaches a link; return False where the system has no such thing."""
        return False

    def cancel(self, record_id: str) -> None:
        """A person marks a record as cancelled."""
        raise NotImplementedError

    def delete(self, record_id: str) -> None:
        """A person deletes a record."""
        raise NotImplementedError


def shows(text: str, words: str) -> bool:
    """Return whether a page or an answer of an API shows some words."""
    return count(text, words) > 0


def count(text: str, words: str) -> int:
    """Count how often a page, JSON or a calendar shows some words, however it writes them."""
    return html.unescape(re.sub(r"\r?\n[ \t]", "", text).replace("\\/", "/").replace("\\,", ",")).count(words)
