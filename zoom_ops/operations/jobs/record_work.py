"""What a run for the record of an event in a home works on."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from ...engine.attempts import write_for
from ...engine.effects import Change, Look
from ...engine.runs import Run
from ...errors import (
    NotFoundError,
    ParkedError,
    PermanentError,
    TemporaryError,
    WaitingError,
    ZoomOpsError,
)
from ...homes import (
    ConflictError,
    DriftedError,
    EventRecords,
    ExposedError,
    HomeDownError,
    StrangeAnswerError,
    UnauthorizedError,
    UnprotectedError,
)
from ...messages import Message, all_of
from ...planning import (
    NOTICES,
    Action,
    Observed,
    ObservedRecord,
    Plan,
    PublishLink,
    WithdrawLink,
    about_of,
    action_from_json,
    say_changed,
    withdrawal_of,
)
from ...store.alerts import list_raised
from ...store.events import load_event
from ...store.homes.entries import note_gone
from ...tracing import step
from ..context import Context
from ..homes.moved import ensure_same_system
from ..reconcile.executors import change_of, executor_of
from ..reconcile.linked import load_linked, observe_links, save_seen
from ..reconcile.member_keys import end_exposed, end_keys
from ..reconcile.notices import record_notices
from ..reconcile.observe import plan_event, plan_observed
from .registry import Outcome

log = structlog.get_logger()
_LINKS = ("PublishLink", "WithdrawLink")
_NOTICES = tuple(kind for kind, about in NOTICES.items() if about in about_of(_LINKS))
_ROUNDS = 6  # a plan that is not empty then is a defect
_OF_ONE_LINK = (ConflictError, StrangeAnswerError, ParkedError, PermanentError)  # others may go well all the same
_WHOLE = ""  # in the place of a key: the record could not be looked at
_GRANTED_WITHIN = timedelta(hours=6)  # what a home refused may be granted meanwhile
_Failures = dict[tuple[str, str], ZoomOpsError]  # by the home's id of the record and the link's key


class RecordWork:
    """The work of a run for the records of one event in one home: our links there."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self._name, _, self._event_id = run.subject.id.partition("/")
        self._looked = False

    def publish_links(self) -> Outcome:
        """Write the links of the event's published recordings, take back the others; return a sentence of it.

        A link that cannot be written keeps no other back, nor does a record that cannot be looked at. Raise what went
        wrong after everything else was done: ParkedError where people changed a link, WaitingError where the home
        refuses what somebody may grant there. Raise SettlingError where the home has no place for this run now.
        """
        home = self._context.homes.get(self._name)
        if home is None:
            return f"The home {self._name} is not configured: nothing is written there."
        if not home.capabilities.writes:
            return f"The home {self._name} is only read."
        with self._context.database.read() as connection:
            ensure_same_system(self._context, connection, self._name)
        settings = self._context.home_settings[self._name]
        # one place in the home's own limits for the whole run: given back in the middle, it would begin anew for ever
        with self._context.gate.enter(self._name, settings.at_once), home.calling():
            return self._converge(home)

    def _converge(self, home: EventRecords) -> Message | None:
        """Write what is to be written, and look at the home where no write looks."""
        self._settle()
        done, failures = list[Action](), _Failures()
        for _ in range(_ROUNDS):
            with self._context.database.read() as connection:
                event, observed = observe_links(self._context, connection, self._event_id, self._name)
            plan = plan_observed(self._context, event, observed, kinds=_LINKS)
            actions = _in_turn([a for a in plan.actions if not _has_failed(a, failures)], self._run.failures)
            if not self._looked and _needs_look(actions, observed, done):
                self._look(home, failures)
                continue
            if not actions:
                return self._end(plan, done, failures)
            for action in actions:
                if _has_failed(action, failures):  # the home did not answer for its record just now
                    continue
                if not self._try(home, action, failures):
                    break
                done += [] if _has_failed(action, failures) else [action]
        raise ParkedError(f"The links in the home {self._name} do not come to rest; it may be dropping a change.")

    def _settle(self) -> None:
        """Resolve what an earlier attempt began and has no end yet."""

        def look(change: Change, began: datetime) -> Look:
            return executor_of(self._context, action_from_json(change.action)).look(began)

        self._context.journal.settle(self._run, look)

    def _look(self, home: EventRecords, failures: _Failures) -> None:
        """Look how the home shows our links now, and save it. Note the error of a record that cannot be looked at."""
        self._looked = True
        for record in self._records():
            if (record.record, _WHOLE) in failures:
                continue
            try:
                with home.calling():
                    shown = home.entries(record.record)
            except NotFoundError:
                self._note_gone(record.record)
                continue
            except UnauthorizedError:
                raise
            except HomeDownError as error:
                _note_down(record.record, error, failures)
                continue
            except _OF_ONE_LINK as error:
                failures[record.record, _WHOLE] = error
                continue
            with write_for(self._context.database, self._run) as connection:
                save_seen(self._context, connection, self._event_id, record, shown)
                end_exposed(self._context, connection, self._event_id, shown)

    def _try(self, home: EventRecords, action: Action, failures: _Failures) -> bool:
        """Carry an action out; see `_perform`. Note an error that is this link's or its record's alone.

        A link that visitors see, and that the home does not hide as it should, is taken back.
        """
        try:
            return self._perform(home, action, failures)
        except UnauthorizedError:
            raise
        except HomeDownError as error:
            _note_down(_place_of(action)[0], error, failures)
            return True
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

    def _perform(self, home: EventRecords, action: Action, failures: _Failures) -> bool:
        """Carry an action out, exactly once whatever breaks.

        False if the record turned out to be changed or gone: what follows is planned anew.
        """
        executor = executor_of(self._context, action)
        try:
            with step(action.kind, {"zoom_ops.home": self._name}), executor.slot(self._run.force):
                self._context.journal.perform(self._run, change_of(action, executor), executor.send, executor.record)
        except (DriftedError, NotFoundError) as error:
            log.info("link_not_written", home=self._name, reason=type(error).__name__)
            self._look(home, failures)
            return False
        log.info("action_performed", action=action.kind, home=self._name)
        return True

    def _end(self, plan: Plan, done: list[Action], failures: _Failures) -> Message | None:
        """Tell operators of what cannot be shown in any home of the event; raise what went wrong."""
        self._record_notices(plan)
        refused = [blocker for blocker in plan.blockers if blocker.refused]
        changed = say_changed(refused, self._event_id) if refused else None
        if error := _join([*failures.values()], changed, self._context.clock.now()):
            raise error
        return plan.sum_up(done)

    def _record_notices(self, plan: Plan) -> None:
        """Raise and clear the notices of the event's links: those of its other homes too, if there are any at all."""
        with self._context.database.read() as connection:
            noticed = list_raised(connection, _NOTICES, [self._event_id])
            event = load_event(connection, self._event_id)
        if noticed or plan.notices:
            whole = plan_event(self._context, event, kinds=_LINKS)
            record_notices(self._context, noticed, whole, about_of(_LINKS))

    def _records(self) -> tuple[ObservedRecord, ...]:
        with self._context.database.read() as connection:
            records = load_linked(self._context, connection, load_event(connection, self._event_id))
        return tuple(record for record in records if record.home == self._name)

    def _note_gone(self, record: str) -> None:
        with write_for(self._context.database, self._run) as connection:
            note_gone(connection, self._name, record, self._context.database.now(connection))


