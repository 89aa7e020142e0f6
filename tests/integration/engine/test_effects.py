"""Effects: a change at Zoom is made once, and its outcome is always found out."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, NoReturn

import pytest
from sqlalchemy import Connection, select, update

from tests.builders import EVENT_ID, NOW, a_subject
from zoom_ops.clock import HeldClock
from zoom_ops.engine.attempts import claim
from zoom_ops.engine.effects import Absent, Change, EffectWaits, Found, Journal, Look, Undecidable
from zoom_ops.engine.runs import Request, Run, cancel, submit
from zoom_ops.errors import AmbiguousError, FencedError, ParkedError, PermanentError, TemporaryError, WaitingError
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.tables import effect, meta
from zoom_ops.store.tables import run as runs

pytestmark = pytest.mark.both_databases

AT_ONCE = EffectWaits(self_fence_s=0, deadline_s=0, lag_s=0)
PATIENT = EffectWaits(self_fence_s=60, deadline_s=600, lag_s=6000)
CREATE = Change(kind="CreateWebinar", digest="abc", action={"topic": "Tides", "seats": [1, 2]}, listed=True)
UPDATE = Change(kind="UpdateWebinar", digest="def", action={"topic": "Tides of Today"})


class Outside:
    """The outside world. It counts the changes that arrive."""

    def __init__(self) -> None:
        self.arrived = 0

    def change(self) -> str:
        self.arrived += 1
        return f"reply {self.arrived}"

    def change_and_say_nothing(self) -> NoReturn:
        self.arrived += 1
        raise AmbiguousError("The line broke.")


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def run(database: Database) -> Run:
    """An attempt of a run, begun."""
    return begin(database)


def begin(database: Database, job: str = "create_webinars") -> Run:
    with database.begin() as connection:
        run_id = submit(connection, Request(job=job, subject=a_subject()), database.now(connection))
    run = claim(database, run_id)
    assert run is not None
    return run


def note(connection: Connection, reply: str) -> None:
    connection.execute(meta.insert().values(name=reply, value="noted"))


def noted(database: Database) -> list[str]:
    with database.read() as connection:
        ours = meta.c.name != "tables_fit_from"
        return list(connection.execute(select(meta.c.name).where(ours).order_by(meta.c.name)).scalars())


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(effect.c.state).order_by(effect.c.id)).scalars())


def leave_open(database: Database, run: Run, outside: Outside, change: Change = UPDATE) -> None:
    """Make a change that gets no answer."""
    with pytest.raises(AmbiguousError):
        Journal(database, PATIENT).perform(run, change, outside.change_and_say_nothing, note)


def finding(answer: Look) -> Callable[[Change, datetime], Look]:
    return lambda _change, _began: answer


def never(*_: Any) -> NoReturn:
    raise AssertionError("nobody was to look")


def test_change_is_made_and_recorded_in_one_transaction(database: Database, run: Run, outside: Outside) -> None:
    reply = Journal(database, PATIENT).perform(run, UPDATE, outside.change, note)

    assert (reply, outside.arrived) == ("reply 1", 1)
    assert (states(database), noted(database)) == (["done"], ["reply 1"])
    with database.read() as connection:
        row = connection.execute(select(effect)).one()
    assert (row.run_id, row.fence, row.subject, row.kind, row.digest) == (
        run.id,
        run.fence,
        EVENT_ID,
        "UpdateWebinar",
        "def",
    )
    assert row.began <= row.resolved


def test_intent_is_committed_before_anything_is_sent(database: Database, run: Run) -> None:
    def send() -> str:
        assert states(database) == ["intent"]
        return "reply"

    Journal(database, PATIENT).perform(run, UPDATE, send, note)

    assert states(database) == ["done"]


def test_intent_is_found_with_its_change(database: Database, run: Run, outside: Outside) -> None:
    journal = Journal(database, PATIENT)
    leave_open(database, run, outside, CREATE)

    intent = journal.find_intent(a_subject())

    assert intent is not None
    assert (intent.change, intent.looks) == (CREATE, 0)
    assert journal.find_intent(a_subject(id="other")) is None
    assert journal.find_intent(a_subject(kind="host")) is None


def test_change_without_an_answer_leaves_its_intent_and_says_when_to_look(
    database: Database, run: Run, outside: Outside
) -> None:
    with pytest.raises(AmbiguousError, match="The line broke") as of_update:
        Journal(database, PATIENT).perform(run, UPDATE, outside.change_and_say_nothing, note)

    assert (states(database), noted(database)) == (["intent"], [])
    assert seconds_from_now(database, of_update.value.retry_at) == pytest.approx(660, abs=30)


def test_change_that_is_found_in_a_list_is_looked_up_after_the_lag(
    database: Database, run: Run, outside: Outside
) -> None:
    with pytest.raises(AmbiguousError) as of_create:
        Journal(database, PATIENT).perform(run, CREATE, outside.change_and_say_nothing, note)

    assert seconds_from_now(database, of_create.value.retry_at) == pytest.approx(6660, abs=30)


@pytest.mark.parametrize("error", [PermanentError("No."), TemporaryError("Too many.")], ids=repr)
def test_change_refused_leaves_nothing_behind(database: Database, run: Run, error: Exception) -> None:
    def send() -> NoReturn:
        raise error

    with pytest.raises(type(error)):
        Journal(database, PATIENT).perform(run, UPDATE, send, note)

    assert (states(database), noted(database)) == (["refused"], [])
    Journal(database, AT_ONCE).settle(run, never)


@pytest.mark.parametrize("error", [ValueError("a defect of ours"), KeyboardInterrupt()], ids=repr)
def test_change_that_broke_in_an_unexpected_way_leaves_its_intent(
    database: Database, run: Run, error: BaseException
) -> None:
    def send() -> NoReturn:
        raise error

    with pytest.raises(type(error)):
        Journal(database, PATIENT).perform(run, UPDATE, send, note)

    assert states(database) == ["intent"]


def test_change_whose_record_fails_is_not_done(database: Database, run: Run, outside: Outside) -> None:
    def fail(connection: Connection, reply: str) -> NoReturn:
        note(connection, reply)
        raise ValueError("a defect of ours")

    with pytest.raises(ValueError, match="defect"):
        Journal(database, PATIENT).perform(run, UPDATE, outside.change, fail)

    assert (states(database), noted(database)) == (["intent"], [])


def test_change_is_not_sent_by_an_attempt_that_was_taken_over(database: Database, run: Run, outside: Outside) -> None:
    begin(database)

    with pytest.raises(FencedError):
        Journal(database, PATIENT).perform(run, UPDATE, outside.change, note)

    assert (outside.arrived, states(database)) == (0, [])


def test_change_of_an_attempt_taken_over_while_it_was_sent_is_left_to_the_other(
    database: Database, run: Run, outside: Outside
) -> None:
    def send() -> str:
        begin(database)
        return outside.change()

    with pytest.raises(FencedError):
        Journal(database, PATIENT).perform(run, UPDATE, send, note)

    assert (outside.arrived, states(database), noted(database)) == (1, ["intent"], [])


def test_change_whose_intent_took_too_long_is_not_sent(database: Database, run: Run, outside: Outside) -> None:
    waits = EffectWaits(self_fence_s=0.2, deadline_s=600)
    held, release = threading.Event(), threading.Event()

    def hold_the_row() -> None:
        with database.begin() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id).values(priority=1))
            held.set()
            release.wait(60)

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    held.wait(60)
    threading.Timer(0.4, release.set).start()

    with pytest.raises(TemporaryError, match="too slow"):
        Journal(database, waits).perform(run, UPDATE, outside.change, note)
    holder.join()

    assert (outside.arrived, states(database)) == (0, ["refused"])


def test_nothing_left_open_needs_no_look(database: Database, run: Run, outside: Outside) -> None:
    journal = Journal(database, AT_ONCE)

    journal.settle(run, never)
    Journal(database, PATIENT).perform(run, UPDATE, outside.change, note)
    journal.settle(run, never)

    assert states(database) == ["done"]


@pytest.mark.parametrize(("change", "seconds"), [(UPDATE, 660), (CREATE, 6660)], ids=["update", "create"])
def test_look_waits_until_the_change_cannot_be_under_way(
    database: Database, run: Run, outside: Outside, change: Change, seconds: float
) -> None:
    leave_open(database, run, outside, change)

    with pytest.raises(WaitingError, match="may still be under way") as waiting:
        Journal(database, PATIENT).settle(run, never)

    assert seconds_from_now(database, waiting.value.until) == pytest.approx(seconds, abs=30)
    assert states(database) == ["intent"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_waited_for_ends_at_its_moment(migrated_database_url: str, outside: Outside) -> None:
    """At that moment a look and an operator may go on. A change that takes exactly that long is still sent."""
    clock = HeldClock(NOW)
    database = open_database(migrated_database_url, clock)
    run, journal = begin(database), Journal(database, PATIENT)
    leave_open(database, run, outside)
    clock.advance(660 - 1)

    with database.begin() as connection, pytest.raises(WaitingError) as waiting:
        journal.dismiss(connection, a_subject())
    clock.advance(1)
    journal.settle(run, finding(Absent()))
    leave_open(database, run, outside)
    clock.advance(660)
    with database.begin() as connection:
        dismissed = journal.dismiss(connection, a_subject())

    assert (waiting.value.until, dismissed) == (NOW + timedelta(seconds=660), True)
    assert states(database) == ["absent", "absent"]
    database.close()


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("late_s", "arrived"), [(60, 1), (60.1, 0)])
def test_change_is_sent_up_to_the_moment_of_the_fence(
    migrated_database_url: str, outside: Outside, late_s: float, arrived: int
) -> None:
    clock = HeldClock(NOW)
    database = open_database(migrated_database_url, clock)
    journal = Journal(database, PATIENT, on_step=lambda step, _: clock.advance(late_s if step == "after intent" else 0))

    with pytest.raises(TemporaryError, match="too slow") if not arrived else nullcontext():
        journal.perform(begin(database), UPDATE, outside.change, note)

    assert outside.arrived == arrived
    database.close()


def test_change_found_outside_is_recorded_as_done(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside)
    looked: list[tuple[Change, datetime]] = []

    def look(change: Change, began: datetime) -> Look:
        looked.append((change, began))
        return Found(record=lambda connection: note(connection, "found"))

    Journal(database, AT_ONCE).settle(run, look)

    assert (states(database), noted(database), outside.arrived) == (["done"], ["found"], 1)
    assert [change for change, _ in looked] == [UPDATE]
    assert abs(seconds_from_now(database, looked[0][1])) < 30


def test_change_found_whose_record_fails_is_found_again(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside)

    def fail(_connection: Connection) -> NoReturn:
        raise ValueError("a defect of ours")

    with pytest.raises(ValueError, match="defect"):
        Journal(database, AT_ONCE).settle(run, finding(Found(record=fail)))

    assert states(database) == ["intent"]


def test_change_not_found_may_be_made_again(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside)

    Journal(database, AT_ONCE).settle(run, finding(Absent()))
    Journal(database, PATIENT).perform(run, UPDATE, outside.change, note)

    assert states(database) == ["absent", "done"]


def test_change_not_found_in_a_list_is_looked_for_twice(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside, CREATE)
    journal = Journal(database, AT_ONCE)

    with pytest.raises(WaitingError, match="looked up once more"):
        journal.settle(run, finding(Absent()))
    after_one = states(database)
    journal.settle(run, finding(Absent()))

    assert (after_one, states(database)) == (["intent"], ["absent"])


def test_second_look_comes_when_the_list_has_caught_up(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside, CREATE)
    slow_list = EffectWaits(self_fence_s=0, deadline_s=0, lag_s=0.3)
    time.sleep(0.3)
    began = now(database)

    with pytest.raises(WaitingError) as waiting:
        Journal(database, slow_list).settle(run, finding(Absent()))

    assert waiting.value.until is not None
    assert began <= waiting.value.until - timedelta(seconds=0.3) <= now(database)


def test_change_found_at_the_second_look_is_done(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside, CREATE)
    journal = Journal(database, AT_ONCE)

    with pytest.raises(WaitingError):
        journal.settle(run, finding(Absent()))
    journal.settle(run, finding(Found(record=lambda connection: note(connection, "found"))))

    assert (states(database), noted(database)) == (["done"], ["found"])


def test_change_nobody_can_tell_of_waits_for_an_operator(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside, CREATE)

    for _again in range(2):
        with pytest.raises(ParkedError, match="Two webinars"):
            Journal(database, AT_ONCE).settle(run, finding(Undecidable(sentence="Two webinars.")))

    assert states(database) == ["intent"]


def test_look_that_fails_leaves_the_intent(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside)

    def look(_change: Change, _began: datetime) -> NoReturn:
        raise TemporaryError("Zoom is down.")

    with pytest.raises(TemporaryError, match="Zoom is down"):
        Journal(database, AT_ONCE).settle(run, look)

    assert states(database) == ["intent"]


def test_change_left_open_by_another_run_of_the_subject_is_settled_first(
    database: Database, run: Run, outside: Outside
) -> None:
    leave_open(database, run, outside, CREATE)
    with database.begin() as connection:
        cancel(connection, run.id, database.now(connection))
    successor = begin(database, job="register_panelists")

    Journal(database, AT_ONCE).settle(successor, finding(Found(record=lambda connection: note(connection, "found"))))

    assert (states(database), noted(database)) == (["done"], ["found"])


def test_second_intent_of_a_subject_is_refused_by_the_database(database: Database, run: Run, outside: Outside) -> None:
    leave_open(database, run, outside)

    with pytest.raises(TemporaryError, match="at the same time"):
        Journal(database, PATIENT).perform(run, CREATE, outside.change, note)

    assert outside.arrived == 1


def test_settling_of_an_attempt_that_was_taken_over_records_nothing(
    database: Database, run: Run, outside: Outside
) -> None:
    leave_open(database, run, outside)
    begin(database)

    with pytest.raises(FencedError):
        Journal(database, AT_ONCE).settle(run, finding(Found(record=lambda connection: note(connection, "found"))))

    assert (states(database), noted(database)) == (["intent"], [])


def now(database: Database) -> datetime:
    with database.read() as connection:
        return database.now(connection)


def seconds_from_now(database: Database, moment: datetime | None) -> float:
    assert moment is not None
    return (moment - now(database)) / timedelta(seconds=1)
