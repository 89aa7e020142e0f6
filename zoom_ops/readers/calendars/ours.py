"""The calendars that we write ourselves (`web/feeds/calendars.py`): what their entries say beyond RFC 5545."""

from ...events import make_slug
from ..read import CALENDAR_PRODUCT
from .scan import Component


def is_ours(calendar: Component) -> bool:
    """Tell whether a calendar was written by zoom_ops."""
    product = calendar.first("PRODID")
    return bool(product and product.text.partition(":")[2].strip() == CALENDAR_PRODUCT)


def event_id_of(uid: str) -> str | None:
    """Return the id of the event in a UID of ours, ID@INSTALLATION."""
    event_id = uid.rpartition("@")[0]
    return event_id if event_id and make_slug(event_id) == event_id else None


def strip_added(description: str, page: str) -> str:
    """Remove from a description what we add: the addresses of its recordings, and of its page at the end."""
    text = description.removesuffix(page).rstrip("\n")
    before, _, last = text.rpartition("\n\n")
    if last and all(f": {page}/recording" in line for line in last.split("\n")):
        return before
    return text
