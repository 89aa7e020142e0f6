"""The lock that lets one process do the work."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.root import ROOT
from tests.waiting import wait_until
from zoom_ops.engine.lock import AdvisoryLock, FileLock, WorkLock, open_lock, open_use_lock
from zoom_ops.store.db.connect import Database, open_database

pytestmark = pytest.mark.both_databases

_HOLDER = """
import sys
from zoom_ops.engine.lock import open_lock
from zoom_ops.store.db.connect import open_database

lock = open_lock(open_database(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_process(migrated_database_url: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that tries to take the lock, prints the result, and waits until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, migrated_database_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def acquired_soon(lock: WorkLock) -> bool:
    wait_until(lock.acquire, "the lock")
    return True


def test_lock_is_taken_once_and_may_be_asked_for_again(database: Database) -> None:
    lock, another = open_lock(database), open_lock(database)

    taken = [lock.acquire(), lock.acquire(), another.acquire(), another.acquire()]
    lock.release()
    lock.release()

    assert taken == [True, True, False, False]
    assert acquired_soon(another)
    assert not lock.acquire()
    another.release()


@pytest.mark.process
def test_second_process_is_refused_until_the_first_is_killed(
    database: Database, other_process: subprocess.Popen[str]
) -> None:
    lock = open_lock(database)

    held_by_other = other_process.stdout.readline()
    refused = not lock.acquire()
    other_process.kill()  # kill -9
    other_process.wait()

    assert (held_by_other, refused) == ("True\n", True)
    assert acquired_soon(lock)
    lock.release()


@pytest.mark.process
def test_second_process_is_told_that_the_lock_is_taken(database: Database, request: pytest.FixtureRequest) -> None:
    lock = open_lock(database)
    lock.acquire()

    other: subprocess.Popen[str] = request.getfixturevalue("other_process")

    assert other.stdout.readline() == "False\n"
    lock.release()


def test_file_of_the_lock_names_its_process_and_nothing_older(tmp_path: Path) -> None:
    path = tmp_path / "zoom_ops.lock"
    path.write_text("4711 and much more than that\n")
    lock = FileLock(path)

    lock.acquire()

    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()


def test_lock_whose_file_was_deleted_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "zoom_ops.lock"
    lock, another = FileLock(path), FileLock(path)
    lock.acquire()

    path.unlink()
    again = lock.acquire()

    assert (again, another.acquire(), path.read_text()) == (True, False, f"{os.getpid()}\n")
    lock.release()


def test_lock_whose_file_was_deleted_belongs_to_who_came_next(tmp_path: Path) -> None:
    path = tmp_path / "zoom_ops.lock"
    lock, another = FileLock(path), FileLock(path)
    lock.acquire()

    path.unlink()
    taken_by_another = another.acquire()

    assert taken_by_another
    assert [lock.acquire(), lock.acquire()] == [False, False]
    another.release()
    assert lock.acquire()
    lock.release()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_lock_is_lost_with_its_connection_and_taken_again(database: Database, migrated_database_url: str) -> None:
    lock, another = AdvisoryLock(database), AdvisoryLock(open_database(migrated_database_url))
    lock.acquire()

    terminate_others(migrated_database_url)

    assert lock.acquire(), "nobody else has it, so nobody need be told that somebody has"
    assert not another.acquire()
    lock.release()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_lock_lost_to_another_is_not_taken_back(database: Database, migrated_database_url: str) -> None:
    lock, another = AdvisoryLock(database), AdvisoryLock(open_database(migrated_database_url))
    lock.acquire()

    terminate_others(migrated_database_url)
    taken_by_another = acquired_soon(another)

    assert taken_by_another
    assert [lock.acquire(), lock.acquire()] == [False, False]
    another.release()


def test_lock_of_those_who_use_a_database_is_shared_and_keeps_out_who_copies_it(database: Database) -> None:
    users = [open_use_lock(database, shared=True) for _ in range(2)]
    copier = open_use_lock(database, shared=False)

    taken = [lock.acquire() for lock in (*users, copier)]
    for lock in users:
        lock.release()

    assert taken == [True, True, False]
    assert acquired_soon(copier)
    assert not users[0].acquire()
    copier.release()


def terminate_others(url: str) -> None:
    """Terminate every other connection to the database."""
    administrator = open_database(url)
    with administrator.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    administrator.close()
