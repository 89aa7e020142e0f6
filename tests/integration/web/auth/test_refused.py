"""Refused passwords have lines in the audit that show an attack, and few enough to survive one."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.identity.refused import MOST_AN_HOUR, record_refusal
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.store.audit import CODE_REFUSED, Actor
from zoom_ops.store.db.connect import Database

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def refuse(
    database: Database, login: str, address: str, *, after: timedelta = timedelta(), what: str = "sign_in_refused"
) -> None:
    """Refuse a password, or a code, once."""
    with database.begin() as connection:
        by = Actor(name=login, how="session", address=address)
        record_refusal(connection, by, what, login, NOW + after)


def lines(database: Database) -> list[tuple[str, str]]:
    return [(line["subject"], line["address"]) for line in iter_lines(database)]


def test_same_refusal_has_one_line_an_hour(database: Database) -> None:
    for seconds in range(0, 3_700, 100):
        refuse(database, "amara", "192.0.2.7", after=timedelta(seconds=seconds))
    refuse(database, "amara", "2001:db8::1")
    refuse(database, "amara", "2001:db8::2")  # the same network
    refuse(database, "jonas", "192.0.2.7")

    assert lines(database) == [
        ("amara", "192.0.2.7"), ("amara", "192.0.2.7"), ("amara", "2001:db8::1"), ("jonas", "192.0.2.7"),
    ]  # fmt: skip


def test_attack_from_everywhere_has_a_bounded_number_of_lines(database: Database) -> None:
    for number in range(MOST_AN_HOUR + 20):
        refuse(database, "amara", f"192.0.2.{number}")
    refuse(database, "amara", "198.51.100.1", after=HOUR)

    assert len(lines(database)) == MOST_AN_HOUR + 1
    assert lines(database)[-1] == ("amara", "198.51.100.1")


def test_wrong_codes_have_lines_whatever_is_guessed_at_others(database: Database) -> None:
    for number in range(MOST_AN_HOUR + 20):
        refuse(database, "jonas", f"192.0.2.{number}")
    for login in ("jonas", "amara"):
        for _ in range(MOST_AN_HOUR + 20):
            refuse(database, login, "198.51.100.1", what=CODE_REFUSED)

    assert [lines(database).count((login, "198.51.100.1")) for login in ("jonas", "amara")] == [10, 10]
