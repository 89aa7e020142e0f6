"""The sessions of a conference as event records."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache

from ...clock import Clock
from ...errors import NotFoundError
from ..errors import ConsentRefusedError, DriftedError, StrangeAnswerError
from ..port import LONGEST_CURSOR, Capabilities, Changed, Entry, Finding, Raw, Record, Shown, join_copies
from ..values import Fields, text
from .check import iter_findings
from .client import Conference, Links, Pretalx
from .entries import build_link, own_links, split_id
from .reading import CALLED_OFF, UNCONFIRMED, iter_raws, read_record
from .settings import Settings

_MOST_LOOKED_UP = 20  # sessions of one pull that lost their time when they were called off
_CAPABILITIES = Capabilities(
    identifies="url_match",
    updates="delete_recreate",
    audiences=("public", "members"),
    members_see="the organisers, and the speakers of the session",
    tells_consent=True,
)


class PretalxRecords:
    """The EventRecords of one conference. See EventRecords for each method."""

    kind = "pretalx"
    capabilities = _CAPABILITIES

    def __init__(self, name: str, settings: Settings, client: Pretalx, clock: Clock) -> None:
        self.name, self._settings, self._client, self._clock = name, settings, client, clock

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline of a write."""
        return self._client.http.calling()

    def list_changed(self, cursor: str) -> Changed:
        """List all sessions with a time; pretalx does not tell which have changed.

        A session that was called off loses its time with the next release of the schedule. It is looked up once, and
        the cursor names it from then on.
        """
        with self._client.http.listing(packs=not self._keeps_slots):
            return self._list(self._client.fetch_conference(), cursor)

    def get(self, record_id: str) -> Raw:
        """Get the record of a slot."""
        session, conference = self._client.fetch_session(split_id(record_id)[0]), self._client.fetch_conference()
        records = list(iter_raws(conference, session))
        if not records and session.get("state") in CALLED_OFF:
            records = self._find_past(conference, session)
        elif not records and self._takes_hidden(session):
            records = _with_slots(conference, session, self._client.fetch_hidden_slots().get(session["code"], ()))
        found = next((raw for raw in records if raw.id == record_id), None)
        if found is None:
            raise NotFoundError("session with a time", record_id)
        return found

    def parse(self, raw: Raw) -> Record:
        """Read a record."""
        return read_record(raw, self._settings)

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our links of a slot."""
        code, slot = split_id(record_id)
        return join_copies(own_links(self._client.fetch_links(code).resources, slot))

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write a link. pretalx changes none: the new one is added and read back, and then the old one is removed."""
        code, slot = split_id(record_id)
        links = self._client.fetch_links(code)
        if links.is_refused:
            raise ConsentRefusedError(f"{self.name}: the speakers of {code} do not want a recording.")
        ours = _of_key(links, slot, entry.key)
        if before and not ours:
            raise DriftedError(f"{self.name}: somebody took our link from {code}, or gave it another address.")
        self._refuse_drift(code, ours, entry, before)
        if not any(shown.shows(entry) for shown in ours):
            ours = self._add(record_id, entry, before, links)
        shown, *others = sorted(ours, key=lambda each: not each.shows(entry))
        for each in others:
            self._client.remove_link(code, int(each.external_id))
        return shown

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove a link."""
        code, slot = split_id(record_id)
        try:
            links = self._client.fetch_links(code)
        except NotFoundError:
            return
        for shown in _of_key(links, slot, key):
            self._client.remove_link(code, int(shown.external_id))

    def check(self) -> Iterator[Finding]:
        """Try what the home needs."""
        return iter_findings(self._client, self._clock)

    def _list(self, conference: Conference, cursor: str) -> Changed:
        looked_up, unlooked = set(cursor.split(",")), _MOST_LOOKED_UP
        records: list[Raw] = []
        ids: set[str] = set()
        timeless: list[str] = []
        fetch_hidden = cache(self._client.fetch_hidden_slots)
        for session in self._client.iter_sessions():
            found = list(iter_raws(conference, session))
            code = text(session.get("code"))
            if not found and session.get("state") in CALLED_OFF:
                ids.add(code)
                if code not in looked_up and unlooked:
                    unlooked, found = unlooked - 1, self._find_past(conference, session)
                    looked_up.add(code)
                if code in looked_up:
                    timeless.append(code)
            elif not found and self._takes_hidden(session):
                found = _with_slots(conference, session, fetch_hidden().get(code, ()))
            records += (raw.packed() for raw in found)
        ids |= {raw.id for raw in records}
        return Changed(records=tuple(records), cursor=_cursor(timeless), all_ids=frozenset(ids))

    def _find_past(self, conference: Conference, session: Fields) -> list[Raw]:
        """Find the records of a session that was called off, with the times that it had."""
        slots = self._client.fetch_past_slots(text(session.get("code")))
        return _with_slots(conference, session, slots)

    def _takes_hidden(self, session: Fields) -> bool:
        """Return whether a session is an event though visitors do not see its slots."""
        return session.get("state") == UNCONFIRMED and self._keeps_slots

    @property
    def _keeps_slots(self) -> bool:
        """Whether the slots that visitors do not see are listed, and kept until the end of the list."""
        return self._settings.protected == "take"

    def _add(self, record_id: str, entry: Entry, before: Shown | None, links: Links) -> list[Shown]:
        """Add a link; return all of its key as read back. What somebody did meanwhile is left as it is."""
        code, slot = split_id(record_id)
        address, description = build_link(entry, links, slot)
        self._client.add_link(code, address, description, is_public=entry.visibility == "public")
        ours = _of_key(self._client.fetch_links(code), slot, entry.key)
        added = [shown for shown in ours if shown.shows(entry)]
        if not added:
            raise StrangeAnswerError(f"{self.name} took a link of {code} and does not show it.")
        try:
            self._refuse_drift(code, ours, entry, before)
        except DriftedError:
            for shown in added:
                self._client.remove_link(code, int(shown.external_id))
            raise
        return ours

    def _refuse_drift(self, code: str, ours: list[Shown], entry: Entry, before: Shown | None) -> None:
        """Raise DriftedError if a link is neither what is wanted nor what it was."""
        if any(not shown.shows(entry) and not shown.is_copy_of(before) for shown in ours):
            raise DriftedError(f"{self.name}: somebody changed our link of {code}.")


def _with_slots(conference: Conference, session: Fields, slots: Sequence[Fields]) -> list[Raw]:
    return list(iter_raws(conference, {**session, "slots": list(slots)}))


def _of_key(links: Links, slot: int, key: str) -> list[Shown]:
    return [shown for shown in own_links(links.resources, slot) if shown.key == key]


def _cursor(codes: list[str]) -> str:
    """Name the sessions that were looked up, as many as a cursor holds; the others are looked up again."""
    cursor = ""
    for code in codes:
        longer = f"{cursor},{code}" if cursor else code
        if len(longer) <= LONGEST_CURSOR:
            cursor = longer
    return cursor
