"""The public page of an event as it will look, before it is saved."""

import re

from fastapi import Request

from ....access import VISITOR, show_event
from ....events import Event
from ....operations.context import Context
from ....store.recordings import load_publications
from ...dependencies import language_of, services_of
from ...public.event_page import view_event
from ...public.sharing import share_event
from ...rendering import render_text

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
    return _SCRIPT.sub("", html)
