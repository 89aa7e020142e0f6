"""The heartbeat, and a clock that is put back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from tests.builders import NOW
from zoom_ops.clock import HeldClock, ServerClock
from zoom_ops.engine.heartbeat import follow_clock, is_alive, latest_heartbeat, write_heartbeat
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.runs import Request, Subject, submit
from zoom_ops.engine.schedule import fire, missed
from zoom_ops.engine.timetable import Schedule
from zoom_ops.store.audit import Actor
from zoom_ops.store.db.clock_rewind import put_back
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.identity.sessions import Waits, find_session, list_sessions, note_seen, open_session
from zoom_ops.store.identity.users import insert_user
from zoom_ops.store.tables import budget, effect, tick

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TIDES = Subject(kind="event", id="tides")
SWEEP = Schedule(name="sweep", when=timedelta(minutes=5), requests=lambda _connection, _now: ())


class WallClock(HeldClock):
    """A clock that can be set without any time passing."""

    def put(self, by: timedelta) -> None:
        """Set the clock forward or back."""
        self._at += by


@pytest.fixture
def wall() -> WallClock:
    return WallClock(NOW)


@pytest.fixture
def database(migrated_database_url: str, wall: WallClock) -> Database:
    return open_database(migrated_database_url, wall)


def ask(database: Database, at: datetime) -> None:
    with database.begin() as connection:
        submit(connection, Request(job="create_webinars", subject=TIDES, at=at), at)


def begin_change(database: Database, began: datetime, state: str = "intent") -> None:
    values = {"run_id": 1, "fence": 1, "subject_kind": "event", "subject": f"of {began}", "digest": "d", "kind": "k"}
    with database.begin() as connection:
        connection.execute(insert(effect).values(**values, action={}, state=state, began=began))


def next_at(database: Database) -> datetime | None:
    with database.read() as connection:
        (run,) = list_runs(connection)
    return run.next_at


def column(database: Database, selected: object) -> list[datetime]:
    with database.read() as connection:
        return sorted(connection.execute(select(selected)).scalars())


sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


@sqlite_only
def test_what_waits_waits_no_longer_because_the_clock_was_put_back(database: Database, wall: WallClock) -> None:
    write_heartbeat(database)
    ask(database, NOW + 30 * SECOND)
    begin_change(database, NOW - SECOND)

    wall.put(-HOUR)
    step = write_heartbeat(database)

    assert step == HOUR
    assert next_at(database) == NOW - HOUR + 30 * SECOND
    assert column(database, effect.c.began) == [NOW - HOUR]
    assert write_heartbeat(database) == timedelta()  # a second heartbeat changes nothing


@pytest.mark.parametrize("by", [HOUR, timedelta(days=3)])
def test_session_lasts_no_longer_because_the_clock_was_put_back(
    database: Database, wall: WallClock, by: timedelta
) -> None:
    waits, began = Waits(), NOW - 11 * HOUR
    with database.begin() as connection:
        insert_user(connection, began, login="jonas", name="Jonas", role="operator", groups=[])
        operator = Actor(name="jonas", how="session")
        open_session(connection, "d", 1, operator, began, ends_at=began + waits.life, proven_at=began)
        note_seen(connection, "d", NOW - SECOND)

    put = wall.now() - by
    with database.begin() as connection:
        put_back(connection, put, by)

    with database.read() as connection:
        held = [find_session(connection, "d", put + passed, waits) is not None for passed in (HOUR - SECOND, HOUR)]
        (moved,) = list_sessions(connection, put, waits, limit=9)
    assert held == [True, False]
    assert moved.ends_at == began + waits.life - by


@sqlite_only
def test_turns_come_again_after_the_clock_was_put_back(database: Database, wall: WallClock) -> None:
    write_heartbeat(database)
    fire(database, SWEEP, NOW)

    wall.put(-HOUR)
    write_heartbeat(database)

    assert column(database, tick.c.fire_time) == []
    assert missed(database, SWEEP, wall.now()) is None
    fire(database, SWEEP, NOW - HOUR)
    assert column(database, tick.c.fire_time) == [NOW - HOUR]


@sqlite_only
@pytest.mark.parametrize("by", [-9 * SECOND, HOUR])
def test_small_step_back_and_any_step_forward_change_nothing(
    database: Database, wall: WallClock, by: timedelta
) -> None:
    write_heartbeat(database)
    ask(database, NOW + 2 * HOUR)
    fire(database, SWEEP, NOW)

    wall.put(by)

    assert write_heartbeat(database) == timedelta()
    assert next_at(database) == NOW + 2 * HOUR
    assert column(database, tick.c.fire_time) == [NOW]


@sqlite_only
def test_command_without_a_daemon_follows_the_clock_and_gives_no_sign_of_life(
    database: Database, wall: WallClock
) -> None:
    follow_clock(database)
    nothing = latest_heartbeat(database)
    write_heartbeat(database)
    ask(database, NOW + SECOND)

    wall.put(-HOUR)
    follow_clock(database)

    assert nothing is None
    assert next_at(database) == NOW - HOUR + SECOND


@sqlite_only
def test_heartbeat_from_the_future_is_no_sign_of_life(database: Database, wall: WallClock) -> None:
    before = is_alive(database, 10 * SECOND)
    write_heartbeat(database)
    fresh = is_alive(database, 10 * SECOND)
    wall.put(-HOUR)
    ahead = is_alive(database, 10 * SECOND)
    wall.put(2 * HOUR)
    old = is_alive(database, 10 * SECOND)

    assert (before, fresh, ahead, old) == (False, True, False, False)


def test_only_what_lies_ahead_is_put_back(database: Database) -> None:
    ask(database, NOW - SECOND)
    begin_change(database, NOW - SECOND)
    begin_change(database, NOW + SECOND, state="done")
    with database.begin() as connection:
        row = {"account": "main", "free_at": NOW - SECOND}
        connection.execute(insert(budget), [row | {"label": "LIGHT"}, row | {"label": "HEAVY", "free_at": NOW + HOUR}])
        put_back(connection, NOW, HOUR)

    assert next_at(database) == NOW - SECOND
    assert column(database, effect.c.began) == [NOW - SECOND, NOW + SECOND]
    assert column(database, budget.c.free_at) == [NOW - SECOND, NOW]


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_clock_is_the_servers_whatever_this_machine_says(database: Database, wall: WallClock) -> None:
    with database.read() as connection:
        server_time = database.now(connection)
    wall.put(-HOUR)
    wall.advance(20)

    assert database.clock.now() == server_time + 20 * SECOND
    assert abs(server_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_clock_of_a_server_is_this_machines_until_it_was_asked(wall: WallClock) -> None:
    clock = ServerClock(wall)

    before = clock.now()
    clock.sleep(5)
    clock.read(NOW - HOUR)
    clock.sleep(5)

    assert (before, clock.now(), clock.elapsed()) == (NOW, NOW - HOUR + 5 * SECOND, 10)
