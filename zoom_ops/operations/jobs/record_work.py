"""What a run for the record of an event in a home works on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog

from ...engine.attempts import write_for
from ...engine.effects import Change, Look
from ...engine.runs import Run
from ...errors import NotFoundError, ParkedError, PermanentError, TemporaryError, ZoomOpsError
from ...events import Event
from ...homes import (
    ConflictError,
    DriftedError,
    EventRecords,
    ExposedError,
    StrangeAnswerError,
    UnauthorizedError,
    UnprotectedError,
)
from ...planning import (
    Action,
    ObservedRecord,
    Plan,
    PublishLink,
    WithdrawLink,
    about_of,
    action_from_json,
    withdrawal_of,
)
from ...store.events import load_event
from ...store.home_entries import note_gone
from ...tracing import step
from ..context import Context
from ..homes.moved import ensure_same_system
from ..reconcile.executors import change_of, executor_of
from ..reconcile.known import load_known
from ..reconcile.linked import load_linked, save_seen
from ..reconcile.member_keys import end_exposed, end_keys
from ..reconcile.notices import record_notices
from ..reconcile.observe import observe_recordings, plan_event, plan_observed

log = structlog.get_logger()
_LINKS = ("PublishLink", "WithdrawLink")
_ROUNDS = 5  # a plan that is not empty then is a defect
_OF_ONE_LINK = (ConflictError, StrangeAnswerError, ParkedError, PermanentError)  # others may go well all the same
_Failures = dict[tuple[str, str], ZoomOpsError]  # by the home's id of the record and the link's key


class RecordWork:
    """The work of a run for the records of one event in one home: our links there."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self._name, _, self._event_id = run.subject.id.partition("/")

    def publish_links(self) -> str:
        """Write the links of the event's published recordings, take back the others; return a sentence of it.

        A link that cannot be written keeps no other back. Raise what went wrong after everything else was done:
        ParkedError also where people changed a link. Raise SettlingError where the home has no place for this run now.
        """
        home = self._context.homes.get(self._name)
        if home is None:
            return f"The home {self._name} is not configured: nothing is written there."
        if not home.capabilities.writes:
            return f"The home {self._name} is only read."
        with self._context.database.read() as connection:
            ensure_same_system(self._context, connection, self._name)
        with self._context.gate.enter(self._name):
            return self._converge(home)

    def _converge(self, home: EventRecords) -> str:
        self._settle()
        self._look(home)
        done, failures = list[Action](), _Failures()
        for _ in range(_ROUNDS):
            plan = self._plan()
            actions = [action for action in plan.actions if _place_of(action) not in failures]
            if not actions:
                return self._end(plan, done, failures)
            for action in actions:
                if not self._try(home, action, failures):
                    break
                done += [] if _place_of(action) in failures else [action]
        raise ParkedError(f"The links in the home {self._name} do not come to rest; it may be dropping a change.")

    def _settle(self) -> None:
        """Resolve what an earlier attempt began and has no end yet."""

        def look(change: Change, began: datetime) -> Look:
            return executor_of(self._context, action_from_json(change.action)).look(began)

        self._context.journal.settle(self._run, look)

    def _look(self, home: EventRecords) -> None:
        """Look how the home shows our links now, and save it."""
        for record in self._records():
            try:
                with home.calling():
                    shown = home.entries(record.record)
            except NotFoundError:
                self._note_gone(record.record)
                continue
            with write_for(self._context.database, self._run) as connection:
                save_seen(self._context, connection, self._event_id, record, shown)
                end_exposed(self._context, connection, self._event_id, shown)

    def _plan(self) -> Plan:
        event = self._event()
        observed = observe_recordings(self._context, event)
        mine = tuple(record for record in observed.records if record.home == self._name)
        return plan_observed(self._context, event, replace(observed, records=mine), kinds=_LINKS)

    def _try(self, home: EventRecords, action: Action, failures: _Failures) -> bool:
        """Carry an action out; see `_perform`. Note an error that is this link's alone.

        A link that visitors see, and that the home does not hide as it should, is taken back.
        """
        try:
            return self._perform(home, action)
        except UnauthorizedError:
            raise
        except _OF_ONE_LINK as error:
            log.info("link_not_written", home=self._name, reason=type(error).__name__)
            failures[_place_of(action)] = error
            if isinstance(error, ExposedError | UnprotectedError):
                self._end_keys()
            if isinstance(action, PublishLink) and action.narrows and not isinstance(error, TemporaryError):
                return self._try(home, withdrawal_of(action), failures)
            return True

    def _end_keys(self) -> None:
        """Give the event new keys, as visitors may have seen one. Links in other homes follow at their next look."""
        with write_for(self._context.database, self._run) as connection:
            end_keys(self._context, connection, self._event_id)

    def _perform(self, home: EventRecords, action: Action) -> bool:
        """Carry an action out, exactly once whatever breaks.

        False if the record turned out to be changed or gone: what follows is planned anew.
        """
        executor = executor_of(self._context, action)
        try:
            with step(action.kind, {"zoom_ops.home": self._name}), executor.slot(self._run.force):
                self._context.journal.perform(self._run, change_of(action, executor), executor.send, executor.record)
        except (DriftedError, NotFoundError) as error:
            log.info("link_not_written", home=self._name, reason=type(error).__name__)
            self._look(home)
            return False
        log.info("action_performed", action=action.kind, home=self._name)
        return True

    def _end(self, plan: Plan, done: list[Action], failures: _Failures) -> str:
        """Tell operators of what cannot be shown in any home of the event; raise what went wrong."""
        with self._context.database.read() as connection:
            known = load_known(connection, self._event_id)
        record_notices(self._context, known, plan_event(self._context, known.event, kinds=_LINKS), about_of(_LINKS))
        refusals = [ParkedError(sentence) for sentence in plan.refused]
        if error := _join([*failures.values(), *refusals]):
            raise error
        return plan.sum_up(done)

    def _event(self) -> Event:
        with self._context.database.read() as connection:
            return load_event(connection, self._event_id)

    def _records(self) -> tuple[ObservedRecord, ...]:
        with self._context.database.read() as connection:
            records = load_linked(self._context, connection, load_event(connection, self._event_id))
        return tuple(record for record in records if record.home == self._name)

    def _note_gone(self, record: str) -> None:
        with write_for(self._context.database, self._run) as connection:
            note_gone(connection, self._name, record, self._context.database.now(connection))


def _place_of(action: Action) -> tuple[str, str]:
    """Return the place of a link: the home's id of the record, and the link's key."""
    if not isinstance(action, PublishLink | WithdrawLink):
        raise TypeError(f"{action.kind} is about no link.")
    return action.record, action.recording_uuid


def _join(errors: Iterable[ZoomOpsError]) -> ZoomOpsError | None:
    """Return one error that says them all. It is tried again if one of them may pass, and else waits for a person."""
    several = tuple(errors)
    sentence = " ".join(dict.fromkeys(map(str, several)))
    for kind in (TemporaryError, ParkedError):
        if any(isinstance(error, kind) for error in several):
            return kind(sentence)
    return PermanentError(sentence) if several else None
