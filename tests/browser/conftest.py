"""The fixtures of the browser tests: a site with the event of the cast, and its address while it is served."""

from collections.abc import Iterator

import pytest

from tests.builders import an_event
from tests.web_site import Site
from zoom_ops.store.db.connect import Database


@pytest.fixture(params=("sqlite",))
def database_kind(request: pytest.FixtureRequest) -> str:
    """Use only SQLite: the pages do not depend on the database."""
    kind: str = request.param
    return kind


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database, base_url="http://events.example.org")
    prepared.save(an_event())
    return prepared


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with site.served() as visitor:
        yield visitor.address
