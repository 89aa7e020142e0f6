"""The card of an event by oEmbed 1.0 (https://oembed.com), which turns the address of a page into its frame."""

import re
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from ...events import Event
from ...linear import split_url
from .previews import Picture
from .publisher import Publisher

_PAGE = re.compile(r"/events/([a-z0-9][a-z0-9-]{0,99})")
_FRAME = Markup(
    '<iframe src="{address}" title="{title}" width="{width}" height="{height}"'
    ' loading="lazy" style="border: 0"></iframe>'
)
_FRAME_WIDTH, _FRAME_HEIGHT = 400, 480  # pixels
_MAY_KEEP_S = 3600  # seconds that a site may keep an answer


def write_oembed_address(event_id: str, publisher: Publisher) -> str:
    """Build the address at which an event's card is described."""
    return publisher.address(f"/oembed?{urlencode({'url': publisher.event(event_id), 'format': 'json'})}")


def find_event_id(address: str, base_url: str) -> str | None:
    """Return the id in the address of an event's page, whatever query it has; None for any other address."""
    try:
        given, own = split_url(address), split_url(base_url)
    except ValueError:
        return None
    is_ours = given.scheme in ("http", "https") and given.netloc.lower() == own.netloc.lower()
    page = _PAGE.fullmatch(given.path.removeprefix(own.path)) if is_ours and given.path.startswith(own.path) else None
    return page[1] if page else None


def describe_card(event: Event, preview: Picture, publisher: Publisher, *, width: int, height: int) -> dict[str, Any]:
    """Build the answer for an event. `width` and `height` are the most pixels that the frame may take.

    The picture is left out if it would be larger than that.
    """
    frame = {"width": min(width, _FRAME_WIDTH), "height": min(height, _FRAME_HEIGHT)}
    picture = {
        "thumbnail_url": preview.address,
        "thumbnail_width": preview.width,
        "thumbnail_height": preview.height,
    }
    return {
        "version": "1.0",
        "type": "rich",
        "title": event.name,
        "author_name": ", ".join(organizer.name for organizer in event.organizers) or publisher.name,
        "author_url": publisher.event(event.id),
        "provider_name": publisher.name,
        "provider_url": publisher.address("/"),
        "cache_age": _MAY_KEEP_S,
        **(picture if width >= preview.width and height >= preview.height else {}),
        "html": _FRAME.format(address=publisher.event(event.id, "/embed"), title=event.name, **frame),
        **frame,
    }
