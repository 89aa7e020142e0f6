"""Links that put an event into a calendar on the web.

Neither Google nor Microsoft documents the parameters. They are as
https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs describes them.
"""

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache, partial
from itertools import accumulate
from urllib.parse import quote, urlencode

from markupsafe import escape

from ...events import Event
from ..sanitize import shorten, write_plainly

_LONGEST = 2000  # characters of an address; some mail programs and browsers cut a longer one
_LONGEST_NAME, _LONGEST_VENUE = 700, 300  # of them, encoded
_LONGEST_BEGIN = 60  # of the address before its parameters


@dataclass(frozen=True, kw_only=True)
class CalendarLink:
    """A link that opens the form for a new entry, filled in, in somebody's calendar. Its name is a trade name."""

    name: str
    address: str


def place_of(event: Event, base_url: str) -> str:
    """Return where an event takes place: its venue, else our own address for joining, never one of Zoom."""
    return event.venue or f"{base_url}/events/{event.id}/join"


def link_calendars(event: Event, base_url: str) -> tuple[CalendarLink, ...]:
    """Build the links of an event; each address has at most 2000 characters."""
    page = f"{base_url}/events/{event.id}"
    name = _cut(event.name, _LONGEST_NAME, _measure)
    place = _cut(event.venue, _LONGEST_VENUE, _measure) if event.venue else place_of(event, base_url)
    text = write_plainly(event.description, _LONGEST)
    google = {
        "action": "TEMPLATE",
        "text": name,
        "dates": "/".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (event.start, event.end)),
        "ctz": event.timezone,
        "location": place,
        "details": "",
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": name,
        "startdt": f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{event.end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "location": place,
        "body": "",
    }
    plain, html = _write_parameters(google, text, page, _as_it_is), _write_parameters(outlook, text, page, _as_html)
    return (
        CalendarLink(name="Google Calendar", address=f"https://calendar.google.com/calendar/render?{plain}"),
        CalendarLink(name="Outlook.com", address=f"https://outlook.live.com/calendar/deeplink/compose?{html}"),
        CalendarLink(name="Microsoft 365", address=f"https://outlook.office.com/calendar/deeplink/compose?{html}"),
    )


def _write_parameters(parameters: Mapping[str, str], text: str, page: str, render: Callable[[str], str]) -> str:
    """Render the parameters, the last with a text that is cut so that they fit, and the address of the page."""
    begun = urlencode(parameters, quote_via=quote)  # `+` is a plus to Outlook
    end = quote(render(f"\n\n{page}"), safe="")
    about = _cut(text, _LONGEST - _LONGEST_BEGIN - len(begun) - len(end), partial(_measure, render=render))
    return begun + (quote(render(about), safe="") + end if about else quote(page, safe=""))


def _cut(text: str, room: int, measure: Callable[[str], int]) -> str:
    """Cut a text at a word so that it has at most `room` characters once it is encoded."""
    lengths = list(accumulate(map(measure, text)))
    if not lengths or lengths[-1] <= room:
        return text
    return shorten(text, bisect(lengths, room - _measure("…")))


def _as_it_is(text: str) -> str:
    return text


def _as_html(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")


@lru_cache(maxsize=4096)
def _measure(sign: str, render: Callable[[str], str] = _as_it_is) -> int:
    """Return the number of characters that a sign takes in an address."""
    return len(quote(render(sign), safe=""))
