"""Links that put an event into a calendar on the web.

Google and Microsoft document none of their parameters. These are the ones that their own pages read in 2026, as
https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs describes them.
"""

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import quote, urlencode

from markupsafe import escape

from ...events import Event
from ..sanitize import shorten, write_plainly

_LONGEST = 2000  # characters of an address; some mail programs and browsers cut a longer one
_LONGEST_NAME, _LONGEST_VENUE = 700, 300  # of them, encoded
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = (
    "https://outlook.live.com/calendar/deeplink/compose",
    "https://outlook.office.com/calendar/deeplink/compose",
)
_NAMES = ("Google Calendar", "Outlook.com", "Microsoft 365")


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
    name = _cut(event.name, _fitting(_LONGEST_NAME))
    place = _cut(event.venue, _fitting(_LONGEST_VENUE)) if event.venue else place_of(event, base_url)
    text = shorten(write_plainly(event.description), _LONGEST)
    google = {
        "action": "TEMPLATE",
        "text": name,
        "dates": "/".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (event.start, event.end)),
        "ctz": event.timezone,
        "location": place,
    }
    microsoft = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": name,
        "startdt": f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{event.end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "location": place,
    }
    links = [_write(_GOOGLE, google, "details", lambda about: f"{about}\n\n{page}".strip(), text)]
    links += [
        _write(start, microsoft, "body", lambda about: _as_html(f"{about}\n\n{page}"), text) for start in _OUTLOOK
    ]
    return tuple(CalendarLink(name=name, address=link) for name, link in zip(_NAMES, links, strict=True))


def _write(start: str, parameters: Mapping[str, str], key: str, render: Callable[[str], str], text: str) -> str:
    """Write an address whose last parameter is a text, rendered and cut so that it fits."""
    begun = f"{start}?{urlencode(parameters, quote_via=quote)}&{key}="  # no `+`: Outlook shows it
    fits = _fitting(_LONGEST - len(begun))
    return begun + quote(render(_cut(text, lambda about: fits(render(about)))), safe="")


def _fitting(room: int) -> Callable[[str], bool]:
    return lambda text: len(quote(text, safe="")) <= room


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """Cut a text at a word to the longest beginning that fits."""
    if fits(text):
        return text
    lengths = range(1, len(text))
    return shorten(text, bisect(lengths, False, key=lambda length: not fits(shorten(text, length))))


def _as_html(text: str) -> str:
    return str(escape(text.strip())).replace("\n", "<br>")
