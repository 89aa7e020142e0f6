"""Effects: changes outside, made exactly once whatever breaks.

Commit the intent → send → commit the end. An attempt that finds an intent without an end looks outside whether the
change was made, before it sends anything else for that subject.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, insert, select, update

from ..errors import AmbiguousError, FencedError, ParkedError, SettlingError, TemporaryError, WaitingError, ZoomOpsError
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_INTENT
from ..store.tables import effect as effects
from .attempts import putting_off, write_for
from .runs import Run, Subject

R = TypeVar("R")
State = Literal["done", "absent", "refused"]


@dataclass(frozen=True, kw_only=True)
class EffectWaits:
    """How long after its intent a change may still happen, in seconds."""

    self_fence_s: float = 1.0  # an older intent is not sent
    deadline_s: float = 15.0  # after this a call has ended
    lag_s: float = 10.0  # how late a new thing may appear in a list outside


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change outside: its kind, its digest, and the action as JSON."""

    kind: str
    digest: str
    action: dict[str, Any]
    listed: bool = False  # whether the look-up goes through a list, which may lag


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A change that was begun and has no end yet."""

    id: int
    change: Change
    began: datetime
    looks: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """The change took effect; `record` writes what it means."""

    record: Callable[[Connection], None]


@dataclass(frozen=True, kw_only=True)
class Absent:
    """The change did not take effect."""


@dataclass(frozen=True, kw_only=True)
class Undecidable:
    """The look cannot decide; an operator has to."""

    sentence: str


Look = Found | Absent | Undecidable

STEPS = ("intent", "send", "done", "refusal", "look", "adoption", "absence")
OnStep = Callable[[str, Change], None]
"""Called with "before send", "after send" and so on, for every step of every effect."""


class Journal:
    """The record of every change outside.

    Must: commit an intent before anything is sent; keep at most one open intent for a subject; write nothing for an
    attempt that is fenced.
    """

    def __init__(self, database: Database, waits: EffectWaits, on_step: OnStep = lambda _step, _change: None) -> None:
        self._database, self._waits, self._on_step = database, waits, on_step

    def perform(
        self,
        run: Run,
        change: Change,
        send: Callable[[], R],
        record: Callable[[Connection, R], None],
        prepare: Callable[[Connection], None] = lambda _connection: None,
        *,
        local: bool = False,
    ) -> R:
        """Make one change outside.

        `prepare` writes in the transaction of the intent; if it raises, there is no intent. `record` writes what the
        answer means, in the transaction that closes the intent. `local`: that transaction makes the change itself, so
        its error means that nothing was done. Raises AmbiguousError if no answer came: the intent stays, and the next
        attempt settles it.
        """
        with self._step("intent", change):
            intent, began = self._begin(run, change, prepare)
        with putting_off(self._database):
            try:
                with self._step("send", change):
                    if self._database.clock.elapsed() - began > self._waits.self_fence_s:
                        # This process may have been frozen, and another took the run over.
                        raise TemporaryError("This machine is too slow: the change was not sent in time.")
                    reply = send()
            except ZoomOpsError as error:
                raise self._after(error, intent, change) from error
            try:
                with self._step("done", change), write_for(self._database, run) as connection:  # lost, it is looked up
                    self._mark(connection, intent, "done")
                    record(connection, reply)
            except ZoomOpsError as error:
                if local and not isinstance(error, FencedError):
                    raise self._after(error, intent, change) from error
                raise
        return reply

    def settle(self, run: Run, look: Callable[[Change, datetime], Look]) -> None:
        """Resolve what an earlier attempt of this subject left open, before anything else is sent for the subject.

        Raises WaitingError while the change may still happen, ParkedError if the look cannot decide.
        """
        intent = self.find_intent(run.subject)
        if intent is None:
            return
        until = intent.began + self._settling(intent.change)
        if self._database.ask_clock() < until:
            raise SettlingError("An earlier change may still be under way; it is looked up first.", until=until)
        with self._step("look", intent.change):
            answer = look(intent.change, intent.began)
        match answer:
            case Found(record=record):
                with self._step("adoption", intent.change), write_for(self._database, run, durable=True) as connection:
                    self._mark(connection, intent.id, "done")
                    record(connection)
            case Absent() if intent.change.listed and intent.looks == 0:  # wait until the list must show the change
                with self._database.begin() as connection:
                    looked = update(effects).where(effects.c.id == intent.id).values(looks=effects.c.looks + 1)
                    connection.execute(looked)
                    until = self._database.now(connection) + timedelta(seconds=self._waits.lag_s)
                raise SettlingError("A change is not to be seen yet; it is looked up once more.", until=until)
            case Absent():
                with self._step("absence", intent.change):
                    self._resolve(intent.id, "absent")
            case Undecidable(sentence=sentence):
                raise ParkedError(sentence)

    def settled_at(self, began: datetime) -> datetime:
        """Return when a change that began at a moment is over, and every list shows it."""
        return began + timedelta(seconds=self._waits.self_fence_s + self._waits.deadline_s + self._waits.lag_s)

    def find_intent(self, subject: Subject) -> Intent | None:
        """Find the open change of a subject, or None."""
        with self._database.read() as connection:
            return load_intent(connection, subject)

    def dismiss(self, connection: Connection, subject: Subject) -> bool:
        """Close the open change of a subject by an operator's decision; return whether there was one.

        Raises WaitingError while the change may still happen.
        """
        intent = self.find_intent(subject)
        if intent is None:
            return False
        until = intent.began + self._settling(intent.change)
        if self._database.now(connection) < until:
            raise WaitingError(f"A change may still be under way; decide after {until:%H:%M:%S} UTC.", until=until)
        self._mark(connection, intent.id, "absent")
        return True

    def _begin(self, run: Run, change: Change, prepare: Callable[[Connection], None]) -> tuple[int, float]:
        """Write the intent; return its id, and since when it ages, by the clock's `elapsed`."""
        clock = self._database.clock
        began = clock.elapsed()
        with write_for(self._database, run, durable=True) as connection:
            waiting_since = clock.elapsed()
            prepare(connection)  # it may wait for a lock: the intent is written after that, and does not age meanwhile
            began += clock.elapsed() - waiting_since
            query = insert(effects).values(
                run_id=run.id,
                fence=run.fence,
                subject_kind=run.subject.kind,
                subject=run.subject.id,
                digest=change.digest,
                kind=change.kind,
                action=change.action | {"_listed": change.listed},
                state="intent",
                began=self._database.now(connection),
            )
            return int(connection.execute(query.returning(effects.c.id)).scalar_one()), began

    def _after(self, error: ZoomOpsError, intent: int, change: Change) -> ZoomOpsError:
        """Keep the intent if the outcome is open; close it if nothing was done."""
        if isinstance(error, AmbiguousError):
            return AmbiguousError(str(error), retry_at=self._database.ask_clock() + self._settling(change))
        with self._step("refusal", change):
            self._resolve(intent, "refused")
        return error

    @contextmanager
    def _step(self, name: str, change: Change) -> Iterator[None]:
        self._on_step(f"before {name}", change)
        yield
        self._on_step(f"after {name}", change)

    def _settling(self, change: Change) -> timedelta:
        seconds = self._waits.self_fence_s + self._waits.deadline_s
        return timedelta(seconds=seconds + (self._waits.lag_s if change.listed else 0))

    def _resolve(self, intent: int, state: State) -> None:
        with self._database.begin() as connection:
            self._mark(connection, intent, state)

    def _mark(self, connection: Connection, intent: int, state: State) -> None:
        now = self._database.now(connection)
        connection.execute(update(effects).where(effects.c.id == intent, IS_INTENT).values(state=state, resolved=now))


def load_intent(connection: Connection, subject: Subject) -> Intent | None:
    """Load the open change of a subject, or None."""
    mine = effects.c.subject_kind == subject.kind, effects.c.subject == subject.id
    row = connection.execute(select(effects).where(*mine, IS_INTENT)).first()
    if row is None:
        return None
    action = dict(row.action)
    listed = action.pop("_listed", False)
    change = Change(kind=row.kind, digest=row.digest, action=action, listed=listed)
    return Intent(id=row.id, change=change, began=row.began, looks=row.looks)
