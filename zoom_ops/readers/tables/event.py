"""The rows of one event → its fields, but for when it is and who speaks."""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from ...events import LANGUAGE_CODE, Attachment, make_slug
from ...phrases.changes import doubt_of_title, title_says
from ...phrases.join_links import LEFT_OUT, find_join_link
from ...phrases.language import guess_language
from ...phrases.status import cut_status
from ..changing import told_changes
from ..columns import LANGUAGES, Column, find_value, fold_words, list_values
from .cells import read_bodies
from .findings import Findings
from .grid import Cell

LONGEST_NAME = 500
LONGEST_REMARK = 100  # characters of a cell such as "cancelled, see mail"
_BETWEEN = re.compile(r"\s*[\n;；|]\s*")
_WEB = re.compile(r"(?i)https?://[^\s/]+\S*")


def read_fields(found: Findings) -> None:
    """Read title, series, texts, status, organizers, links, recording, profile and id into the findings."""
    _read_name(found)
    _read_status(found)
    _read_cancelled(found)
    for name in ("series", "description", "venue", "profile", "account"):
        for column, cell in found.table.cells(found.row, name):
            found.fields[name] = cell.text
            found.read(name, column, cell)
            for field, reason, choices in told_changes(cell.text, found.fields.get("status")):
                found.doubt(field, reason, (column, cell), choices=choices)
    _read_language(found)
    _read_organizers(found)
    found.fields["attachments"] = tuple(_iter_attachments(found))
    for column, cell in found.table.cells(found.row, "id"):
        found.fields["id"] = make_slug(cell.text)
        found.read("id", column, cell)


def _read_name(found: Findings) -> None:
    (column, *_), beside = found.table.named("name"), [c for c in found.table.columns if c.beside == "name"]
    cell = found.row.cell(column.index)
    if not cell.text or not any(map(str.isalnum, cell.text)):
        found.refuse(column, cell, "expected the title of an event (if this row is no event, leave it out)")
        return
    status, name = cut_status(" ".join(cell.text.split()))
    if len(name) > LONGEST_NAME:
        found.refuse(
            column, Cell(text=f"{name[:40]}…"), f"too long; expected a title of at most {LONGEST_NAME} characters"
        )
        return
    found.fields["name"] = name
    found.read("name", column, cell)
    if status:
        found.fields["status"] = status
        found.read("status", column, cell)
    elif (word := title_says(name)) and not found.table.text(found.row, "status"):
        found.doubt("name", doubt_of_title(word), (column, cell))
    others = [(other, found.row.cell(other.index)) for other in beside]
    others = [(other, text) for other, text in others if text.text and fold_words(text.text) != fold_words(cell.text)]
    if others:
        named = ", ".join(other.header for other, _ in others)
        choices = (name, *(text.text[:LONGEST_NAME] for _, text in others))
        reason = f"the title may stand in another column: {named}; column {column.header} is taken"
        found.doubt("name", reason, (column, cell), *others, choices=choices)
    if cell.is_struck:
        found.doubt("name", "the title is struck through; is the event cancelled?", (column, cell))
    if found.row.is_hidden:
        found.doubt("name", f"row {found.row.number} is hidden in the sheet; is it still an event?", (column, cell))


def _read_status(found: Findings) -> None:
    for column, cell in found.table.cells(found.row, "status"):
        status = find_value("status", cell.text)
        in_title = found.fields.get("status")
        if find_value("unsure", cell.text):
            found.doubt("start", f"the event is not confirmed: {cell.text[:60]}", (column, cell))
        elif status is None:
            known = ", ".join(list_values("status"))
            found.refuse(column, cell, f"no status; expected {known}, or another header, so that it is left out")
        elif in_title and status != in_title:
            reason = f"the title says {in_title}, and column {column.header} says {status} (taken)"
            found.doubt("name", reason, (column, cell))
        if status:
            found.fields["status"] = status
            found.read("status", column, cell)


