"""A service whose pages are served, and readers of every kind: with and without access."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from tests.builders import AN_OPERATOR
from tests.integration.leaks.programme import GROUP, OTHER_GROUP, key_of
from tests.integration.leaks.surfaces import Answer, Somebody, ask_everywhere, list_routes
from tests.integration.served import quick_services_of
from tests.integration.service import Service
from tests.late import whole
from tests.web_site import Site, Visitor
from zoom_ops.identity.tokens import add_token
from zoom_ops.store.db.connect import Database
from zoom_ops.web.app import create_app

OUTSIDERS = ("visitor", "member", "member of another group")
HOLDER = "holder of a key"  # of the link for members to one recording
INSIDERS = ("member of the group", "operator", "author", HOLDER, "token that sees all")
TOKENS = {
    "token of visitors' events": "events:read",
    "token of another scope": "jobs:run",
    "token that sees all": "events:read-all",
}


class House:
    """The served service and its readers."""

    def __init__(self, service: Service, site: Site, address: str) -> None:
        self.service, self.site, self.address = service, site, address
        self.routes = list_routes(site.app)
        self.readers = {"visitor": Somebody(address)}
        self._sign_in("member", "member")
        self._sign_in("member of another group", "member", OTHER_GROUP)
        self._sign_in("member of the group", "member", GROUP)
        self._sign_in("operator", "operator")
        self._sign_in("author", "author")
        for name, scope in TOKENS.items():
            token = add_token(service.app.database, AN_OPERATOR, re.sub(r"\W", "-", name), [scope], None)
            self.readers[name] = Somebody(address, Authorization=f"Bearer {token}")
        self.key = key_of(service)
        self.readers[HOLDER] = Somebody(address, Cookie=f"zoom_ops_key_1={self.key}")

    def ask(self, reader: str, without: Collection[str] = (), **how: Any) -> dict[str, Answer]:
        """Request everything but some surfaces as a reader. A token reads the API only."""
        routes = [
            route
            for route in self.routes
            if route.surface not in without and (route.surface == "API" or reader not in TOKENS)
        ]
        return ask_everywhere(self.readers[reader], routes, **how)

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Rename a table in the block, so that every view of an event fails."""
        _rename(self.site.database, "publication", "publication_gone")
        try:
            yield
        finally:
            _rename(self.site.database, "publication_gone", "publication")

    def _sign_in(self, name: str, role: str, *groups: str) -> None:
        login = re.sub(r"\W", "-", name)
        self.site.add_user(login, role=role, groups=groups)
        with Visitor(self.address) as browser:
            self.site.sign_in(browser, login)
            self.readers[name] = Somebody(self.address, Cookie=f"zoom_ops={browser.cookies['zoom_ops']}")


@contextmanager
def open_house(service: Service) -> Iterator[House]:
    """Serve the pages of a service to readers of every kind."""
    site = Site(service.app.database, box=service.context.box)
    site.services = quick_services_of(service.app)
    site.app = whole(create_app(site.services))
    with site.visited() as visitor:
        yield House(service, site, visitor.address)


def _rename(database: Database, old: str, new: str) -> None:
    with database.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
