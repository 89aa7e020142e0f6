"""What is done outside, and who is mailed, if an operator asks for something: worked out before it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ...announcements import Contact, match_people
from ...errors import ZoomOpsError
from ...events import Event
from ...planning import (
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    PublishRecording,
    desired_seats,
    needs_approval,
    visibility_of,
)
from ...store.approvals import is_approved
from ...store.events import load_event, load_events, load_upcoming
from ...store.recordings import load_publications, load_recordings
from ...store.webinars import load_seats
from ..context import Context
from ..events.importing import contacts_for
from ..jobs.registry import Job
from ..jobs.requests import get_run, preview_job, turns_of
from ..notifications.admin import find_event_of_notification, show_notification
from ..reconcile.observe import plan_event
from .consequences import Recipients, consequence_of, people, say_mailed, shows
from .plans import MOST_PLANNED

_ALL = 100_000
_INVITES = "panelists_invitation_email_notification"


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What would be done outside."""

    told: tuple[tuple[Action, str], ...] = ()  # each action with what it does
    mailed: str = ""  # whom Zoom mails; nothing where it is nobody
    left_out: int = 0  # events that were too many to look at

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say it all in sentences, first of all who is mailed; each names its event where there are several."""
        several = len({action.event for action, _ in self.told}) > 1
        said = tuple(f"{action.event}: {sentence}" if several else sentence for action, sentence in self.told)
        if self.left_out:
            mailed = f"at least {self.mailed}" if self.mailed else "nobody for those that were looked at"
            more = "1 more event was" if self.left_out == 1 else f"{self.left_out} more events were"
            return (f"Mails {mailed}.", f"{more} not looked at: what is done for them comes on top.", *said)
        return (f"Mails {self.mailed}.", *said) if self.mailed and len(said) > 1 else said


def impact_of_plan(context: Context, actions: Iterable[Action]) -> Impact:
    """Say what some actions do outside."""
    known = tuple(actions)
    recipients = _load_recipients(context, known)
    heard = tuple((action, recipients.get(action.event, Recipients())) for action in known)
    told = tuple((action, consequence_of(action, who)) for action, who in heard)
    return Impact(told=told, mailed=say_mailed(heard))


def impact_of_job(context: Context, job: Job, event_id: str | None, *, force: bool = False) -> Impact:
    """Say what a job would do outside: for one event, or for all whose turn it is."""
    if job.about != "event":
        return Impact()
    wanted = (event_id,) if event_id else turns_of(context, job)
    looked_at = wanted[:MOST_PLANNED]
    actions = (action for one in looked_at for action in _actions_of(context, job, one, force=force))
    return replace(impact_of_plan(context, actions), left_out=len(wanted) - len(looked_at))


def impact_of_retry(context: Context, run_id: int, job: Job | None, *, force: bool = False) -> Impact:
    """Say what a run would do outside if it were tried again."""
    subject = get_run(context, run_id).subject
    return impact_of_job(context, job, subject.id, force=force) if job and subject.kind == "event" else Impact()


def impact_of_approval(context: Context, event_id: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Say what is done outside once something doubtful about an event, or all of it, is approved."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        recorded = any(row.state == "completed" for row in load_recordings(connection, event_id))
        approved = is_approved(connection, event_id, "recording")
    left = tuple(note for note in event.needs_review if fields and note.field not in fields)
    settled = event.model_copy(update={"needs_review": left})
    actions = _plan(context, settled) if settled != event else ()
    published = any(isinstance(action, PublishRecording) for action in actions)
    waited = needs_approval(event, context.profile_of(event)) and not approved
    lifted = ("practice" in fields and not waited) or (waited and (not fields or "recording" in fields))
    told = (shows("Recording", visibility_of(event)),) if recorded and lifted and not published else ()
    return (*impact_of_plan(context, actions).sentences, *told)


def impact_of_cancelling(context: Context, event: Event) -> tuple[str, ...]:
    """Say what is done outside once an event is cancelled, also where that is nothing."""
    plan = plan_event(context, event.model_copy(update={"status": "cancelled"}), force=True)
    impact = impact_of_plan(context, (action for action in plan.actions if isinstance(action, CancelWebinar)))
    nothing = "No webinar of it is to come; nothing is deleted at Zoom, and nobody is mailed."
    return impact.sentences or (nothing,)


def impact_of_adoption(context: Context, event_id: str, webinar_id: int) -> tuple[str, ...]:
    """Say what is done outside once an event has a webinar that somebody made by hand."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    recipients = _recipients_of(context, event)
    changes = f"Changes webinar {webinar_id} at Zoom to what the event says."
    if not recipients.awaited:
        return (changes,)
    invites = "whom Zoom mails an invitation" if recipients.mailed else "without a mail"
    return changes, f"Seats those of {people(recipients.awaited)} who do not sit in it yet, {invites}."


