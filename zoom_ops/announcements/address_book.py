"""The address book: people.csv, and the match of performers with it by name."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from ..errors import BadInputError
from ..events import LONGEST_EMAIL, Email, Event, ReviewNote, clean_line
from ..events.maxima import LINE
from ..explain import MOST_MISTAKES
from ..linear import normalize
from ..phrases.names import name_key
from .sources import decode, refuse

LONGEST_NAME = 300
LONGEST_ORGANIZATION = LINE  # as of a performer
MOST_PEOPLE = 50_000  # of one file
COLUMNS = ("name", "organization", "email")
_SPELLINGS = {"organisation": "organization", "e-mail": "email", "mail": "email"}
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_SEVERAL = "Several people in the address book have this name"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person of the address book, as written. The e-mail address is in lower case."""

    name: str
    organization: str | None
    email: str


def parse_people(content: bytes, file: str) -> tuple[Contact, ...]:
    """Read an address book: CSV with the header name,organization,email, separated by commas or semicolons.

    Raises BadInputError with the line and the expected form.
    """
    text = decode(content, file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = _rows(text, max(",;", key=first.count), file)
    if not rows:
        raise BadInputError(f"expected a first line that reads {','.join(COLUMNS)}", file=file, line=1)
    (line, header), *rest = rows
    names = [_SPELLINGS.get(cell.casefold(), cell.casefold()) for cell in header]
    missing = " or ".join(name for name in ("name", "email") if name not in names)
    if missing:
        message = f"expected the header {','.join(COLUMNS)}; there is no column {missing}"
        raise BadInputError(message, file=file, line=line)
    return _contacts(rest, {name: names.index(name) for name in COLUMNS if name in names}, file)


def parse_lines(text: str, file: str) -> tuple[Contact, ...]:
    """Read lines that a person types or pastes: an address book, or the rows of one without its header.

    Without a header, the separator of each line is its last comma or semicolon, as an e-mail address holds neither.
    Raises BadInputError with the line and the expected form.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip(" \t,;")]
    first = re.split("[,;]", lines[0][1])[0] if lines else ""
    if first.strip(' \t\ufeff"').casefold() in (*COLUMNS, *_SPELLINGS):
        return parse_people(text.encode(), file)
    rows = (
        row for number, line in lines for row in _rows(line, max(",;", key=line.rstrip(" \t,;").rfind), file, number)
    )
    return _contacts(rows, {name: place for place, name in enumerate(COLUMNS)}, file)


def make_contact(name: str, organization: str, email: str) -> Contact:
    """Make a contact of what a person types; raise BadInputError for a missing name or a wrong address."""
    row = [clean_line(cell) for cell in (name, organization, email)]
    return _contact(row, {name: place for place, name in enumerate(COLUMNS)}, None, None)


def _contacts(rows: Iterable[tuple[int, list[str]]], columns: dict[str, int], file: str) -> tuple[Contact, ...]:
    contacts: list[Contact] = []
    problems: list[BadInputError] = []
    for number, row in rows:
        if len(contacts) >= MOST_PEOPLE:
            raise BadInputError(f"expected at most {MOST_PEOPLE:,} people in one file", file=file, line=number)
        try:
            contacts.append(_contact(row, columns, file, number))
        except BadInputError as problem:
            problems.append(problem)
            if len(problems) > MOST_MISTAKES:
                break
    refuse(problems)
    return tuple(contacts)


def _rows(text: str, separator: str, file: str, begins: int = 1) -> list[tuple[int, list[str]]]:
    """List the rows that are not empty, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, before = [], begins - 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, [clean_line(cell) for cell in row]))
            begins = before + reader.line_num + 1
    except csv.Error as error:
        raise BadInputError(f"expected lines of comma-separated values ({error})", file=file, line=begins) from error
    return rows


def _contact(row: Sequence[str], columns: dict[str, int], file: str | None, line: int | None) -> Contact:
    cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    if len(row) > max(columns.values()) + 1 and any(row[len(columns) :]) and len(columns) == len(COLUMNS):
        message = f"expected {len(COLUMNS)} values, found {len(row)}; put a value that holds a comma in quotes"
        raise BadInputError(message, file=file, line=line)
    if not cells["name"]:
        raise BadInputError("expected a name", file=file, line=line)
    if len(cells["name"]) > LONGEST_NAME or len(name_key(cells["name"])) > LONGEST_NAME:
        raise BadInputError(f"expected a name of at most {LONGEST_NAME} characters", file=file, line=line)
    if len(cells.get("organization", "")) > LONGEST_ORGANIZATION:
        message = f"expected an organization of at most {LONGEST_ORGANIZATION:,} characters"
        raise BadInputError(message, file=file, line=line)
    try:
        email = _EMAIL.validate_python(cells["email"])
    except ValidationError:
        length = f" of at most {LONGEST_EMAIL} characters" if len(cells["email"]) > LONGEST_EMAIL else ""
        message = f"expected an e-mail address{length} for {cells['name']}"
        raise BadInputError(message, file=file, line=line) from None
    return Contact(name=cells["name"], organization=cells.get("organization") or None, email=email)


def match_people(event: Event, book: Iterable[Contact]) -> Event:
    """Fill in the e-mail address of each performer that has none, where the address book has exactly one for the name.

    Of several people with the same name, those of the performer's organization count. If several addresses remain, a
    review note is added. A later match that finds exactly one address drops that note. An address that a performer
    already has is kept.
    """
    by_name: dict[str, list[Contact]] = {}
    for contact in book:
        by_name.setdefault(name_key(contact.name), []).append(contact)
    notes = [note for note in event.needs_review if note.field != "performers" or not note.reason.startswith(_SEVERAL)]
    performers = []
    for performer in event.performers:
        candidates = [] if performer.email else by_name.get(name_key(performer.name), [])
        if performer.organization and len({contact.email for contact in candidates}) > 1:
            keys = _organization_keys(performer.organization)
            same = [contact for contact in candidates if keys & _organization_keys(contact.organization or "")]
            candidates = same or candidates
        emails = {contact.email for contact in candidates}
        if len(emails) > 1:
            places = ", ".join(dict.fromkeys(contact.organization or "no organization" for contact in candidates))
            advice = "give the performer an organization that tells them apart, or an e-mail address"
            reason = f"{_SEVERAL} ({places}): {advice}"
            notes.append(ReviewNote(field="performers", text=performer.name, reason=reason))
        performers.append(performer.model_copy(update={"email": emails.pop()}) if len(emails) == 1 else performer)
    return event.model_copy(update={"performers": tuple(performers), "needs_review": tuple(notes)})


def _organization_keys(name: str) -> set[str]:
    """List the spellings of an organization's name: in full, without its acronym, and the acronym alone."""
    folded = " ".join(normalize("NFKC", name).casefold().split())
    match = re.fullmatch(r"(.*?)\s*\(([^()]+)\)", folded)
    keys = {folded, *(match.groups() if match else ())}
    return {key.removeprefix("the ") for key in keys if key}
