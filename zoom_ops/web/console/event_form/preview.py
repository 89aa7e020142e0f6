"""The public page of an event as it will look, before it is saved."""

import base64
import re

from fastapi import Request

from ....access import VISITOR, show_event
from ....events import Event
from ....operations.context import Context
from ....store.pictures.kept import load_picture
from ....store.recordings import load_publications
from ...dependencies import language_of, services_of
from ...public.event_page import view_event
from ...public.sharing import share_event
from ...rendering import render_text

_LARGE = re.compile(r' srcset="[^"]*"')
_PICTURE = re.compile(r'src="/events/[^"/]+/pictures/([0-9a-f]{32})\.jpg"')
_MOST_PICTURES = 40  # that the preview shows; the place of others stays empty
_NOTHING = "image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_SCRIPT = re.compile(r"<script\b[^>]*></script>")  # of our own head; the frame would refuse it


def write_preview(request: Request, context: Context, event: Event) -> str:
    """Write the public page of an event as a visitor will see it, as HTML for a frame without rights.

    It is in the language of the reader.
    """
    with context.database.read() as connection:
        publications = load_publications(connection, [event.id]).get(event.id, ())
    services, query = services_of(request), f"lang={language_of(request).code}"
    scope = {"path": f"/events/{event.id}", "query_string": query.encode(), "headers": [], "state": {}}
    visit = Request({**request.scope, **scope})
    shown = show_event(event, publications, VISITOR)
    values = {
        "page": view_event(shown, services.base_url, services.clock.now(), language_of(visit)),
        "sharing": share_event(shown.event, services.base_url, services.share_on, language_of(visit)),
    }
    html = render_text(visit, "console/event_form/public_page.html", values)
    return _with_pictures(context, event, _SCRIPT.sub("", html))


def _with_pictures(context: Context, event: Event, html: str) -> str:
    """Put the pictures into the page: the frame has no session, and a draft shows its pictures to nobody without."""
    with context.database.read() as connection:
        kept = {digest: load_picture(connection, digest, small=True) for digest in event.pictures[:_MOST_PICTURES]}
    written = {d: f"image/jpeg;base64,{base64.b64encode(content).decode()}" for d, content in kept.items() if content}
    html = _LARGE.sub("", html)
    return _PICTURE.sub(lambda found: f'src="data:{written.get(found[1], _NOTHING)}"', html)
