"""The fixtures of attacks.

Each attack runs in a network of its own. So the database of a test is reached on a socket of Unix.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from tests.acceptance.attacks.own_network import own_network
from tests.acceptance.attacks.siege import go_before_others
from tests.setup.postgres import Cluster


@pytest.fixture
def migrated_database_url(migrated_database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database with the tables of this version; in the network of the test it leads there."""
    url = make_url(migrated_database_url)
    if url.get_backend_name() == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        go_before_others(cluster.process.pid)  # what a server starts for a client later on inherits it
        url = url.set(host=None, port=None, query={"host": str(cluster.folder), "port": str(url.port)})
    with own_network():
        yield url.render_as_string(hide_password=False)
