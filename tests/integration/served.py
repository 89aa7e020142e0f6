"""A visitor of the pages of a whole service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

import requests

from tests.builders import EVENT_ID
from tests.integration.service import Service
from tests.web_site import PASSWORD, QUICK_PASSWORDS, Visitor, served, visited
from zoom_ops.app import App
from zoom_ops.identity import Identity
from zoom_ops.identity.users import UserChanges, add_user
from zoom_ops.store.audit import Actor
from zoom_ops.web.app import create_app
from zoom_ops.web.commands import link_commands
from zoom_ops.web.daemon import build_services
from zoom_ops.web.dependencies import Services

WITHOUT_TLS = {"ZOOM_OPS_BASE_URL": "http://127.0.0.1:8000"}  # so that cookies are sent here


class Served:
    """A visitor of the pages of a service."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def page(self, event_id: str = EVENT_ID) -> str:
        """Return an event's page."""
        return self.visitor.get(f"/events/{event_id}").text

    def document(self, event_id: str = EVENT_ID) -> dict[str, Any]:
        """Return an event's page as JSON."""
        return dict(self.visitor.get(f"/events/{event_id}.json").json())

    def recording(self, event_id: str = EVENT_ID, part: int = 1) -> requests.Response:
        """Return the first answer of the link to an event's recording."""
        return self.visitor.get(f"/events/{event_id}/recording", params={"part": part})

    def leads_to(self, event_id: str = EVENT_ID, part: int = 1) -> str:
        """Return where the link to an event's recording leads. Check first that the page shows the link."""
        path = f"/events/{event_id}/recording" + (f"?part={part}" if part > 1 else "")
        assert f'{path}"' in self.page(event_id), f"the page shows no {path}"
        answer = self.recording(event_id, part)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]


@contextmanager
def visit_pages(service: Service) -> Iterator[Served]:
    """Yield a visitor of the pages of a service, without a server."""
    with visited(create_app(quick_services_of(service.app))) as visitor:
        yield Served(visitor)


@contextmanager
def serve_pages(service: Service) -> Iterator[Served]:
    """Serve the pages of a service over HTTP, for a browser."""
    with served(create_app(quick_services_of(service.app))) as visitor:
        yield Served(visitor)


def quick_services_of(app: App) -> Services:
    """Build the web services of an app, with password hashes that are quick to check."""
    services = build_services(app)
    waits, required = services.identity.waits, services.identity.second_factor_required
    identity = Identity(
        app.database, app.context.clock, app.context.box, waits, QUICK_PASSWORDS, second_factor_required=required
    )
    return replace(services, identity=identity)


def in_console(sentence: str) -> str:
    """Return a sentence as the console shows it, with links where it names a command; not escaped."""
    return unescape(str(link_commands(sentence, ("create_webinars", "register_panelists"))))


def sign_in(service: Service, visitor: Visitor, role: str) -> Visitor:
    """Add a user of this role and sign the visitor in as that user."""
    add_user(
        service.app.database, QUICK_PASSWORDS, Actor(name="admin"), role, UserChanges(password=PASSWORD, role=role)
    )
    answer = visitor.post("/sign-in", data={"login": role, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return visitor
