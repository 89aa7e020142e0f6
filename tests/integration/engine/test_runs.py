"""Runs: submitted, claimed, concluded, cancelled. The table enforces the rules, whichever process works on it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from tests.builders import ACCOUNT, EVENT_ID, a_subject
from zoom_ops.engine.attempts import claim, conclude, current_run, deliver, guard
from zoom_ops.engine.history import load_attempts
from zoom_ops.engine.listing import (
    RunFilter,
    count_runs,
    filter_runs,
    find_later,
    list_runs,
    lock_needing,
)
from zoom_ops.engine.runs import (
    Done,
    GiveUp,
    Outcome,
    Park,
    Request,
    RetryLater,
    Run,
    Subject,
    cancel,
    due,
    find_run,
    reopen,
    submit,
    submit_all,
)
from zoom_ops.errors import FencedError, ParkedError, TemporaryError, WaitingError
from zoom_ops.messages import as_said
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import run as runs

pytestmark = pytest.mark.both_databases


def a_request(**changes: Any) -> Request:
    return Request(**{"job": "create_webinars", "subject": a_subject(), "account": ACCOUNT} | changes)


def ask(database: Database, **changes: Any) -> int:
    with database.begin() as connection:
        return submit(connection, a_request(**changes), database.now(connection))


def get(database: Database, run_id: int) -> Run:
    with database.read() as connection:
        run = find_run(connection, run_id)
    assert run is not None
    return run


def begin(database: Database, run_id: int) -> Run:
    run = claim(database, run_id)
    assert run is not None
    return run


def end(database: Database, run_id: int, outcome: Outcome) -> Run:
    """Make one attempt with this outcome."""
    conclude(database, begin(database, run_id), outcome)
    return get(database, run_id)


def due_ids(database: Database, **later: float) -> list[int]:
    with database.read() as connection:
        return [run.id for run in due(connection, database.now(connection) + timedelta(**later), limit=50)]


def later(database: Database, **by: float) -> Any:
    with database.read() as connection:
        return database.now(connection) + timedelta(**by)


def test_run_asked_for_is_due_at_once(database: Database) -> None:
    run_id = ask(database)

    run = get(database, run_id)
    assert (run.job, run.subject, run.account, run.state) == ("create_webinars", a_subject(), ACCOUNT, "active")
    assert (run.fence, run.attempts, run.rung, run.answered) == (0, 0, 1, 0)
    assert (run.force, run.waiting, run.started, run.finished, run.outcome, run.error) == (False, False, *[None] * 4)
    assert run.next_at == run.created
    assert due_ids(database) == [run_id]


def test_run_asked_for_twice_is_one(database: Database) -> None:
    first, second = ask(database), ask(database)
    others = {ask(database, job="register_panelists"), ask(database, subject=Subject(kind="host", id=EVENT_ID))}

    assert first == second
    assert len(others | {first}) == 3
    assert get(database, first).rung == 2


def test_runs_asked_for_together_are_those_asked_for_one_by_one(database: Database) -> None:
    """New, open, parked and ended runs, one requested twice, of two accounts."""
    ask(database, subject=a_subject(id="open"))
    end(database, ask(database, subject=a_subject(id="parked")), Park(message=as_said("Which one?")))
    end(database, ask(database, subject=a_subject(id="ended")), Done(message=as_said("ok")))
    names = ("new-1", "open", "new-2", "parked", "ended", "new-1", "new-3")
    requests = [a_request(subject=a_subject(id=name)) for name in names]
    requests += [a_request(subject=a_subject(id=f"other-{n}"), account="other", priority=5) for n in range(2)]
    now = later(database, minutes=5)

    def one_by_one(connection: Connection) -> None:
        for request in requests:
            submit(connection, request, now)

    def together(connection: Connection) -> None:
        assert submit_all(connection, requests, now) == len(requests)

    assert written(database, together) == written(database, one_by_one)


def written(database: Database, write: Callable[[Connection], None]) -> list[tuple[Any, ...]]:
    """Write, read every column but numbers, and roll back. Only the order of the ranks counts."""
    left_out = ("id", "rank")
    columns = [column for column in runs.c if column.name not in left_out]
    with database.engine.connect() as connection:
        write(connection)
        rows = list(connection.execute(select(*columns).order_by(runs.c.account, runs.c.rank, runs.c.subject)))
        connection.rollback()
    return [tuple(row) for row in rows]


def test_run_asked_for_again_sooner_comes_sooner_and_never_later(database: Database) -> None:
    run_id = ask(database, at=later(database, hours=2))

    ask(database, at=later(database, hours=1))
    sooner = get(database, run_id).next_at
    ask(database, at=later(database, hours=3))

    assert sooner is not None
    assert sooner < later(database, hours=1)
    assert get(database, run_id).next_at == sooner
    assert due_ids(database) == []
    assert due_ids(database, hours=1) == [run_id]


def test_claim_raises_fence_and_attempts(database: Database) -> None:
    run_id = ask(database)

    first, second = begin(database, run_id), begin(database, run_id)

    assert (first.fence, first.attempts, first.answered) == (1, 1, 1)
    assert (second.fence, second.attempts, second.answered) == (2, 2, 1)
    assert second.started is not None


@pytest.mark.parametrize(
    "outcome",
    [Done(message=as_said("d")), Park(message=as_said("p")), GiveUp(message=as_said("g"))],
    ids=["done", "parked", "given up"],
)
def test_run_that_is_not_active_cannot_be_claimed(database: Database, outcome: Outcome) -> None:
    run_id = ask(database)
    end(database, run_id, outcome)

    assert claim(database, run_id) is None
    assert claim(database, 4711) is None


def test_older_fence_concludes_nothing(database: Database) -> None:
    run_id = ask(database)
    older, newer = begin(database, run_id), begin(database, run_id)

    with pytest.raises(FencedError):
        conclude(database, older, Done(message=as_said("too late"), then=(a_request(job="after"),)))
    with pytest.raises(FencedError), database.begin() as connection:
        guard(connection, older)
    conclude(database, newer, Done(message=as_said("in time")))

    assert get(database, run_id).outcome == as_said("in time")
    with database.read() as connection:
        assert list_runs(connection, job="after") == ()


def test_done_run_is_closed_and_the_next_request_opens_another(database: Database) -> None:
    run_id = ask(database)

    run = end(database, run_id, Done(message=as_said("2 panelists were seated.")))

    assert (run.state, run.outcome, run.error) == ("done", as_said("2 panelists were seated."), None)
    assert (run.next_at, run.started) == (None, None)
    assert run.finished is not None
    assert ask(database) != run_id


def test_retried_run_stays_active_with_its_sentence_until_it_is_done(database: Database) -> None:
    run_id, at = ask(database), later(database)

    waiting = end(database, run_id, RetryLater(at=at, message=as_said("No host is free."), waiting=True))
    failing = end(database, run_id, RetryLater(at=at, message=as_said("Zoom is down.")))
    done = end(database, run_id, Done(message=as_said("ok")))

    assert (waiting.state, waiting.waiting, waiting.error) == ("active", True, as_said("No host is free."))
    assert waiting.next_at == at
    assert (failing.state, failing.waiting, failing.error) == ("active", False, as_said("Zoom is down."))
    assert (done.state, done.attempts, done.error) == ("done", 3, None)


def test_looking_up_what_failed_keeps_its_failures_and_its_error(database: Database) -> None:
    run_id, at = ask(database), later(database)
    failing = RetryLater(at=at, message=as_said("Zoom did not answer."))
    settling = RetryLater(at=at, message=as_said("It is looked up."), waiting=True, settles=True)

    ended = [end(database, run_id, outcome) for outcome in (failing, settling, failing)]

    assert [(run.failures, str(run.error)) for run in ended] == [
        (1, "Zoom did not answer."), (1, "Zoom did not answer."), (2, "Zoom did not answer."),
    ]  # fmt: skip


def test_failures_are_counted_in_a_row_and_waiting_is_none(database: Database) -> None:
    run_id, at = ask(database), later(database)
    failing, waiting = (
        RetryLater(at=at, message=as_said("Zoom is down.")),
        RetryLater(at=at, message=as_said("No."), waiting=True),
    )

    counted = [end(database, run_id, outcome).failures for outcome in (failing, failing, waiting, failing)]

    assert counted == [1, 2, 0, 1]
    assert end(database, run_id, Done(message=as_said("ok"))).failures == 0


@pytest.mark.parametrize("waiting", [False, True])
def test_run_that_waits_for_another_time_is_not_begun(database: Database, waiting: bool) -> None:
    run_id, at = ask(database), later(database, hours=1)
    resting = end(database, run_id, RetryLater(at=at, message=as_said("Not now."), waiting=waiting))

    begun = claim(database, run_id)  # by a process that learned before that attempt that the run is due

    assert begun is None
    assert get(database, run_id) == resting


def test_failed_run_keeps_its_sentence(database: Database) -> None:
    run = end(database, ask(database), GiveUp(message=as_said("No host has a licence.")))

    assert (run.state, run.error, run.next_at) == ("failed", as_said("No host has a licence."), None)
    assert run.finished is not None


@pytest.mark.parametrize(
    "outcome",
    [Done(message=as_said("d")), Park(message=as_said("p")), GiveUp(message=as_said("g")), "retry"],
    ids=["done", "parked", "failed", "retried"],
)
def test_ring_during_an_attempt_leads_to_another(database: Database, outcome: Outcome | str) -> None:
    run_id = ask(database)
    run = begin(database, run_id)

    ask(database)
    ended = RetryLater(at=later(database, hours=1), message=as_said("r")) if isinstance(outcome, str) else outcome
    conclude(database, run, ended)

    again = get(database, run_id)
    assert (again.state, again.finished, again.started) == ("active", None, None)
    assert due_ids(database) == [run_id]
    assert end(database, run_id, Done(message=as_said("seen"))).state == "done"


def test_force_that_comes_during_an_attempt_is_obeyed_by_the_next(database: Database) -> None:
    run_id = ask(database)
    run = begin(database, run_id)

    ask(database, force=True)
    conclude(database, run, Park(message=as_said("Refused.")))

    assert begin(database, run_id).force


def test_force_lasts_until_its_attempt_has_ended(database: Database) -> None:
    run_id = ask(database, force=True)

    forced = begin(database, run_id)
    ask(database)
    conclude(database, forced, Done(message=as_said("Forced.")))

    assert forced.force
    assert not begin(database, run_id).force


def test_force_survives_an_attempt_that_is_tried_again(database: Database) -> None:
    run_id = ask(database, force=True)

    retried = end(database, run_id, RetryLater(at=later(database, hours=1), message=as_said("Zoom is down.")))

    assert retried.force


def test_parked_run_is_woken_by_a_ring_but_not_by_its_turn(database: Database) -> None:
    run_id = ask(database)
    parked = end(database, run_id, Park(message=as_said("Decide.")))

    assert ask(database, unpark=False) == run_id
    still = get(database, run_id)
    assert ask(database) == run_id
    woken = get(database, run_id)

    assert (parked.state, parked.next_at, parked.error) == ("parked", None, as_said("Decide."))
    assert (still.state, still.next_at) == ("parked", None)
    assert (woken.state, due_ids(database)) == ("active", [run_id])


def test_parked_run_reopened_by_an_operator_may_be_forced(database: Database) -> None:
    run = end(database, ask(database), Park(message=as_said("Decide.")))

    with database.begin() as connection:
        again = reopen(connection, run, database.now(connection), force=True)

    assert again == run.id
    assert begin(database, again).force


def test_finished_run_reopened_is_a_new_run(database: Database) -> None:
    run = end(database, ask(database), GiveUp(message=as_said("No licence.")))

    with database.begin() as connection:
        again = reopen(connection, run, database.now(connection))

    assert again != run.id
    assert (get(database, again).job, get(database, again).subject) == (run.job, run.subject)
    assert get(database, run.id).state == "failed"


def test_cancelled_run_fences_the_attempt_under_way(database: Database) -> None:
    run_id = ask(database)
    run = begin(database, run_id)

    with database.begin() as connection:
        cancelled = cancel(connection, run_id, database.now(connection))
    with pytest.raises(FencedError):
        conclude(database, run, Done(message=as_said("too late")))

    assert cancelled
    assert (get(database, run_id).state, get(database, run_id).next_at) == ("cancelled", None)
    assert ask(database) != run_id


def test_run_that_has_ended_cannot_be_cancelled(database: Database) -> None:
    run = end(database, ask(database), Done(message=as_said("ok")))

    with database.begin() as connection:
        assert not cancel(connection, run.id, database.now(connection))
        assert not cancel(connection, 4711, database.now(connection))
    assert get(database, run.id) == run


def test_what_follows_is_asked_for_in_the_same_transaction(database: Database) -> None:
    good, bad = a_request(job="register_panelists"), a_request(job="publish_recordings", account=None)
    run_id = ask(database)

    with pytest.raises(TemporaryError):
        conclude(database, begin(database, run_id), Done(message=as_said("ok"), then=(good, bad)))
    broken = (get(database, run_id).state, [run.job for run in all_runs(database)])
    end(database, run_id, Done(message=as_said("ok"), then=(good,)))

    assert broken == ("active", ["create_webinars"])
    assert [(run.job, run.state) for run in all_runs(database)] == [
        ("register_panelists", "active"),
        ("create_webinars", "done"),
    ]


def all_runs(database: Database, **narrowed: Any) -> tuple[Run, ...]:
    with database.read() as connection:
        return list_runs(connection, **narrowed)


def test_runs_are_listed_newest_first_and_narrowed(database: Database) -> None:
    other = Subject(kind="event", id="other")
    first, second = ask(database), ask(database, subject=other)
    end(database, first, GiveUp(message=as_said("g")))

    assert [run.id for run in all_runs(database)] == [second, first]
    assert [run.id for run in all_runs(database, states=["failed"])] == [first]
    assert [run.id for run in all_runs(database, subject=other)] == [second]
    assert [run.id for run in all_runs(database, limit=1)] == [second]


def test_due_runs_come_by_priority_and_a_short_queue_before_a_long_one(database: Database) -> None:
    long = [ask(database, subject=Subject(kind="event", id=f"long-{n}"), account="long") for n in range(3)]
    short = ask(database, subject=Subject(kind="event", id="short"), account="short")
    urgent = ask(database, subject=Subject(kind="event", id="urgent"), account="long", priority=10)

    assert due_ids(database) == [urgent, long[0], short, long[1], long[2]]


def test_what_follows_goes_before_what_is_new_in_its_account_and_behind_a_short_queue(database: Database) -> None:
    events = [Subject(kind="event", id=f"long-{n}") for n in range(3)]
    long = [ask(database, subject=subject, account="long") for subject in events]
    end(database, long[0], done_before(events[0]))
    end(database, long[1], done_before(events[1]))
    short = ask(database, subject=Subject(kind="event", id="short"), account="short")

    followers = {run.subject: run.id for run in all_runs(database, states=["active"]) if run.job == "follows"}

    assert due_ids(database) == [followers[events[0]], short, followers[events[1]], long[2]]


def test_what_follows_a_run_asked_for_by_hand_is_as_urgent(database: Database) -> None:
    waiting = ask(database, subject=Subject(kind="event", id="other"))
    urgent = ask(database, priority=10)

    end(database, urgent, done_before(a_subject()))

    assert due_ids(database) == [all_runs(database, subject=a_subject())[0].id, waiting]


def test_open_run_that_is_rung_by_what_it_follows_moves_up_with_it(database: Database) -> None:
    first, second = (ask(database, subject=Subject(kind="event", id=f"long-{n}")) for n in range(2))
    ask(database, job="follows")
    begun = ask(database)
    end(database, first, done_before(a_subject()))

    assert due_ids(database) == [all_runs(database, subject=a_subject())[1].id, second, begun]


def done_before(subject: Subject) -> Done:
    return Done(message=as_said("ok"), then=(a_request(job="follows", subject=subject, account="long"),))


def test_priority_of_a_ring_is_never_lowered(database: Database) -> None:
    waiting = ask(database)
    ordinary = ask(database, job="register_panelists", subject=Subject(kind="event", id="other"))

    ask(database, job="register_panelists", subject=Subject(kind="event", id="other"), priority=10)
    ask(database, job="register_panelists", subject=Subject(kind="event", id="other"))

    assert due_ids(database) == [ordinary, waiting]


def test_delivery_performs_a_run_and_writes_how_it_ended(database: Database) -> None:
    run_id, performed = ask(database), []

    def perform(run: Run) -> Done:
        performed.append((run.id, run.attempts, current_run.get()))
        return Done(message=as_said("ok"))

    assert deliver(database, run_id, perform, 900)
    assert not deliver(database, run_id, perform, 900)

    assert performed == [(run_id, 1, run_id)]
    assert (get(database, run_id).outcome, current_run.get()) == (as_said("ok"), None)


@pytest.mark.parametrize(
    ("error", "state", "waiting"),
    [
        (TemporaryError("Sorry."), "active", False),
        (WaitingError("Sorry."), "active", True),
        (ParkedError("Sorry."), "parked", False),
        (ZeroDivisionError("hunter2"), "failed", False),
    ],
    ids=repr,
)
def test_delivery_survives_what_goes_wrong(database: Database, error: Exception, state: str, waiting: bool) -> None:
    run_id = ask(database)

    assert deliver(database, run_id, raising(error), 900)

    run = get(database, run_id)
    assert (run.state, run.waiting) == (state, waiting)
    assert run.error is not None
    assert "hunter2" not in str(run.error)
    assert due_ids(database) == []


def test_delivery_that_was_taken_over_writes_nothing(database: Database) -> None:
    run_id = ask(database)

    def perform(run: Run) -> Done:
        begin(database, run.id)  # another process takes the run over meanwhile
        return Done(message=as_said("too late"))

    assert not deliver(database, run_id, perform, 900)
    assert (get(database, run_id).state, get(database, run_id).fence) == ("active", 2)


def test_delivery_before_its_time_is_put_back(database: Database) -> None:
    at = later(database, hours=1)
    run_id = ask(database)
    end(database, run_id, RetryLater(at=at, message=as_said("No host is free."), waiting=True))

    deliver(database, run_id, raising(AssertionError("it is not due")), 900)

    run = get(database, run_id)
    assert (run.state, run.next_at, run.error) == ("active", at, as_said("No host is free."))


def test_eight_threads_never_open_two_runs_and_lose_no_ring(database: Database) -> None:
    """Six threads ring, two perform. In the end each subject was performed after its last ring."""
    subjects = [Subject(kind="event", id=f"talk-{n}") for n in range(3)]
    ringing, errors = threading.Event(), []
    ringing.set()

    def ring(seed: int) -> None:
        for n in range(12):
            ask(database, subject=subjects[(seed + n) % 3])

    def work() -> None:
        while ringing.is_set() or due_ids(database):
            for run_id in due_ids(database):
                if run := claim(database, run_id):
                    conclude_unless_fenced(database, run)

    workers = [threading.Thread(target=recording(errors, work)) for _ in range(2)]
    ringers = [threading.Thread(target=recording(errors, lambda seed=seed: ring(seed))) for seed in range(6)]
    for thread in workers + ringers:
        thread.start()
    for thread in ringers:
        thread.join()
    ringing.clear()
    for thread in workers:
        thread.join()

    assert errors == []
    with database.read() as connection:
        states = dict(connection.execute(select(runs.c.state, func.count()).group_by(runs.c.state)).all())
        unanswered = connection.execute(select(runs.c.id).where(runs.c.rung > runs.c.answered)).all()
        rung = connection.execute(select(func.sum(runs.c.rung))).scalar_one()
    assert set(states) == {"done"}
    assert (unanswered, rung) == ([], 72)


def conclude_unless_fenced(database: Database, run: Run) -> None:
    try:
        conclude(database, run, Done(message=as_said("ok")))
    except FencedError:
        return


def recording(errors: list[BaseException], call: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            call()
        except Exception as error:
            errors.append(error)

    return run


def raising(error: Exception) -> Callable[[Run], Done]:
    def perform(_run: Run) -> Done:
        raise error

    return perform


def test_failure_is_in_trouble_until_a_later_run_takes_its_place(database: Database) -> None:
    other = Subject(kind="event", id="other")
    first, second = ask(database), ask(database, subject=other)
    end(database, first, GiveUp(message=as_said("g")))
    end(database, second, Park(message=as_said("p")))
    troubled = RunFilter(states=("failed", "parked"), replaced=False)

    with database.begin() as connection:
        before = [run.id for run in lock_needing(connection, [first, second])]
        again = reopen(connection, get(database, first), database.now(connection))
        locked = [run.id for run in lock_needing(connection, [first, second])]
        listed = [run.id for run in filter_runs(connection, troubled, limit=9)]
        counts, later = count_runs(connection), find_later(connection, [first, second, again])

    assert (before, locked, listed) == ([first, second], [second], [second])
    assert (counts, later) == ({"active": 1, "parked": 1}, {first: again})


def test_attempts_that_did_not_end_their_run_are_kept(database: Database) -> None:
    run = ask(database)
    soon = RetryLater(at=get(database, run).created, message=as_said("Zoom is away."))
    for outcome in (soon, soon, RetryLater(at=soon.at, message=as_said("No host is free."), waiting=True), soon):
        end(database, run, outcome)
    end(database, run, Done(message=as_said("d")))

    with database.read() as connection:
        kept = [(row.number, row.outcome, str(row.sentence), row.times) for row in load_attempts(connection, run)]

    assert kept == [
        (2, "retried", "Zoom is away.", 2),
        (3, "waiting", "No host is free.", 1),
        (4, "retried", "Zoom is away.", 1),
    ]


def test_two_who_retry_the_same_runs_retry_each_once(database: Database) -> None:
    failed = [ask(database, subject=Subject(kind="event", id=f"talk-{number}")) for number in range(5)]
    for run in failed:
        end(database, run, GiveUp(message=as_said("g")))
    reopened: list[int] = []
    together = threading.Barrier(2)

    def retry() -> None:
        together.wait()
        with database.begin() as connection:
            locked = lock_needing(connection, failed)
            reopened.extend(reopen(connection, run, database.now(connection)) for run in locked)

    threads = [threading.Thread(target=retry) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(reopened) == len(set(reopened)) == 5
    assert [get(database, run).rung for run in reopened] == [1] * 5
