"""Texts for Zoom: plain, cut at a word, with our marker as the agenda's last line."""

import html
import re

from ..events import Event, clean_text
from ..webinars import AGENDA_LIMIT

_BLOCK = re.compile(r"</?(?:p|div|br|ul|ol|h[1-6]|blockquote|tr|table|section|article)\b[^<>]*>", re.IGNORECASE)
_ENTRY = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL)
_EVENT_ID = r"[a-z0-9][a-z0-9-]{0,99}"
_MARKER = "Reference: zoom_ops/"
_LONGEST_SOURCE = 20_000  # characters of a description that are read: ten times what Zoom takes


def agenda_of(event: Event, marker: str) -> str:
    """Build the webinar's agenda: series, organizers and description as plain text, our marker as its last line."""
    names = [f"{o.name} ({o.acronym})" if o.acronym else o.name for o in event.organizers]
    organized = f"Organized by {', '.join(names)}" if names else ""
    body = "\n\n".join(part for part in (event.series or "", organized, plain_text(event.description)) if part)
    room = AGENDA_LIMIT - len(marker) - 2
    return f"{cut(body, room)}\n\n{marker}".lstrip()


def marker_of(installation: str, event_id: str) -> str:
    """Build the reference line that marks a webinar as this event's."""
    return f"{_MARKER}{installation}/{event_id}"


def carries_marker(agenda: str, marker: str) -> bool:
    """Return whether the agenda's last line is the marker."""
    return _last_line(agenda) == marker


def marked_event(agenda: str, installation: str) -> str | None:
    """Return the event id in the agenda's last line; None where that line is no marker of this installation."""
    marker = re.fullmatch(rf"{re.escape(marker_of(installation, ''))}({_EVENT_ID})", _last_line(agenda))
    return marker[1] if marker else None


def is_marked_elsewhere(agenda: str, installation: str) -> bool:
    """Return whether the agenda's last line is a marker of another installation."""
    line = _last_line(agenda)
    return line.startswith(_MARKER) and not line.startswith(marker_of(installation, ""))


def plain_text(text: str) -> str:
    """Convert a description, which may hold simple HTML, to plain text with paragraphs.

    `markup` reads pages; a description is mostly plain text, in which each "<" that begins no tag stays.
    """
    text = text[:_LONGEST_SOURCE]
    if "<" in text:
        text = _ENTRY.sub("\n- ", _BLOCK.sub("\n\n", _HIDDEN.sub(" ", text)))
        text = _TAG.sub("", text)
    text = html.unescape(text)
    return re.sub(r"\n{3,}", "\n\n", clean_text(text))


def cut(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters, at a word where there is one, with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if not text[limit - 1].isspace() and (at_word := re.search(r"\s\S*\Z", kept)):
        kept = kept[: at_word.start()] or kept
    return kept.rstrip() + "…"


def _last_line(agenda: str) -> str:
    return next(reversed(agenda.rstrip().splitlines()), "").strip()