def impact_of_replay(context: Context, number: int, jobs: Mapping[str, Job]) -> Impact:
    """Say what the jobs would do outside that a notification rings."""
    row, _ = show_notification(context, number)
    with context.database.read() as connection:
        event_id = find_event_of_notification(connection, row)
    if event_id is None:
        return Impact()
    rung = (jobs[name] for name in context.rings.get(row.kind, ()) if name in jobs)
    return impact_of_plan(context, (action for job in rung for action in _actions_of(context, job, event_id)))


def impact_of_addresses(context: Context, contacts: tuple[Contact, ...]) -> Impact:
    """Say what is done outside once the address book has some lines more."""
    with context.database.read() as connection:
        unseated = [event for event in load_upcoming(connection, context.clock.now(), _ALL) if event.without_address()]
        matched = [match_people(event, (*contacts_for(connection, event.performers), *contacts)) for event in unseated]
    changed = (now for event, now in zip(unseated, matched, strict=True) if now.performers != event.performers)
    return impact_of_plan(context, (action for event in changed for action in _plan(context, event)))


def impact_of_withholding(context: Context, event_id: str, uuid: str) -> tuple[str, ...]:
    """Say what is done outside once a recording is kept back: nothing, where it is not published."""
    with context.database.read() as connection:
        publications = load_publications(connection, [event_id]).get(event_id, ())
    return tuple(
        f"Takes “{one.title}” back from the event record: nobody may watch it there any more."
        for one in publications
        if one.recording_uuid == uuid and one.state == "published"
    )


def impact_of_release(context: Context, event_id: str) -> tuple[str, ...]:
    """Say what is done outside once a recording is kept back no longer: nothing, where it is to be approved first."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        doubtful = needs_approval(event, context.profile_of(event))
        if event.consent == "do_not_record" or (doubtful and not is_approved(connection, event_id, "recording")):
            return ()
    return (shows("Recording", visibility_of(event)),)


def _plan(context: Context, event: Event) -> tuple[Action, ...]:
    try:
        return plan_event(context, event).actions
    except ZoomOpsError:  # whoever does the work says it
        return ()


def _actions_of(context: Context, job: Job, event_id: str, *, force: bool = False) -> Iterable[Action]:
    try:
        return tuple(action for plan in preview_job(context, job, event_id, force=force) for action in plan.actions)
    except ZoomOpsError:  # whoever does the work says it
        return ()


def _load_recipients(context: Context, actions: tuple[Action, ...]) -> dict[str, Recipients]:
    """Load who hears of the actions that people hear of, by event."""
    heard = {action.event for action in actions if isinstance(action, AddPanelists | CancelWebinar | CreateWebinar)}
    cancelled = {action.event for action in actions if isinstance(action, CancelWebinar)}
    recipients = {}
    with context.database.read() as connection:
        for event in load_events(connection, sorted(heard)):
            seated = len(load_seats(connection, event.id)) if event.id in cancelled else 0
            recipients[event.id] = replace(_recipients_of(context, event), seated=seated)
    return recipients


def _recipients_of(context: Context, event: Event) -> Recipients:
    profile = context.profile_of(event)
    mailed = dict(profile.settings).get(_INVITES) is not False
    return Recipients(awaited=len(desired_seats(event, profile)), mailed=mailed)
