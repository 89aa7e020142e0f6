"""One event in the hands of a run: observe, plan, perform until nothing is left to plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog

from ..engine.effects import Change, Look, Undecidable
from ..engine.runs import Run
from ..errors import AmbiguousError, FencedError, ParkedError, UnsafePlanError, WaitingError, ZoomOpsError
from ..events import Event
from ..planning import (
    Action,
    CancelWebinar,
    CreateWebinar,
    Observed,
    Plan,
    Precedent,
    UpdateWebinar,
    action_from_json,
    guard_plan,
    plan,
)
from ..store.events import load_event, load_revision
from ..store.webinars import change_binding, find_binding
from ..zoom.errors import WebinarGoneError, ZoomRefusedError
from .context import Context
from .deed import Deed
from .deeds import change_of, deed_of
from .hosting import book_host, rebook_host
from .importing import ring_event
from .lateness import report_lateness
from .observing import observe, observe_precedent
from .recordings import fetch_event_recordings
from .refreshing import note_gone, refresh_webinar
from .strays import report_strays_of

log = structlog.get_logger()
_ROUNDS = 5  # a plan that is not empty after so many is a defect, and must not burn the host's day


class EventWork:
    """One event in the hands of a run."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self.touched = (run.subject.id,)

    @property
    def event(self) -> Event:
        """The event as it is now."""
        with self._context.database.read() as connection:
            return load_event(connection, self._run.subject.id)

    def converge(self, *kinds: str) -> str:
        """Observe, plan and perform until nothing of these kinds is left to plan; tell what was done.

        Raises WaitingError or ParkedError with what holds the rest back, after all that could be done was done.
        """
        self.settle()
        rebook_host(self._context, self._run.subject.id)
        refresh_webinar(self._context, self._run.subject.id)
        done: list[Action] = []
        for _ in range(_ROUNDS):
            revision = self._revision()
            current = self.plan(*kinds)
            for action in current.actions:
                if not self.perform(action):
                    break
                done.append(action)
            if not current.actions:
                self._hold(current)
                self._note_followed(kinds, revision)
                return _sentence(done, current)
        raise ParkedError("The plan does not come to rest; Zoom may be dropping a change in silence.")

    def fetch_recordings(self) -> str:
        """Fetch what Zoom has recorded of the event."""
        self.settle()
        return fetch_event_recordings(self._context, self._run.subject.id, force=self._run.force)

    def report_missing_recording(self) -> str:
        """Tell operators if the event's recording should long be there; WaitingError while it may still come."""
        return report_lateness(self._context, self._run.subject.id)

    def report_stray_webinars(self) -> str:
        """Tell operators of webinars, on the event's hosts, that carry an event's mark and are not its own."""
        return report_strays_of(self._context, self._run.subject.id)

    def plan(self, *kinds: str) -> Plan:
        """Plan what is to be done for the event, without what is unsafe; of some kinds only, if they are named."""
        event = self.event
        whole = plan_event(self._context, event, force=self._run.force)
        return whole.only(kinds) if kinds else whole

    def perform(self, action: Action) -> bool:
        """Carry out an action, exactly once whatever breaks; False where its webinar turned out to be gone."""
        deed = deed_of(self._context, action)
        try:
            with deed.slot(self._run.force):
                self._send(action, deed)
        except WebinarGoneError:
            self._note_gone(action)
            return False
        log.info("action_performed", action=action.kind, account=action.account)
        return True

    def settle(self) -> None:
        """Resolve what an earlier attempt began and nobody saw the end of."""

        def look(change: Change, began: datetime) -> Look:
            action = action_from_json(change.action)
            try:
                return deed_of(self._context, action).look(began)
            except ZoomRefusedError as error:  # it will be refused the next time, too
                return Undecidable(
                    sentence=f"Whether an earlier {action.kind} was done cannot be looked up. What to look for at "
                    f"Zoom: zoom-ops runs show {self._run.id}. {error}"
                )

        self._context.journal.settle(self._run, look)

    def _send(self, action: Action, deed: Deed) -> None:
        """Send an action, with its host's time taken; where it was not done the host has its time back."""
        if isinstance(action, CreateWebinar | UpdateWebinar):
            book_host(self._context, action)
        try:
            self._context.journal.perform(self._run, change_of(action, deed), deed.send, deed.record)
        except (AmbiguousError, FencedError):
            raise
        except ZoomOpsError:
            rebook_host(self._context, action.event)
            raise

    def _note_gone(self, action: Action) -> None:
        note_gone(self._context, action.event)
        if not isinstance(action, UpdateWebinar):  # another job has to plan what follows
            with self._context.database.begin() as connection:
                ring_event(self._context, connection, action.event, "webinar.deleted")

    def _hold(self, current: Plan) -> None:
        if current.refused:
            refusal = UnsafePlanError if any(hold.unsafe for hold in current.holds) else ParkedError
            raise refusal(" ".join(current.refused))
        waits = [hold for hold in current.holds if not hold.over]
        if waits:
            until = min((hold.until for hold in waits if hold.until), default=None)
            raise WaitingError(" ".join(hold.sentence for hold in waits), until=until)

    def _revision(self) -> int:
        with self._context.database.read() as connection:
            return load_revision(connection, self._run.subject.id)

    def _note_followed(self, kinds: Iterable[str], revision: int) -> None:
        """Note which revision of the event record the webinar, and its panelists, now follow."""
        columns = {"UpdateWebinar": "planned_revision", "AddPanelists": "seated_revision"}
        followed = {columns[kind]: revision for kind in kinds if kind in columns}
        with self._context.database.begin(durable=False) as connection:
            bound = find_binding(connection, self._run.subject.id)
            if bound and any(getattr(bound, column) != revision for column in followed):
                change_binding(connection, self._run.subject.id, **followed)


def plan_event(context: Context, event: Event, *, force: bool = False) -> Plan:
    """Plan what is to be done for an event, as the daemon would: without what is unsafe, unless forced."""
    profile, now = context.profile_of(event), context.clock.now()
    observed = observe(context, event, profile)
    if force:
        return plan(event, profile, _as_forced(observed), now)
    whole = plan(event, profile, observed, now)
    if not whole.actions:
        return whole
    cancels = any(isinstance(action, CancelWebinar) for action in whole.actions)
    precedent = observe_precedent(context, observed.account or "", event.id) if cancels else Precedent()
    return guard_plan(whole, observed.bound, precedent, now)


def _as_forced(observed: Observed) -> Observed:
    """See a webinar that was deleted at Zoom as none: an operator wants a new one."""
    gone = observed.bound is not None and observed.bound.state == "gone"
    return replace(observed, bound=None, seats=()) if gone else observed


def _sentence(done: list[Action], rest: Plan) -> str:
    if not done:
        return " ".join(hold.sentence for hold in rest.holds)
    names = [action.kind for action in done]
    return ", ".join(f"{names.count(name)} × {name}" for name in dict.fromkeys(names))
