"""The effects outside of an operator's request, worked out before it is carried out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ...announcements import Contact, match_people
from ...drafts import decide
from ...engine.listing import get_run
from ...engine.runs import Run
from ...errors import ZoomOpsError
from ...events import Event, Listing
from ...messages import effects as say
from ...planning import (
    NOT_LINKS,
    Action,
    CancelWebinar,
    CreateWebinar,
    DeleteOldWebinar,
    Plan,
    PublishRecording,
    Recipients,
    UpdateWebinar,
    desired_seats,
    needs_approval,
    say_shown,
    visibility_of,
    whom_they_mail,
)
from ...store.approvals import is_approved
from ...store.audit import Actor
from ...store.events import load_event, load_record, load_upcoming
from ...store.recordings import load_publications, load_recordings
from ...store.webinars import load_seats
from ..context import Context
from ..events.identity import contacts_for
from ..events.orders.moving import Move
from ..events.orders.rescheduling import Rescheduling
from ..jobs.registry import Job
from ..jobs.requests import preview_job, turns_of
from ..reconcile.known import Shared
from ..reconcile.observe import plan_event
from ..reconcile.recorded import find_doubts
from ..reconcile.together import share_events
from ..subjects import event_in

MOST_PLANNED = 200
_ALL = 100_000
_INVITES = "panelists_invitation_email_notification"


@dataclass(frozen=True, kw_only=True)
class Impact:
    """The changes that would be made outside."""

    effects: tuple[tuple[Action, str], ...] = ()  # each action with a sentence about its effect
    mailed: str = ""  # the people whom Zoom mails; empty for nobody
    left_out: int = 0  # events beyond the limit of events that are planned at once

    @property
    def events(self) -> frozenset[str]:
        """The ids of the events that it is about."""
        return frozenset(action.event for action, _ in self.effects)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All effects in sentences, the mails first. Each sentence names its event if there are several events."""
        return self.tell({})

    def tell(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """Say the sentences with the names of the events, by their ids; an event without a name is called by its id."""
        several = len(self.events) > 1
        lines = tuple(
            f"{names.get(action.event, action.event)}: {sentence}" if several else sentence
            for action, sentence in self.effects
        )
        if self.left_out:
            mailed = f"at least {self.mailed}" if self.mailed else "nobody for those that were looked at"
            more = "1 more event was" if self.left_out == 1 else f"{self.left_out} more events were"
            return (f"Mails {mailed}.", f"{more} not looked at: what is done for them comes on top.", *lines)
        return (f"Mails {self.mailed}.", *lines) if self.mailed and len(lines) > 1 else lines


def impact_of_plan(
    context: Context, actions: Iterable[Action], unsaved: Event | None = None, shared: Shared | None = None
) -> Impact:
    """Return what some actions do outside. `unsaved` is an event as it is planned, and not as it is stored.

    `shared`: see `observe`.
    """
    planned, shared = tuple(actions), shared or Shared()
    mailing = {action.event for action in planned if action.about in ("webinar", "panelists")}
    counted = {action.event for action in planned if _tells_the_seated(action)}
    recipients = {}
    with context.database.read() as connection:
        stored = share_events(connection, mailing, shared) if unsaved is None else {unsaved.id: unsaved}
        for event_id, event in stored.items():
            seats = shared.once(event_id, load_seats, connection, event_id) if event_id in counted else ()
            recipients[event_id] = replace(_recipients_of(context, event), seated=len(seats))
    impact = tuple((action, recipients.get(action.event, Recipients())) for action in planned)
    effects = tuple((action, str(action.consequence(affected))) for action, affected in impact)
    return Impact(effects=effects, mailed=str(whom_they_mail(impact) or ""))


def impact_of_job(context: Context, job: Job, event_id: str | None, *, force: bool = False) -> Impact:
    """Return what a job would do outside, for one event or for all events that are due."""
    if job.about not in ("event", "record"):
        return Impact()
    event_ids = (event_id,) if event_id else turns_of(context, job)
    planned = event_ids[:MOST_PLANNED]
    actions = (action for each_id in planned for action in _actions_of(context, job, each_id, force=force))
    return replace(impact_of_plan(context, actions), left_out=len(event_ids) - len(planned))


def impact_of_retry(context: Context, run_id: int, job: Job | None, *, force: bool = False) -> Impact:
    """Return what a retry of a run would do outside."""
    subject = get_run(context.database, run_id).subject
    event_id = event_in(subject)
    return impact_of_job(context, job, event_id, force=force) if job and event_id else Impact()


def impact_of_retries(context: Context, runs: Iterable[Run], jobs: Mapping[str, Job], *, force: bool = False) -> Impact:
    """Return what the retries of some runs would do outside; of very many, only the first are looked at."""
    about = [(event_id, jobs[run.job]) for run in runs if (event_id := event_in(run.subject)) and run.job in jobs]
    looked_at = about[:MOST_PLANNED]
    planned = (_actions_of(context, job, event_id, force=force) for event_id, job in looked_at)
    impact = impact_of_plan(context, (action for actions in planned for action in actions))
    return replace(impact, left_out=len(about) - len(looked_at))


def impact_of_approval(context: Context, event_id: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is done outside once some doubtful fields of an event are approved; without `fields`, all of them."""
    with context.database.read() as connection:
        record = load_record(connection, event_id)
        event = record.event
        recorded = any(row.state == "completed" for row in load_recordings(connection, event_id))
        approved = is_approved(connection, event_id, "recording")
    remaining = tuple(note for note in event.needs_review if fields and note.field not in fields)
    noted = event.model_copy(update={"needs_review": remaining})
    visibility = decide(record.decided, None, doubtful=bool(noted.blocking_notes()), publishes=True).visibility
    settled = noted.model_copy(update={"visibility": visibility})
    actions = _plan(context, settled).actions if settled != event else ()
    published = any(isinstance(action, PublishRecording) for action in actions)
    held_back = needs_approval(event, context.profile_of(event)) and not approved
    blockers = _plan(context, event, ("PublishRecording",)).blockers
    asked = {blocker.approval for blocker in blockers} & {"practice", "early_start"}
    lifted = bool(asked.intersection(fields) and not held_back)
    lifted = lifted or (held_back and (not fields or "recording" in fields))
    release = (str(say_shown("Recording", visibility_of(event))),) if recorded and lifted and not published else ()
    seen = (_seen_by(visibility),) if visibility != event.visibility else ()
    return (*seen, *impact_of_plan(context, actions).sentences, *release)


def impact_of_publishing(context: Context, event_id: str, *, unlisted: bool) -> tuple[str, ...]:
    """Return what is done once an event is published: who sees it, and what is done at Zoom."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    visibility: Listing = "unlisted" if unlisted else "listed"
    published = event.model_copy(update={"visibility": visibility})
    actions = _plan(context, published).actions if event.visibility == "draft" else ()
    return (_seen_by(visibility), *impact_of_plan(context, actions).sentences)


def impact_of_cancelling(context: Context, event: Event) -> tuple[str, ...]:
    """Return what is done outside once an event is cancelled, and what the guard refuses of it.

    A sentence says so if nothing is done. Of an event that is over, Zoom has been asked before: see `get_cancellable`.
    """
    cancelled = event.model_copy(update={"status": "cancelled"})
    try:
        plan = plan_event(context, cancelled, force=True)
        refused = plan_event(context, cancelled, kinds=("CancelWebinar",)).refused
    except ZoomOpsError as error:  # such as an unknown profile: the event can be cancelled all the same
        return (str(say.NOT_KNOWN_YET(why=error.why)),)
    impact = impact_of_plan(context, (action for action in plan.actions if isinstance(action, CancelWebinar)))
    nothing = str(say.NOTHING_CANCELLED())
    with context.database.read() as connection:
        names = [seat.name for seat in load_seats(connection, event.id)] if impact.mailed else []
    named = (str(say.PANELISTS(names=tuple(names))),) if names else ()
    return (*(impact.sentences or (nothing,)), *named, *map(str, refused))


def impact_of_saving(context: Context, event: Event, by: Actor) -> tuple[str, ...]:
    """Return what is done outside once an event is saved, then what waits and what is refused.

    Nothing is done for who publishes nothing: what they save is a draft.
    """
    if not by.publishes:
        return ()
    try:
        plan = plan_event(context, event, kinds=NOT_LINKS)
    except ZoomOpsError as error:  # such as no configured account
        return (str(say.NOT_KNOWN_YET(why=error.why)),)
    impact = impact_of_plan(context, plan.actions, event)
    return (*impact.sentences, *(str(say.WAITS(why=waits)) for waits in plan.waits), *map(str, plan.refused))


def impact_of_move(context: Context, planned: Move | Rescheduling) -> tuple[str, ...]:
    """Return what is done outside once an event moves, and what else an operator must know of it."""
    summary = (planned.summary,) if isinstance(planned, Rescheduling) else ()
    return (*summary, *impact_of_plan(context, planned.actions).sentences, *planned.notes)


def impact_of_adoption(context: Context, event_id: str, webinar_id: int) -> tuple[str, ...]:
    """Return what is done outside once an event adopts a webinar that somebody made by hand."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    recipients = _recipients_of(context, event)
    changes = str(say.CHANGES_ALL(webinar=webinar_id))
    if not recipients.awaited:
        return (changes,)
    seats = say.INVITES_THE_OTHERS if recipients.mailed else say.SEATS_THE_OTHERS
    return changes, str(seats(people=recipients.awaited))


def impact_of_rings(context: Context, rings: Iterable[tuple[str, Iterable[str]]], jobs: Mapping[str, Job]) -> Impact:
    """Return what some jobs would do outside, each for its event: pairs of event and jobs."""
    rung = ((event_id, jobs[name]) for event_id, names in rings for name in names if name in jobs)
    return impact_of_plan(context, (action for event_id, job in rung for action in _actions_of(context, job, event_id)))


def impact_of_addresses(context: Context, contacts: tuple[Contact, ...]) -> Impact:
    """Return what is done outside once some contacts are added to the address book."""
    with context.database.read() as connection:
        unseated = [event for event in load_upcoming(connection, context.clock.now(), _ALL) if event.without_address()]
        matched = [match_people(event, (*contacts_for(connection, event.performers), *contacts)) for event in unseated]
    pairs = zip(unseated, matched, strict=True)
    changed = (updated for event, updated in pairs if updated.performers != event.performers)
    return impact_of_plan(context, (action for event in changed for action in _plan(context, event).actions))


def impact_of_forgetting(context: Context, email: str) -> tuple[str, ...]:
    """Return which coming events name a person by an address that is taken out of the address book."""
    with context.database.read() as connection:
        coming = load_upcoming(connection, context.clock.now(), _ALL)
    named = [event.id for event in coming if any(person.email == email for person in event.performers)]
    if not named:
        return ()
    if len(named) == 1:
        still = say.ONE_STILL_NAMES(email=email, events=tuple(named))
    else:
        still = say.SOME_STILL_NAME(count=len(named), email=email, events=tuple(named))
    return str(still), str(say.NAMED_NO_MORE())


def impact_of_withholding(context: Context, event_id: str, uuid: str) -> tuple[str, ...]:
    """Return what is done outside once a recording is withheld: nothing if it is not published."""
    with context.database.read() as connection:
        publications = load_publications(connection, [event_id]).get(event_id, ())
    return tuple(
        str(say.TAKES_BACK_SEEN(title=publication.title))
        for publication in publications
        if publication.recording_uuid == uuid and publication.state == "published"
    )


def impact_of_release(context: Context, event_id: str, uuid: str) -> tuple[str, ...]:
    """Return what is done outside once a recording is no longer withheld: nothing if it needs an approval first."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        doubtful = needs_approval(event, context.profile_of(event))
        if event.consent == "do_not_record" or (doubtful and not is_approved(connection, event_id, "recording")):
            return ()
        settled = is_approved(connection, event_id, "practice")
    if uuid in find_doubts(context, event, "practice") and not settled:
        return ()
    return (str(say_shown("Recording", visibility_of(event))),)


def _tells_the_seated(action: Action) -> bool:
    moves = isinstance(action, CreateWebinar) and action.replaces is not None
    return moves or isinstance(action, CancelWebinar | DeleteOldWebinar | UpdateWebinar)


def _seen_by(visibility: Listing) -> str:
    """Say who sees an event once it is published."""
    return str(say.ALL_SEE() if visibility == "listed" else say.ADDRESSED_SEE())


def _plan(context: Context, event: Event, kinds: Collection[str] = NOT_LINKS) -> Plan:
    try:
        return plan_event(context, event, kinds=kinds)
    except ZoomOpsError:  # the run itself reports it
        return Plan(event=event.id)


def _actions_of(context: Context, job: Job, event_id: str, *, force: bool = False) -> Iterable[Action]:
    try:
        return tuple(action for plan in preview_job(context, job, event_id, force=force) for action in plan.actions)
    except ZoomOpsError:  # the run itself reports it
        return ()


def _recipients_of(context: Context, event: Event) -> Recipients:
    profile = context.profile_of(event)
    mailed = dict(profile.settings).get(_INVITES) is not False
    return Recipients(awaited=len(desired_seats(event, profile)), mailed=mailed)