def _read_cancelled(found: Findings) -> None:
    """Read a column "Cancelled", and hold the event where any other cell says that it is cancelled or moved."""
    for column, cell in found.table.cells(found.row, "cancelled"):
        answer = find_value("consent", cell.text) or find_value("status", cell.text)
        if answer in ("record", "cancelled"):
            found.fields["status"] = "cancelled"
            found.read("status", column, cell)
        elif answer != "do_not_record":
            found.refuse(column, cell, "no answer; expected yes, no or nothing")
    for column in found.table.columns:
        cell = found.row.cell(column.index)
        if column.field in (None, "venue", "series") and len(cell.text) <= LONGEST_REMARK:
            words = fold_words(cell.text).split()
            said = {find_value("status", part) or find_value("unsure", part) for part in (*words, " ".join(words))}
            if said - {None, "scheduled"}:
                reason = f"column {column.header} says {cell.text!r}; is the event held as written?"
                found.doubt("start", reason, (column, cell))


def _read_language(found: Findings) -> None:
    for column, cell in found.table.cells(found.row, "language"):
        first, *others = re.split(r"\s*[/,;&\n]\s*|\s+(?:and|et|y|und|и)\s+", cell.text)
        code = first.lower() if len(first) <= 3 else first
        language = (
            code
            if re.fullmatch(LANGUAGE_CODE, code) and (len(first) <= 3 or "-" in first)
            else _codes().get(fold_words(first))
        )
        if language is None:
            found.refuse(column, cell, "no language; expected one such as English or en")
            return
        if others:
            found.doubt("language", f"several languages are written; {first} is taken", (column, cell))
        found.fields["language"] = language
        found.read("language", column, cell)
        return
    found.fields["language"] = guess_language(f"{found.fields.get('name', '')}\n{found.fields.get('description', '')}")


@cache
def _codes() -> dict[str, str]:
    """Map the names of languages, in all the languages of the headers, to their codes."""
    return {
        fold_words(name): code.replace("_", "-")
        for language in LANGUAGES
        for code, name in Locale(language).languages.items()
        if len(code) <= 3
    }


def _read_organizers(found: Findings) -> None:
    cells = list(found.table.cells(found.row, "organizers"))
    bodies, doubts = read_bodies([piece for _, cell in cells for piece in _BETWEEN.split(cell.text) if piece])
    found.fields["organizers"] = bodies
    for column, cell in cells:
        found.read("organizers", column, cell)
    for reason in doubts:
        found.doubt("organizers", reason[:250], *cells)


def _iter_attachments(found: Findings) -> Iterator[Attachment]:
    for field, kind, title in (("link", "link", ""), ("slides", "slides", "Slides")):
        for column, cell in found.table.cells(found.row, field):
            for piece in _BETWEEN.split(cell.text):
                if url := _web_address(found, column, cell, piece):
                    found.read("attachments", column, cell)
                    yield Attachment.model_validate({"title": title or column.header, "kind": kind, "url": url})
    for column, cell in found.table.cells(found.row, "recording"):
        found.read("attachments", column, cell)
        yield from _read_recording(found, column, cell)


def _web_address(found: Findings, column: Column, cell: Cell, text: str) -> str | None:
    address = f"https://{text}" if text.lower().startswith("www.") else text
    if not _WEB.fullmatch(address):
        found.doubt(
            "attachments", f"{text[:60]!r} is no web address such as https://example.org; left out", (column, cell)
        )
        return None
    if find_join_link(address):
        found.doubt("attachments", LEFT_OUT, (column, cell))
        return None
    return address


def _read_recording(found: Findings, column: Column, cell: Cell) -> Iterator[Attachment]:
    """Read who may see the recording, whether there is to be one, or where it is."""
    visibility, consent = find_value("visibility", cell.text), find_value("consent", cell.text)
    if _WEB.fullmatch(cell.text):
        yield Attachment(title="Recording", kind="recording", url=cell.text)
    elif visibility:
        yield Attachment.model_validate(
            {"title": "Recording", "kind": "recording", "state": "expected", "visibility": visibility}
        )
    elif consent:
        found.fields["consent"] = consent
    else:
        found.refuse(column, cell, "unclear for a recording; expected public, members, yes, no, ask or an address")
