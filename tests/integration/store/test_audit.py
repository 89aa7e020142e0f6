"""The audit is never changed, not even by the database user of the service. Only refusals may be deleted."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from tests.builders import AN_OPERATOR, NOW
from zoom_ops.errors import ZoomOpsError
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.store.audit import REFUSALS, Actor, AuditFilter, record_audit
from zoom_ops.store.db.connect import Database

pytestmark = pytest.mark.both_databases


@pytest.fixture
def database(database: Database) -> Database:
    """A database with one audit entry."""
    with database.begin() as connection:
        record_audit(connection, AN_OPERATOR, "event_cancelled", ("event", "tides"), NOW, reason="storm")
    return database


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_audit_is_never_changed(database: Database, change: str) -> None:
    assert_refused(database, change)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_audit_is_never_emptied(database: Database) -> None:
    assert_refused(database, "TRUNCATE audit")


def assert_refused(database: Database, change: str) -> None:
    """Assert that the database refuses a change of the audit, and that nothing changed."""
    before = list(iter_lines(database))

    with pytest.raises(ZoomOpsError), database.begin() as connection:
        connection.execute(text(change))

    assert list(iter_lines(database)) == before != []


def test_refusal_may_be_deleted_and_not_be_changed(database: Database) -> None:
    with database.begin() as connection:
        for what in REFUSALS:
            record_audit(connection, AN_OPERATOR, what, ("user", "amara"), NOW)

    assert_refused(database, "UPDATE audit SET who = 'nobody' WHERE what = 'sign_in_refused'")
    with database.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE what <> 'event_cancelled'"))

    assert [line["what"] for line in iter_lines(database)] == ["event_cancelled"]


def test_deed_that_failed_is_not_in_the_audit(database: Database) -> None:
    before = list(iter_lines(database))

    with suppress(RuntimeError), database.begin() as connection:
        record_audit(connection, AN_OPERATOR, "event_cancelled", ("event", "storms"), NOW)
        raise RuntimeError

    assert list(iter_lines(database)) == before


def test_audit_is_told_as_it_was_written_oldest_first(database: Database) -> None:
    somebody = Actor(name="amara", how="session", address="192.0.2.7")
    with database.begin() as connection:
        record_audit(connection, somebody, "run_retried", ("run", 7), NOW.replace(hour=13))

    audited = list(iter_lines(database))

    assert audited == [
        {"at": "2040-01-24T12:00:00+00:00", "who": "an operator", "how": "command line", "address": None,
         "what": "event_cancelled", "subject_kind": "event", "subject": "tides", "detail": {"reason": "storm"}},
        {"at": "2040-01-24T13:00:00+00:00", "who": "amara", "how": "session", "address": "192.0.2.7",
         "what": "run_retried", "subject_kind": "run", "subject": "7", "detail": {}},
    ]  # fmt: skip
    assert list(iter_lines(database, AuditFilter(since=NOW.replace(hour=13)))) == audited[1:]
    assert list(iter_lines(database, limit=1)) == audited[1:]
