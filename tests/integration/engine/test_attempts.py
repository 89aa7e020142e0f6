"""One attempt: the rows that it puts off, and its trace."""

from contextlib import suppress

import pytest
from sqlalchemy import insert, select

from tests.integration.engine.bench import ask
from tests.spans import KeptTraces
from zoom_ops.engine.attempts import AttemptHooks, claim, deliver, put_off, putting_off, write_for
from zoom_ops.engine.runs import Done, Run, fence_off
from zoom_ops.errors import ParkedError, PermanentError, TemporaryError, WaitingError
from zoom_ops.messages import as_said
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import meta


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(meta.c.name).where(meta.c.name.like("put off%"))).scalars())


def test_row_that_was_put_off_is_written_with_the_next_transaction(database: Database) -> None:
    run = claim(database, ask(database))
    assert run is not None

    with putting_off(database):
        assert put_off(lambda connection: connection.execute(insert(meta).values(name="put off", value="1")))
        before = names(database)
        with write_for(database, run):
            pass
        after = names(database)

    assert (before, after) == (set(), {"put off"})


def test_row_that_was_put_off_survives_a_transaction_that_fails(database: Database) -> None:
    run = claim(database, ask(database))
    assert run is not None

    with putting_off(database):
        put_off(lambda connection: connection.execute(insert(meta).values(name="put off", value="1")))
        with suppress(ZeroDivisionError), write_for(database, run):
            raise ZeroDivisionError

    assert names(database) == {"put off"}


def test_nothing_is_put_off_outside_of_an_effect() -> None:
    assert not put_off(lambda _connection: None)


@pytest.mark.parametrize(
    ("error", "outcome", "sentence"),
    [
        (None, "done", None),
        (WaitingError("It is not over yet."), "waiting", None),
        (TemporaryError("Ask ada@example.org."), "retried", "Ask (e-mail)."),
        (ParkedError("Somebody decides."), "parked", "Somebody decides."),
        (PermanentError("Zoom refused."), "failed", "Zoom refused."),
        (KeyError("tidewater"), "failed", "An unexpected KeyError stopped this; the log has the details."),
    ],
)
def test_trace_and_engine_say_how_an_attempt_ended(
    database: Database, error: Exception | None, outcome: str, sentence: str | None
) -> None:
    traces, run_id, outcomes = KeptTraces(), ask(database), list[tuple[str, str, float]]()
    hooks = AttemptHooks(tracer=traces, on_outcome=lambda *heard: outcomes.append(heard))

    def perform(_run: Run) -> Done:
        if error:
            raise error
        return Done(message=as_said("2 × AddPanelists"))

    deliver(database, run_id, perform, 900, hooks)

    (span,) = traces.spans
    assert (span.name, span.status.description, span.status.is_ok) == (
        "run create_webinars", sentence, sentence is None,
    )  # fmt: skip
    assert {"zoom_ops.run": run_id, "zoom_ops.attempt": 1, "zoom_ops.outcome": outcome}.items() <= traces.values.items()
    assert [heard[:2] for heard in outcomes] == [("create_webinars", outcome)]
    assert outcomes[0][2] >= 0


def test_attempt_that_was_taken_over_is_lost_in_its_trace_and_has_no_outcome(database: Database) -> None:
    traces, run_id, outcomes = KeptTraces(), ask(database), list[tuple[str, str, float]]()
    hooks = AttemptHooks(tracer=traces, on_outcome=lambda *heard: outcomes.append(heard))

    def perform(_run: Run) -> Done:
        fence_off(database, [run_id])
        return Done()

    assert not deliver(database, run_id, perform, 900, hooks)

    assert (traces.values["zoom_ops.outcome"], traces.values["error.type"]) == ("lost", "FencedError")
    assert outcomes == []
