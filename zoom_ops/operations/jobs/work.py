"""Perform a run: hand its work, which is about an event, a host, a webhook or the service, to the job's function."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import Connection

from ...engine.attempts import write_for
from ...engine.effects import Change, Look, Undecidable
from ...engine.runs import BY_HAND, Done, Request, Run, Subject
from ...errors import (
    AmbiguousError,
    FencedError,
    ParkedError,
    PermanentError,
    UnsafePlanError,
    WaitingError,
    ZoomOpsError,
)
from ...events import Event
from ...messages import all_of, read_message
from ...messages.recordings import NOTHING_EXPIRES
from ...planning import NOT_LINKS, Action, AddPanelists, CreateWebinar, Plan, UpdateWebinar, about_of, action_from_json
from ...store.webinars import change_binding, find_binding
from ...tracing import step
from ...zoom import ConvertedError, NoLicenceError, WebinarGoneError, ZoomRefusedError
from ..alerting.deliver import TargetWork
from ..context import Context
from ..homes.work import HomeWork
from ..reconcile.executors import Executor, change_of, divide_refused, executor_of
from ..reconcile.hosting import book_host, rebook_host
from ..reconcile.known import Known, load_known
from ..reconcile.notices import record_notices
from ..reconcile.observe import plan_event
from ..reconcile.refresh import note_gone, refresh_webinar
from ..reconcile.restored import settle_restored
from ..reconcile.strays import report_strays_of
from ..recordings.fetch import fetch_event_recordings
from ..stages.overdue import report_overdue
from ..timeline import ring_event
from ..webhooks.deliver import WebhookWork
from .host_work import HostWork
from .record_work import RecordWork
from .registry import Job, Outcome
from .service_work import ServiceWork

log = structlog.get_logger()
_FOLLOWED = {"UpdateWebinar": "planned_revision", "AddPanelists": "seated_revision"}  # by kind of action
_ROUNDS = 5  # a plan that is not empty then is a defect, and must not use up the host's day


def performer(context: Context, jobs: Mapping[str, Job]) -> Callable[[Run], Done]:
    """Build the function that the engine calls to perform a run."""

    def perform(run: Run) -> Done:
        job = jobs.get(run.job)
        if job is None:
            raise PermanentError(f"There is no job {run.job} any more.")
        work = _WORK[run.subject.kind](context, run)
        try:
            said = job.function(work)
        except ZoomOpsError:
            if finish := _finish_of(work):
                with suppress(ZoomOpsError), write_for(context.database, run) as connection:  # the job's error counts
                    finish(connection)
            raise
        followers = tuple(
            Request(job=name, subject=Subject(kind="event", id=event_id), account=run.account, force=run.force)
            for name in job.then
            for event_id in work.touched
        )
        message = read_message(said) if said else None
        return Done(message=message, then=followers, record=_finish_of(work) or (lambda _connection: None))

    return perform


class EventWork:
    """The work of a run for one event."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self._followed: dict[str, int] = {}
        self._refused_hosts = 0
        self.touched = (run.subject.id,)

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return self._load().event

    def converge(self, *kinds: str) -> Outcome:
        """Plan and carry out until no action of these kinds is left; return what was done."""
        known = self._load_current()
        done, rounds = list[Action](), 0
        while rounds < _ROUNDS + self._refused_hosts:
            current = self._plan(known.event, kinds, ask_again=self._run.force and not rounds)
            rounds += 1
            for action in current.actions:
                if not self.perform(action):
                    break
                done.append(action)
            if not current.actions:
                record_notices(self._context, known.noticed, current, about_of(kinds or NOT_LINKS))
                self._raise_blockers(current)
                self._followed |= {_FOLLOWED[kind]: known.revision for kind in kinds if kind in _FOLLOWED}
                return current.sum_up(done)
            known = self._load()
        raise ParkedError("The plan does not come to rest; Zoom may be dropping a change in silence.")

    def fetch_recordings(self) -> str:
        """Fetch what Zoom has recorded of the event."""
        self._load_settled()
        by_hand = self._run.priority >= BY_HAND
        return fetch_event_recordings(self._context, self._run.subject.id, force=self._run.force, by_hand=by_hand)

    def report_missing_recording(self) -> str:
        """Raise an alert if the event's recording is overdue; WaitingError while it may still come."""
        return report_overdue(self._context, self._run.subject.id)

    def report_expiring_recording(self) -> Outcome:
        """Raise an alert if Zoom deletes the event's recording soon; clear it if not."""
        known = self._load()
        plan = plan_event(self._context, known.event, kinds=("PublishRecording", "WithdrawRecording"))
        record_notices(self._context, known.noticed, plan, about_of(("PublishRecording",)))
        return next((notice.message for notice in plan.notices), NOTHING_EXPIRES())

    def report_stray_webinars(self) -> str:
        """Raise an alert for webinars on the event's hosts that carry an event's marker and are not its own."""
        return report_strays_of(self._context, self._run.subject.id)

    def plan(self, *kinds: str) -> Plan:
        """Plan, without unsafe actions; only some kinds of actions if they are named."""
        return self._plan(self.event, kinds)

    def perform(self, action: Action) -> bool:
        """Carry an action out, exactly once whatever breaks.

        False if its webinar turned out to be gone, or its host to hold no webinars: what follows is planned anew.
        """
        executor, parts = executor_of(self._context, action), None
        try:
            with step(action.kind, {"zoom_ops.account": action.account}), executor.slot(self._run.force):
                self._send(action, executor)
        except WebinarGoneError as error:
            note_gone(self._context, action.event, converted=isinstance(error, ConvertedError))
            if not isinstance(action, UpdateWebinar):  # another job has to plan what follows
                with self._context.database.begin() as connection:
                    ring_event(self._context, connection, action.event, "webinar.deleted")
            return False
        except ZoomRefusedError as error:
            if isinstance(error, NoLicenceError) and isinstance(action, CreateWebinar):
                log.warning("host_refused", account=action.account, reason=str(error))
                self._refused_hosts += 1
                return False
            if not isinstance(action, AddPanelists):
                raise
            parts = divide_refused(self._context, action, error)
        if parts is not None:
            return all(self.perform(part) for part in parts)
        log.info("action_performed", action=action.kind, account=action.account)
        return True

    def settle(self) -> None:
        """Resolve what an earlier attempt began and has no end yet."""

        def look(change: Change, began: datetime) -> Look:
            action = action_from_json(change.action)
            try:
                return executor_of(self._context, action).look(began)
            except ZoomRefusedError as error:  # Zoom will refuse the next look too
                return Undecidable(
                    sentence=f"Whether an earlier change was done cannot be looked up. What to look for at "
                    f"Zoom: zoom-ops runs show {self._run.id}. {error}"
                )

        self._context.journal.settle(self._run, look)

    @property
    def finish(self) -> Callable[[Connection], None] | None:
        """Note which revision of the event record the webinar and its panelists follow now; None if that is unknown."""
        return self._note_followed if self._followed else None

    def _note_followed(self, connection: Connection) -> None:
        bound = find_binding(connection, self._run.subject.id)
        if bound and any(getattr(bound, column) != revision for column, revision in self._followed.items()):
            change_binding(connection, self._run.subject.id, **self._followed)

    def _load_settled(self) -> Known:
        """Resolve what is open, first of all what Zoom has newer than a restored backup."""
        known = self._load()
        if known.restoration and settle_restored(self._context, known):
            known = self._load()
        if known.is_open:
            if known.is_older:  # before what is settled makes it new
                refresh_webinar(self._context, known)
            self.settle()
            known = self._load()
        return known

    def _load_current(self) -> Known:
        """Bring what we know up to date, before anything is planned."""
        known = self._load_settled()
        if self._run.force and known.bound and known.bound.refused_seats:  # Zoom is asked again
            with self._context.database.begin() as connection:
                change_binding(connection, known.event.id, refused_seats=None)
        rebook_host(self._context, known)
        return self._load() if refresh_webinar(self._context, known) else known

    def _load(self) -> Known:
        with self._context.database.read() as connection:
            return load_known(connection, self._run.subject.id)

    def _plan(self, event: Event, kinds: tuple[str, ...], *, ask_again: bool | None = None) -> Plan:
        """Plan. Links in homes are planned where they are named: they have runs of their own."""
        named = kinds or NOT_LINKS
        return plan_event(self._context, event, kinds=named, force=self._run.force, ask_again=ask_again)

    def _send(self, action: Action, executor: Executor) -> None:
        """Book the host's time and send an action. Free the time if the action was refused."""

        def prepare(connection: Connection) -> None:
            if isinstance(action, CreateWebinar | UpdateWebinar):
                book_host(self._context, connection, action)

        change = change_of(action, executor)
        try:
            self._context.journal.perform(
                self._run, change, executor.send, executor.record, prepare, local=executor.local
            )
        except (AmbiguousError, FencedError):
            raise
        except ZoomOpsError:
            rebook_host(self._context, self._load())
            raise

    def _raise_blockers(self, current: Plan) -> None:
        if current.refused:
            refusal = UnsafePlanError if any(blocker.unsafe for blocker in current.blockers) else ParkedError
            raise refusal(all_of(current.refused))
        waits = [blocker for blocker in current.blockers if not (blocker.over or blocker.notice)]
        if waits:
            until = min((blocker.until for blocker in waits if blocker.until), default=None)
            raise WaitingError(all_of(blocker.message for blocker in waits), until=until)


_Work = EventWork | HostWork | WebhookWork | TargetWork | ServiceWork | RecordWork | HomeWork
_WORK: Mapping[str, type[_Work]] = {
    "event": EventWork,
    "host": HostWork,
    "webhook": WebhookWork,
    "target": TargetWork,
    "service": ServiceWork,
    "record": RecordWork,
    "home": HomeWork,
}


def _finish_of(work: object) -> Callable[[Connection], None] | None:
    return work.finish if isinstance(work, EventWork | ServiceWork | HomeWork) else None
