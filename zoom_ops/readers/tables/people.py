"""The people of an event: a name a cell, several in one, or a row for each, with role, organisation and address."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...announcements import told_of
from ...events import Performer
from ...phrases.names import name_key, split_honorific
from ..addresses import email_of
from ..columns import Column, find_value, list_values
from ..naming import someone_named
from .cells import may_be_name, read_people
from .findings import Findings
from .grid import Cell, Row

LONGEST = 1_000  # characters of one person
_KINDS = {"speaker": "speaker", "moderator": "moderator", "chair": "chair", "interpreter": "interpreter"}
_DETAILS = ("honorific", "role", "organization", "email", "kind")
_BETWEEN = re.compile(r"\s*[\n;；|]\s*")
_BULLET = re.compile(r"^(?:[•◦▪·*–—-]+|\d{1,2}[.)])\s+")
_PRONOUNS = re.compile(r"(?i)\s*\((?:she|he|they|elle|il|iel|sie|er|ella|él)\s*/\s*[^()]{2,14}\)")


@dataclass(frozen=True, kw_only=True)
class _Named:
    column: Column
    cell: Cell
    text: str
    kind: str


def read_performers_of(found: Findings, rows: Sequence[Row]) -> None:
    """Read the people of all the rows of an event into its findings.

    Each person is listed once, with what any of the cells says. A moderator who is also listed as speaker moderates.
    """
    people: list[Performer] = []
    places: dict[str, list[int]] = {}  # of the people with a name
    for row in rows:
        for named, details in _iter_named(found, row):
            for person in _read_person(found, row, named, details):
                namesakes = places.setdefault(name_key(person.name), [])
                place = next((each for each in namesakes if _may_be_same(people[each], person)), len(people))
                if place == len(people):
                    if namesakes:
                        found.doubt("performers", f"row {row.number}: two people are named {person.name[:80]}")
                    namesakes.append(place)
                    people.append(person)
                    found.read(f"performers.{place}.name", named.column, named.cell, row)
                people[place] = _joined(people[place], person)
                for part, (column, cell) in _details(found, row, named.column.group).items():
                    if getattr(person, part):
                        found.read(f"performers.{place}.{part}", column, cell, row)
    found.fields["performers"] = tuple(people)
    if not people and all(note.field != "performers" for note in found.notes):
        _note_named(found)


def _note_named(found: Findings) -> None:
    """Note a person whom the title or the description names, where no cell lists anybody."""
    title, description = (found.table.text(found.row, name) for name in ("name", "description"))
    for name, named in (("name", someone_named(title, "")), ("description", someone_named("", description))):
        if named:
            found.doubt("performers", told_of(named), *found.table.cells(found.row, name))


def _may_be_same(known: Performer, person: Performer) -> bool:
    return not (known.email and person.email and known.email != person.email)


def _joined(known: Performer, person: Performer) -> Performer:
    missing = {part: getattr(person, part) for part in _DETAILS if not getattr(known, part)}
    return known.model_copy(update=missing | ({"kind": person.kind} if known.kind == "speaker" else {}))


def _iter_named(found: Findings, row: Row) -> Iterator[tuple[_Named, dict[str, str]]]:
    """Yield each name that a row writes, with what stands about it in other cells."""
    groups = sorted({column.group for column in found.table.columns if column.field})
    for group in groups:
        cells = _details(found, row, group)
        names = _names(found, row, group)
        for place, named in enumerate(names):
            yield named, {name: _share(found, row, cells[name], place, names) for name in cells}
        if not names and any(cell.text for name, (_, cell) in cells.items() if name in ("email", "role")):
            column, cell = next(iter(cells.values()))
            found.doubt("performers", f"row {row.number} says something of a speaker and gives no name", (column, cell))


def _names(found: Findings, row: Row, group: int) -> list[_Named]:
    first, last = (
        next(((c, cell) for c, cell in found.table.cells(row, f"speaker_{part}") if c.group == group), None)
        for part in ("first_name", "last_name")
    )
    named = []
    if whole := first or last:
        text = " ".join(pair[1].text for pair in (first, last) if pair)
        named.append(_Named(column=whole[0], cell=whole[1], text=text, kind="speaker"))
    for field, kind in _KINDS.items():
        for column, cell in found.table.cells(row, field):
            if column.group == group:
                named.extend(_Named(column=column, cell=cell, text=piece, kind=kind) for piece in _pieces(cell.text))
    return named


def _pieces(text: str) -> list[str]:
    """Split a cell that names several people, without the bullets of a list."""
    text = _PRONOUNS.sub("", re.sub(r"\s*\n\s*\(", " (", text)).replace(" + ", " & ")
    pieces = [_BULLET.sub("", piece.strip(" ,")) for piece in _BETWEEN.split(text)]
    return [re.sub(r",(?=\S)", ", ", piece) for piece in pieces if any(map(str.isalnum, piece))]


def _details(found: Findings, row: Row, group: int) -> dict[str, tuple[Column, Cell]]:
    cells = {}
    for name in _DETAILS:
        for column, cell in found.table.cells(row, f"speaker_{name}"):
            if column.group == group:
                cells[name] = (column, cell)
    return cells


def _share(found: Findings, row: Row, detail: tuple[Column, Cell], place: int, names: Sequence[_Named]) -> str:
    """Return the part of a cell that belongs to one of several names."""
    column, cell = detail
    speakers = [named for named in names if named.kind == "speaker"] or list(names)
    if names[place] not in speakers:
        return ""
    if len(speakers) == 1:
        return cell.text
    parts = [part.strip() for part in _BETWEEN.split(cell.text)]
    if len(parts) == len(speakers):
        return parts[speakers.index(names[place])]
    reason = (
        f"row {row.number}: column {column.header} has {len(parts)} parts for {len(speakers)} names; given to nobody"
    )
    found.doubt("performers", reason, (column, cell))
    return ""


def _read_person(found: Findings, row: Row, named: _Named, details: dict[str, str]) -> Iterator[Performer]:
    kind, role = _kind_of(found, row, named, details)
    people, doubts = _people(named.text[: LONGEST + 1], kind, has_organization=bool(details.get("organization")))
    for reason in doubts:
        found.doubt("performers", f"row {row.number}: {reason}"[:250], (named.column, named.cell))
    if len(people) > 1 and any(details.values()):
        found.doubt("performers", f"row {row.number}: several names in one cell; the other cells are given to nobody")
        details, role = {}, ""
    for person in people:
        more = {
            "kind": kind if person.kind == "speaker" else person.kind,
            "honorific": details.get("honorific") or person.honorific,
            "role": role or person.role,
            "organization": details.get("organization") or person.organization,
            "email": _address(found, row, details.get("email", "")) or person.email,
        }
        yield Performer.model_validate({**person.model_dump(), **more})


def _kind_of(found: Findings, row: Row, named: _Named, details: dict[str, str]) -> tuple[str, str]:
    """Return the kind and the role of a person. A role such as "Moderator" is a kind."""
    role, written = details.get("role", ""), details.get("kind", "")
    if written and not (kind := find_value("kind", written)):
        column, cell = _details(found, row, named.column.group)["kind"]
        found.refuse(column, cell, f"no kind of speaker; expected {', '.join(list_values('kind'))}", row)
    elif written:
        return kind or "speaker", role
    if named.kind == "speaker" and (kind := find_value("kind", role)):
        return kind, ""
    return named.kind, role


@lru_cache(maxsize=4096)  # the same people speak at many events
def _people(text: str, kind: str, *, has_organization: bool) -> tuple[tuple[Performer, ...], tuple[str, ...]]:
    """Read a name: as in an announcement, or turned, or as it is written."""
    if len(text) > LONGEST:
        return (), (f"{text[:60]!r} and so on is too long for a person; nobody was added",)
    if find_value("nobody", text):
        return (), (f"{text!r} names nobody",)
    if turned := _turned(text, has_organization):
        return turned, (f"{text!r} is read as {turned[0].name}",)
    people, doubts = read_people([(kind, text)])
    honorific, name = split_honorific(text)
    plain = name[:1].isalnum() and not re.search(r"[,(@\d/:<]", name) and len(name.split()) <= 8
    if not people and plain and may_be_name(name):
        person = Performer(honorific=honorific, name=name)
        return (person,), (f"{name!r} is taken as the name of a person",)
    return people, doubts


def _turned(text: str, has_organization: bool) -> tuple[Performer, ...]:
    """Turn "Lovelace, Ada", where the family name stands first."""
    family, comma, given = text.partition(",")
    words = [*family.split(), *given.split()]
    short = len(family.split()) == 1 or (has_organization and len(family.split()) <= 3)
    capital = all(word[0].isupper() and re.sub("[-.'’]", "", word).isalpha() for word in words)
    if not comma or not short or not 1 <= len(given.split()) <= 3 or not capital or "," in given:
        return ()
    return (Performer(name=f"{given.strip()} {family.strip()}"),) if may_be_name(given) and may_be_name(family) else ()


def _address(found: Findings, row: Row, text: str) -> str | None:
    if not text:
        return None
    address = email_of(text)
    if address is None:
        column = next(column for column in found.table.columns if column.field == "speaker_email")
        expected = "no e-mail address; expected one such as ada@example.org"
        found.refuse(column, Cell(text=text), expected, row)
    return address
