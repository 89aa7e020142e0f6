"""The site of who signs in; some modules have their own."""

import pytest

from tests.web_site import Site
from zoom_ops.store.db.connect import Database


@pytest.fixture
def site(database: Database) -> Site:
    """A site with a user of each role."""
    site = Site(database, base_url="http://events.example.org")
    for role in ("member", "author", "operator", "admin"):
        site.add_user(role, role=role)
    return site
