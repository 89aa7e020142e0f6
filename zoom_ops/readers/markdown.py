"""Markdown with front matter → its event: the keys of YAML above, the description below."""

from dataclasses import replace

from ..announcements import decode
from ..errors import BadInputError
from ..events import ReviewNote
from . import yaml
from .read import LONGEST_QUOTE, Announced, Source

# keys that place a page on a site, and say nothing about an event
_PAGE_KEYS = {
    "layout",
    "permalink",
    "aliases",
    "weight",
    "tags",
    "toc",
    "template",
    "type",
    "nav_order",
    "redirect_from",
    "categories",
    "category",
    "keywords",
    "image",
    "images",
    "featured",
    "menu",
    "comments",
    "publishdate",
    "lastmod",
    "expirydate",
}
_DRAFT = {"draft": ("true", "yes"), "published": ("false", "no")}


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read the event of a Markdown file. Raise BadInputError for the first mistake; the others stand in its notes."""
    lines = decode(content, file).split("\n")
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    closing = _find_closing(lines, opening)
    if lines[opening].rstrip() != "---" or closing is None:
        message = "expected front matter: lines such as name: How waves travel, between two lines of ---"
        raise BadInputError(message, file=file, line=opening + 1)
    keys = _without_page_keys(lines[:closing])
    found = yaml.read("\n".join(keys).encode(), file)
    if len(found) != 1:
        raise BadInputError(f"expected one event in the front matter, found {len(found)}", file=file, line=opening + 1)
    announced = _describe(found[0], lines, closing + 1)
    return (_doubt_date(announced, keys),)


def _find_closing(lines: list[str], opening: int) -> int | None:
    marks = (number for number, line in enumerate(lines) if number > opening and line.rstrip() in ("---", "..."))
    return next(marks, None)


def _without_page_keys(lines: list[str]) -> list[str]:
    """Empty the lines of the keys that are the site's, so that the numbers of the others stay."""
    kept, dropped = [], False
    for line in map(_with_visibility, lines):
        if (line[:1].strip() and not line.startswith(("-", "#"))) or line.rstrip() == "---":
            dropped = line.partition(":")[0].strip().lower() in _PAGE_KEYS
        kept.append("" if dropped else line)
    return kept


def _with_visibility(line: str) -> str:
    """Write `draft: true` and `published: false` as the visibility; false and true say nothing."""
    key, _, value = line.partition(":")
    word, hides = value.partition("#")[0].strip().lower(), _DRAFT.get(key.strip().lower(), ())
    if not hides or word not in ("true", "yes", "false", "no"):
        return line
    return "visibility: draft" if word in hides else ""


def _describe(announced: Announced, lines: list[str], begins: int) -> Announced:
    """Add the text below the front matter to the description."""
    body = "\n".join(lines[begins:]).strip()
    if not body:
        return announced
    first = next(number for number, line in enumerate(lines) if number >= begins and line.strip())
    source = Source(field="description", place=f"line {first + 1}", text=lines[first].strip()[:LONGEST_QUOTE])
    text = "\n\n".join(filter(None, (announced.event.description, body)))
    event = announced.event.model_copy(update={"description": text})
    return replace(announced, event=event, sources=(*announced.sources, source))


def _doubt_date(announced: Announced, keys: list[str]) -> Announced:
    """Hold an event whose day is only the `date` of its page: sites take that for the day of publication."""
    places = {line.partition(":")[0].strip().lower(): number for number, line in enumerate(keys, 1) if ":" in line}
    if "date" not in places or places.keys() & {"start", "time"}:
        return announced
    line = places["date"]
    reason = "in front matter, date is often when the page was published; write start and end instead"
    note = ReviewNote(field="start", line=line, text=keys[line - 1][:LONGEST_QUOTE], reason=reason)
    return announced.noted(note)
