"""What is refused is added up by minute over all processes, and kept for two hours."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.store.db.connect import Database
from zoom_ops.store.refusals import Refused, add_refusals, load_refusals

pytestmark = pytest.mark.both_databases


def test_refusals_of_a_minute_are_added_up_and_old_ones_go(database: Database) -> None:
    counts = {("stream", "192.0.2.7"): 3, ("stream", ""): 40, ("body", "192.0.2.7"): 1}
    later = NOW + timedelta(minutes=1)
    for at, refused in ((NOW, counts), (NOW + timedelta(seconds=50), counts), (later, {("stream", ""): 5})):
        with database.begin() as connection:
            add_refusals(connection, refused, at)

    with database.read() as connection:
        assert load_refusals(connection, NOW) == (
            Refused(at=NOW, kind="body", network="192.0.2.7", count=2),
            Refused(at=NOW, kind="stream", network="", count=80),
            Refused(at=NOW, kind="stream", network="192.0.2.7", count=6),
            Refused(at=later, kind="stream", network="", count=5),
        )
        assert [row.at for row in load_refusals(connection, later)] == [later]

    with database.begin() as connection:
        add_refusals(connection, {("body", ""): 1}, later + timedelta(hours=2))
        assert [(row.kind, row.count) for row in load_refusals(connection, NOW)] == [("stream", 5), ("body", 1)]
