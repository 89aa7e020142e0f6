"""Recognise our people among the panelists that Zoom lists, where it withholds addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..webinars import Panelist


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """The panelists of a webinar with their addresses, and how many rows without an address are nobody we know."""

    panelists: tuple[Panelist, ...]
    unknown: int = 0

    def find(self, email: str) -> Panelist | None:
        """Find a panelist by address."""
        return next((panelist for panelist in self.panelists if panelist.email == email), None)


def recognise(listed: Iterable[Panelist], expected: Iterable[Panelist]) -> Recognised:
    """Give rows without an address the address of the person they mean: by id, else by a name that fits exactly.

    People of one name are recognised together where there are as many rows: then nobody gets an id or a link, because
    it may be another's.
    """
    rows = tuple(listed)
    known = {row.email: row for row in rows if row.email}
    blank = [row for row in rows if not row.email]
    sought = {person.email: person for person in expected if person.email and person.email not in known}
    by_id = {person.id: person for person in sought.values() if person.id}
    for row in tuple(blank):
        person = by_id.get(row.id or "")
        if person and person.email not in known:
            known[person.email] = replace(row, email=person.email, name=row.name or person.name)
            blank.remove(row)
    for name in dict.fromkeys(_plain(row.name) for row in blank):
        people = [person for person in sought.values() if person.email not in known and _plain(person.name) == name]
        same_name = [row for row in blank if _plain(row.name) == name]
        if name and people and len(people) == len(same_name):
            known |= _paired(people, same_name)
            blank = [row for row in blank if _plain(row.name) != name]
    return Recognised(panelists=tuple(known.values()), unknown=len(blank))


def _paired(people: Sequence[Panelist], rows: Sequence[Panelist]) -> dict[str, Panelist]:
    if len(rows) == 1:
        return {people[0].email: replace(rows[0], email=people[0].email)}
    return {person.email: Panelist(email=person.email, name=person.name) for person in people}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
