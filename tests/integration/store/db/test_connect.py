"""The database: transactions, aware instants, and its errors as errors of ours."""

import sqlite3
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.pool import QueuePool

from tests.builders import NOW
from zoom_ops.clock import HeldClock
from zoom_ops.errors import ConfigurationError, PermanentError, TemporaryError
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.db import connect
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.tables import meta, tick

pytestmark = pytest.mark.both_databases


def test_instant_comes_back_aware_and_in_utc(database: Database) -> None:
    tokyo = datetime(2040, 1, 31, 22, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))

    with database.begin() as connection:
        connection.execute(insert(tick).values(schedule="s", fire_time=tokyo, at=NOW))
    with database.read() as connection:
        instant = connection.execute(select(tick.c.fire_time)).scalar_one()

    assert instant == tokyo
    assert instant.tzinfo == UTC


def test_instants_are_compared_as_instants(database: Database) -> None:
    moments = [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(hours=1)]
    east = timezone(timedelta(hours=9))

    with database.begin() as connection:
        for moment in moments:
            connection.execute(insert(tick).values(schedule="s", fire_time=moment.astimezone(east), at=NOW))
    with database.read() as connection:
        later = select(tick.c.fire_time).where(tick.c.fire_time > NOW).order_by(tick.c.fire_time)
        instants = connection.execute(later).scalars().all()

    assert instants == moments[1:]


def test_naive_instant_never_reaches_the_database(database: Database) -> None:
    naive = datetime(2040, 1, 31, 13, 30)  # noqa: DTZ001  # this is what the test is about

    with pytest.raises(StatementError, match="naive"), database.begin() as connection:
        connection.execute(insert(tick).values(schedule="s", fire_time=naive, at=NOW))