def _needs_look(actions: Sequence[Action], observed: Observed, done: Iterable[Action]) -> bool:
    """Return whether the home is looked at before these actions, or before the end.

    Nothing shown to visitors can be wrong where a link is new and public: `publish` looks by itself, and what it read
    back is not looked at again.
    """
    if actions:
        return not all(map(_is_new_and_public, actions))
    read_back = {_place_of(action) for action in done}
    published = {publication.recording_uuid for publication in observed.publications}
    places = {
        (record.record, key) for record in observed.records for key in published | {link.key for link in record.links}
    }
    return not read_back or not places <= read_back


def _is_new_and_public(action: Action) -> bool:
    return isinstance(action, PublishLink) and action.before is None and action.visibility == "public"


def _place_of(action: Action) -> tuple[str, str]:
    """Return the place of a link: the home's id of the record, and the link's key."""
    if not isinstance(action, PublishLink | WithdrawLink):
        raise TypeError(f"{action.kind} is about no link.")
    return action.record, action.recording_uuid


def _has_failed(action: Action, failures: _Failures) -> bool:
    """Return whether this attempt has failed at a link already, or could not look at its record."""
    record, key = _place_of(action)
    return (record, key) in failures or (record, _WHOLE) in failures


def _in_turn(actions: Sequence[Action], failures: int) -> Sequence[Action]:
    """Begin with another record after each failure: a record that breaks every attempt keeps no other back."""
    records = list(dict.fromkeys(_place_of(action)[0] for action in actions))
    later = records[: failures % len(records)] if records else []
    return sorted(actions, key=lambda action: _place_of(action)[0] in later)


def _note_down(record: str, error: HomeDownError, failures: _Failures) -> None:
    """Note a record for which the home did not answer.

    Raise the error, so that it is asked no more, where it did not for another record, or says when it may be asked.
    """
    if error.retry_at or _find_down(failures.values()):
        raise error
    failures[record, _WHOLE] = error


def _find_down(errors: Iterable[ZoomOpsError]) -> HomeDownError | None:
    return next((error for error in errors if isinstance(error, HomeDownError)), None)


def _join(errors: Sequence[ZoomOpsError], changed: Message | None, now: datetime) -> ZoomOpsError | None:
    """Return one error that says all errors of the home, and what people changed, about which an operator decides.

    It is tried again soon if one of them may pass, and within hours if somebody may grant in the home what one misses.
    """
    if down := _find_down(errors):
        return down
    messages = (*(error.why for error in errors), *((changed,) if changed else ()))
    if not messages:
        return None
    message = all_of(messages)
    if any(isinstance(error, TemporaryError) for error in errors):
        return TemporaryError(message)
    if any(isinstance(error, ParkedError) for error in errors):
        return WaitingError(message, until=now + _GRANTED_WITHIN)
    if changed:
        return ParkedError(message)
    return PermanentError(message)
