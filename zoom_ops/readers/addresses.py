"""Addresses in an event: of e-mail, and those that the readers of a page cannot or must not open."""

from ipaddress import ip_address

from pydantic import TypeAdapter, ValidationError

from ..events import Email, Event, ReviewNote
from ..linear import split_url
from ..phrases.join_links import IN_A_TEXT, find_join_link

_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp")  # last parts of names inside a network
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


def email_of(text: str) -> str | None:
    """Return an e-mail address, which may be written as mailto:ADDRESS; None if it is none."""
    scheme, colon, address = text.partition(":")
    try:
        return _EMAIL.validate_python(address if colon and scheme.strip().lower() == "mailto" else text)
    except ValidationError:
        return None


def note_private(event: Event) -> Event:
    """Add a note for each attachment that is not for the readers of a page, and for a join link in the description."""
    notes = [
        ReviewNote(field="attachments", text=entry.url[:500], reason=reason)
        for entry in event.attachments
        if entry.url and (reason := _reason(entry.url))
    ]
    link = find_join_link(event.description)
    if link and all(note.reason != IN_A_TEXT for note in event.needs_review):
        notes.append(ReviewNote(field="description", text=link[:500], reason=IN_A_TEXT))
    new = tuple(note for note in dict.fromkeys(notes) if note not in event.needs_review)
    return event.model_copy(update={"needs_review": (*event.needs_review, *new)}) if new else event


def _reason(url: str) -> str:
    try:
        parts = split_url(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "this address cannot be read: write it again, or leave it out"
    if find_join_link(url):
        return "this is the join link of another webinar; readers would follow it"
    if parts.username or parts.password:
        return "this address holds a name or password, which every reader of the page would see"
    try:
        is_inside = not ip_address(host).is_global
    except ValueError:
        is_inside = "." not in host or host.rpartition(".")[2] in _INSIDE
    return "this address is inside a network, and the readers of the page cannot open it" if is_inside else ""
