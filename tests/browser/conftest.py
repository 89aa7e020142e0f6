"""What browser tests share: a site with the event of the cast, and its address while it is served."""

from collections.abc import Iterator

import pytest

from tests.builders import an_event
from tests.web_site import Site
from zoom_ops.store.db.connect import Database


@pytest.fixture(params=("sqlite",))
def database_kind(request: pytest.FixtureRequest) -> str:
    """Take one database: what a browser shows does not depend on it."""
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
