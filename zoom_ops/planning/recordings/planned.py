"""The recordings in an event's plan: which are published, as which part, and what holds one back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from ...events import Event, Publication
from ...messages import Message, all_of, effects, plans
from ...messages import recordings as say
from ...profiles import Profile
from ...webinars import REMOVED
from ..actions import Action, PublishRecording, WithdrawRecording
from ..elsewhere.hosts import FEW_ELSEWHERE, foreign_notices, storage_notices
from ..observed import Observed, ObservedRecording
from ..plans import Blocker
from .expiry import expiry_notices
from .practice import Doubt, find_doubt, say_doubt
from .sharing import hold_back, is_held, sharing_notices

_REMOVED_REASONS = {"trashed": effects.TRASHED, "deleted": effects.DELETED, "gone": effects.GONE}


def plan_recordings(event: Event, profile: Profile, observed: Observed, now: datetime) -> Iterator[Action | Blocker]:
    """Yield the recordings to publish and to withdraw. An error or an empty list at Zoom never withdraws a link."""
    if not (observed.recordings or observed.publications):  # as of nearly all events that are to come
        return
    yield from storage_notices(event.id, observed.recordings)
    if event.consent != "do_not_record":
        held_there = plans.MANY_ELSEWHERE(most=FEW_ELSEWHERE) if observed.holds_elsewhere else None
        yield from foreign_notices(event.id, observed.recordings, held_there)
    published = {p.recording_uuid: p for p in observed.publications if p.state == "published"}
    chosen, doubtful = choose_recordings(event, observed, profile)
    yield from _notice_early_starts(event, profile, observed, (*chosen, *doubtful), published)
    held_back = [r for r in observed.recordings if is_held(r, profile, published=r.uuid in published)]
    for withdrawal in _list_withdrawn(event, observed, published, held_back):
        del published[withdrawal.recording_uuid]
        yield withdrawal
    waiting = () if event.consent == "do_not_record" else (*chosen, *doubtful)
    yield from expiry_notices(event, observed, {*published, *(recording.uuid for recording in waiting)}, now)
    yield from hold_back(event, [recording for recording in chosen if recording in held_back])
    chosen = tuple(recording for recording in chosen if recording not in held_back)
    if event.consent != "do_not_record":
        yield from sharing_notices(event, chosen)
    missing = _list_missing(event, observed, chosen, published)
    narrowed = [action for action in missing if (action.old_visibility, action.visibility) == ("public", "members")]
    yield from narrowed  # whatever the recording waits for
    held = [action for action in missing if action not in narrowed]
    unsure = [recording for recording in doubtful if recording.uuid not in published] if now >= event.end_utc else []
    if event.consent == "do_not_record":
        if held or unsure:
            yield Blocker(about="recording", message=say.NO_CONSENT(), refused=True)
        return
    yield from (_ask(event, profile, recording, alone=not (chosen or published)) for recording in unsure)
    if held and (blocker := _find_blocker(event, profile, observed, chosen, now)):
        yield blocker
    else:
        yield from held


def choose_recordings(
    event: Event, observed: Observed, profile: Profile
) -> tuple[tuple[ObservedRecording, ...], tuple[ObservedRecording, ...]]:
    """Choose the event's recordings; return (chosen, doubtful), each in the order of start.

    A recording is chosen if it is complete, playable, not withheld, and not shorter than the profile's minimum. It is
    doubtful if it waits for an operator, who has to say whether it is the event or a rehearsal (`find_doubt`).
    """
    ready = [
        recording
        for recording in observed.recordings
        if recording.state == "completed"
        and recording.playable
        and not recording.withheld
        and recording.duration >= profile.min_recording_minutes
    ]
    ready.sort(key=lambda recording: (recording.start is None, recording.start, recording.uuid))
    doubtful = tuple(recording for recording in ready if _is_held(event, profile, observed, recording))
    return tuple(recording for recording in ready if recording not in doubtful), doubtful


def visibility_of(event: Event) -> Literal["public", "members"]:
    """Return who may see the event's recording: only members, if any recording entry of the event says so."""
    recordings = [entry for entry in event.attachments if entry.kind == "recording"]
    return "members" if any(entry.visibility == "members" for entry in recordings) else "public"


def needs_approval(event: Event, profile: Profile) -> bool:
    """Return whether an operator has to approve the recording before it is published."""
    doubtful = any(note.field == "recording" for note in event.needs_review)
    return doubtful or profile.review == "required" or event.consent == "ask"


def _list_withdrawn(
    event: Event, observed: Observed, published: Mapping[str, Publication], held_back: Sequence[ObservedRecording]
) -> list[WithdrawRecording]:
    """List the published recordings to withdraw. A consent withdraws also what is not known from Zoom any more."""
    reasons = {r.uuid: reason for r in observed.recordings if (reason := _why_withdrawn(r, r in held_back))}
    if observed.holds_elsewhere:
        reasons = {uuid: reason for uuid, reason in reasons.items() if reason.kind is not effects.LED_ELSEWHERE}
    if event.consent == "do_not_record":
        weaker = (None, effects.LED_ELSEWHERE())
        reasons |= {uuid: effects.NO_CONSENT() for uuid in published if reasons.get(uuid) in weaker}
    return [
        WithdrawRecording(event=event.id, account=observed.account or "", recording_uuid=uuid, reason=reasons[uuid])
        for uuid in published
        if uuid in reasons
    ]


