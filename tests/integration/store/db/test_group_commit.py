"""Writes that arrive together are committed together. A write that fails fails alone."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection, insert, select

from tests.builders import NOW
from zoom_ops.clock import HeldClock
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.group_commit import PRESSED, GroupCommit, pause_after
from zoom_ops.store.tables import meta

pytestmark = pytest.mark.both_databases


def carry_out(connection: Connection, writes: Sequence[Callable[[Connection], str]]) -> list[str]:
    return [write(connection) for write in writes]


def note(name: str) -> Callable[[Connection], str]:
    def write(connection: Connection) -> str:
        connection.execute(insert(meta).values(name=name, value="noted"))
        return name

    return write


def noted(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(meta.c.name)).scalars())


def test_writes_share_one_transaction_and_each_is_told_its_own(database: Database) -> None:
    connections: list[Connection] = []

    def watched(write: Callable[[Connection], str]) -> Callable[[Connection], str]:
        def watch(connection: Connection) -> str:
            connections.append(connection)
            return write(connection)

        return watch

    became = GroupCommit(database, 2.0).write(carry_out, [watched(note(f"name-{place}")) for place in range(8)])

    assert became == [f"name-{place}" for place in range(8)]
    assert len({id(connection) for connection in connections}) == 1
    assert {f"name-{place}" for place in range(8)} <= noted(database)


def test_write_that_fails_takes_no_other_with_it(database: Database) -> None:
    def fail(connection: Connection) -> str:
        note("lost")(connection)
        raise ValueError("this one")

    became = GroupCommit(database, 2.0).write(carry_out, [note("before"), fail, note("after")])

    assert (became[0], became[2]) == ("before", "after")
    assert isinstance(became[1], ValueError)
    assert noted(database) >= {"before", "after"}
    assert "lost" not in noted(database)


def test_write_into_a_database_that_is_gone_is_told_to_everybody(database: Database) -> None:
    with database.begin() as connection:
        meta.drop(connection)

    became = GroupCommit(database, 2.0).write(carry_out, [note("one"), note("two")])

    assert all(isinstance(error, Exception) for error in became)
    assert len(became) == 2


def test_write_is_committed_when_it_returns(database: Database) -> None:
    GroupCommit(database, 2.0).write(carry_out, [note("there")])

    assert "there" in noted(database)


def test_many_writes_within_a_second_are_pressing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "clock", HeldClock(NOW))
    group_commit = GroupCommit(database, 2.0)
    group_commit.write(carry_out, [note("first")])
    before = group_commit.pause_s()

    group_commit.write(carry_out, [note(f"another-{place}") for place in range(PRESSED - 1)])

    assert (before, group_commit.pause_s()) == (0.0, 0.05)


@pytest.mark.parametrize(("things", "pause"), [(0, 0), (19, 0), (20, 0.05), (200, 0.05), (400, 0.1), (1_500, 0.25)])
def test_other_work_pauses_the_longer_the_more_is_written(things: int, pause: float) -> None:
    assert pause_after(things) == pause


def test_database_that_does_not_answer_is_asked_twice_at_most(database: Database) -> None:
    tried: list[int] = []

    def locked(_: Connection) -> str:
        tried.append(1)
        raise TemporaryError("The database did not answer: locked.")

    became = GroupCommit(database, 2.0).write(carry_out, [locked] * 10)

    assert {str(error) for error in became} == {"The database did not answer: locked."}
    assert len(tried) == 2