def test_transaction_is_all_or_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.begin() as connection:
            connection.execute(insert(meta).values(name="a", value="1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    with database.read() as connection:
        assert connection.execute(select(meta).where(meta.c.name == "a")).all() == []


def test_reader_commits_nothing(database: Database) -> None:
    with suppress(PermanentError), database.read() as connection:  # refused where no transaction would undo it
        connection.execute(insert(meta).values(name="a", value="1"))

    with database.read() as connection:
        assert connection.execute(select(meta).where(meta.c.name == "a")).all() == []


def test_reader_goes_on_while_another_writes(database: Database) -> None:
    with database.begin() as writer, database.read() as reader:
        writer.execute(insert(meta).values(name="a", value="1"))

        assert reader.execute(select(meta).where(meta.c.name == "a")).all() == []


def test_time_is_the_clocks_of_sqlite_and_the_servers_of_postgresql(migrated_database_url: str) -> None:
    database = open_database(migrated_database_url, HeldClock(NOW))

    with database.read() as connection:
        now = database.now(connection)

    assert now.tzinfo is not None
    assert (now == NOW) is database.is_sqlite
    database.close()


def test_error_of_ours_passes_through_a_transaction_as_it_is(database: Database) -> None:
    with pytest.raises(TemporaryError, match=r"^This is ours\.$"), database.begin(), database.read():
        raise TemporaryError("This is ours.")


def test_transaction_that_need_not_be_durable_does_not_wait_for_the_disk(database: Database) -> None:
    ask = "PRAGMA synchronous" if database.is_sqlite else "SHOW synchronous_commit"
    waits = {2: True, 1: False, "on": True, "off": False}

    durability = []
    for durable in (True, False, True):
        with database.begin(durable=durable) as connection:
            durability.append(waits[connection.execute(text(ask)).scalar_one()])
            connection.execute(insert(meta).values(name=f"write-{len(durability)}", value="kept"))

    assert durability == [True, False, True]
    with database.read() as connection:
        assert len(connection.execute(select(meta).where(meta.c.value == "kept")).all()) == 3


def test_sqlite_is_durable_and_waits_for_another_writer(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'zoom_ops.db'}")

    with database.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    database.close()


def test_connections_to_sqlite_are_closed_while_none_is_needed(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/idle.db")
    counts = []
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(database.read())
        database.let_go()
        counts.append(idle_and_used(database))
    counts.append(idle_and_used(database))

    database.let_go()
    counts.append(idle_and_used(database))

    assert counts == [(0, 5), (5, 0), (0, 0)]
    with database.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.close()


def idle_and_used(database: Database) -> tuple[int, int]:
    """Return how many connections are idle, and how many in use."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin(), pool.checkedout()


def test_sqlite_locked_by_another_is_said_in_our_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "BUSY_TIMEOUT_S", 0)
    database = open_database(f"sqlite:///{tmp_path / 'zoom_ops.db'}")

    with database.begin(), pytest.raises(TemporaryError, match="The database did not answer: database is locked"):
        database.begin().__enter__()
    database.close()


@pytest.mark.parametrize("content", [b"this is not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_sqlite_file_that_is_broken_is_said_in_our_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    database = open_database(f"sqlite:///{path}")

    with (
        pytest.raises(ConfigurationError, match=r"The database file .*broken\.db is broken: .*\."),
        database.begin() as connection,
    ):
        connection.execute(select(meta))


def test_sqlite_at_a_folder_is_said_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"The database file .* cannot be opened: Is a directory\."):
        open_database(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_that_was_readonly_is_written_again_when_it_may_be(database: Database) -> None:
    """SQLite opens a file that it may not write read-only, and such a connection stays read-only."""
    readonly = f"file:{database.engine.url.database}?mode=ro"

    @event.listens_for(database.engine, "do_connect", once=True)
    def _open(*_: object) -> sqlite3.Connection:
        return sqlite3.connect(readonly, uri=True, check_same_thread=False)

    with pytest.raises(TemporaryError, match="attempt to write a readonly database"):
        write(database)

    write(database)


def write(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(insert(meta).values(name="a", value="1"))


def test_caller_who_does_not_wait_long_is_told_soon(database: Database) -> None:
    with database.begin() as writer:
        writer.execute(insert(meta).values(name="a", value="1"))
        with (
            pytest.raises(TemporaryError, match=r"The database did not answer: .*lock"),
            database.begin(patience_s=0.05) as impatient,
        ):
            impatient.execute(insert(meta).values(name="a", value="2"))

    with database.begin() as connection:  # the next caller waits as long as ever
        option = "PRAGMA busy_timeout" if database.is_sqlite else "SHOW lock_timeout"
        assert connection.execute(text(option)).scalar_one() in (20_000, "20s")


def test_reader_who_gets_no_connection_is_told_in_our_words(
    migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connect._POOL, "pool_size", 1)
    monkeypatch.setitem(connect._POOL, "max_overflow", 0)
    monkeypatch.setitem(connect._POOL, "pool_timeout", 0.05)
    database = open_database(migrated_database_url)

    with database.read(), pytest.raises(TemporaryError, match="all connections to it are taken"):
        database.read().__enter__()
    database.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("when", ["before it asks", "while it asks", "after it asked"])
def test_connection_that_is_cut_off_at_any_moment_passes(database: Database, when: str) -> None:
    with pytest.raises(TemporaryError, match="The database did not answer"):
        be_cut_off(database, when)

    write(database)


def be_cut_off(database: Database, when: str) -> None:
    with database.begin() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        if when == "while it asks":
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)"))
        with database.begin() as administrator:
            administrator.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        if when == "before it asks":
            connection.execute(text("SELECT 1"))


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_server_is_asked_nothing_but_what_a_reader_asks(database: Database, migrated_database_url: str) -> None:
    other = open_database(migrated_database_url)
    with other.read() as observer:

        def look() -> tuple[str, str]:
            query = text("SELECT query, state FROM pg_stat_activity WHERE pid = :pid")
            return tuple(observer.execute(query, {"pid": pid}).one())

        with database.read() as reader:
            pid = reader.execute(text("SELECT pg_backend_pid()")).scalar_one()
            during = look()
        with database.engine.connect():
            taken_again = look()

    assert during == taken_again == ("SELECT pg_backend_pid()", "idle")
    other.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("rest", [0, 11])
def test_connection_that_ended_while_it_rested_is_replaced(migrated_database_url: str, rest: float) -> None:
    clock = HeldClock(NOW)
    database, other = open_database(migrated_database_url, clock), open_database(migrated_database_url)
    with database.read() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.begin() as administrator:
        administrator.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
    clock.sleep(rest)

    with database.read() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != pid

    database.close()
    other.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_database_that_its_administrator_made_readonly_is_not_written(migrated_database_url: str) -> None:
    """As before a move to another server, or when a provider's disk is full."""
    database = open_database(f"{migrated_database_url}?options=-c%20default_transaction_read_only=on")

    with pytest.raises(TemporaryError, match="read-only transaction"):
        write(database)

    database.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_rows_that_come_piece_by_piece_leave_no_transaction_behind(database: Database) -> None:
    with database.read() as connection:
        tuple(iter_audit(connection))
        during = is_in_transaction(connection)
    with database.engine.connect() as connection:
        after = is_in_transaction(connection)

    assert (during, after) == (True, False)


def is_in_transaction(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.info.transaction_status != 0


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(
    ("statements", "error"),
    [
        # a standby server
        (("SET TRANSACTION READ ONLY", "INSERT INTO meta VALUES ('a', '1')"), TemporaryError),
        (("SELECT * FROM nothing",), PermanentError),
    ],
)
def test_what_a_server_refuses_for_a_while_is_told_from_what_is_wrong(
    database: Database, statements: tuple[str, ...], error: type[Exception]
) -> None:
    def ask() -> None:
        with database.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    with pytest.raises(error):
        ask()


def test_sqlite_file_is_readable_for_nobody_else(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'new' / 'events.db'}")

    assert (tmp_path / "new" / "events.db").stat().st_mode & 0o777 == 0o600


def test_postgresql_that_is_not_there_is_said_in_our_words_without_the_password() -> None:
    database = open_database("postgresql://zoom_ops:hunter2@127.0.0.1:1/zoom_ops")

    with pytest.raises(TemporaryError, match="The database did not answer") as caught, database.read():
        pass

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("not an address", "DATABASE_URL is not an address"),
        ("mysql://user:hunter2@127.0.0.1/x", "SQLite or PostgreSQL"),
        ("", "DATABASE_URL is not an address"),
    ],
)
def test_address_of_no_database_of_ours_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        open_database(url)

    assert "hunter2" not in str(caught.value)