def _why_withdrawn(recording: ObservedRecording, held_back: bool) -> Message | None:
    """Return why Zoom or an operator has a published recording withdrawn; None if it stays."""
    if recording.withheld:
        return effects.KEPT_BACK()
    if recording.state in REMOVED:
        return _REMOVED_REASONS[recording.state]()
    if held_back:
        shared = recording.hurdle != "not_shared"
        return effects.NOT_OPEN() if shared else effects.NOT_SHARED()
    if recording.state == "completed" and recording.foreign_host:
        return effects.LED_ELSEWHERE()
    return None


def _list_missing(
    event: Event, observed: Observed, chosen: tuple[ObservedRecording, ...], published: Mapping[str, Publication]
) -> list[PublishRecording]:
    """List the parts that are not published as they should be. A published part stays while Zoom does not show it.

    One whose link leads elsewhere is shown to nobody else meanwhile: nobody knows what would open.
    """
    starts = {uuid: publication.start for uuid, publication in published.items()}
    starts |= {recording.uuid: recording.start for recording in chosen}
    uuids = sorted(starts, key=lambda uuid: (starts[uuid] is None, starts[uuid], uuid))
    elsewhere = {recording.uuid for recording in observed.recordings if recording.foreign_host}
    missing, visibility = list[PublishRecording](), visibility_of(event)
    for part, uuid in enumerate(uuids, start=1):
        known = published.get(uuid)
        stays_narrow = known is not None and known.visibility == "members" and uuid in elsewhere
        action = PublishRecording(
            event=event.id,
            account=observed.account or "",
            recording_uuid=uuid,
            part=part,
            title="Recording" if len(uuids) == 1 else f"Recording, part {part}",
            url=observed.recording_address + (f"?part={part}" if part > 1 else ""),
            visibility="members" if stays_narrow else visibility,
            old_visibility=known.visibility if known else None,
            reason=effects.READY(),
        )
        shown = known and (known.part, known.title, known.url, known.visibility)
        if shown != (action.part, action.title, action.url, action.visibility):
            missing.append(action)
    return missing


def _is_held(event: Event, profile: Profile, observed: Observed, recording: ObservedRecording) -> bool:
    doubt = _open_doubt(event, profile, observed, recording)
    return doubt is not None and (doubt.approval == "practice" or profile.early_recording == "hold")


def _open_doubt(event: Event, profile: Profile, observed: Observed, recording: ObservedRecording) -> Doubt | None:
    doubt = find_doubt(event, profile, recording)
    approved = {"practice": observed.practice_approved, "early_start": observed.early_start_approved}
    return None if doubt is None or approved[doubt.approval] else doubt


def _ask(event: Event, profile: Profile, recording: ObservedRecording, *, alone: bool) -> Blocker:
    """Build the question about a doubtful recording. Beside the event's own recording, nothing waits for the answer."""
    doubt = find_doubt(event, profile, recording)
    assert doubt is not None  # noqa: S101 - otherwise it would not be doubtful
    waits = alone or doubt.approval == "early_start"
    return Blocker(
        about="recording",
        message=say_doubt(event, profile, doubt),
        refused=waits,
        over=not waits,
        approval=doubt.approval,
        recording=recording.uuid,
        finding=doubt.finding,
    )


def _notice_early_starts(
    event: Event,
    profile: Profile,
    observed: Observed,
    ready: tuple[ObservedRecording, ...],
    published: Mapping[str, Publication],
) -> Iterator[Blocker]:
    """Yield the notice that a rehearsal may be in what is published."""
    shown = event.consent != "do_not_record" and profile.early_recording == "publish"
    doubts = (_open_doubt(event, profile, observed, r) for r in ready if shown or r.uuid in published)
    early = [doubt for doubt in doubts if doubt and doubt.approval == "early_start"]
    if early:
        message = all_of(say_doubt(event, profile, doubt) for doubt in early)
        yield Blocker(about="recording", notice="rehearsal_in_recording", message=message)


def _find_blocker(
    event: Event, profile: Profile, observed: Observed, chosen: tuple[ObservedRecording, ...], now: datetime
) -> Blocker | None:
    if needs_approval(event, profile) and not observed.recording_approved:
        message = say.WAITS_FOR_APPROVAL(event=event.id)
        return Blocker(about="recording", message=message, refused=True, approval="recording")
    ends = [recording.end for recording in chosen if recording.end]
    delay = timedelta(minutes=profile.publish_after_minutes)
    if delay and ends and (due := max(ends) + delay) > now:
        return Blocker(about="recording", message=say.PUBLISHED_FROM(due=due), until=due)
    if profile.wait_for_transcript and not all(recording.transcript for recording in chosen):
        return Blocker(about="recording", message=say.WAITS_FOR_TRANSCRIPT())
    return None
