"""The recordings in an event's plan.

The module decides which recordings are published, as which part, and what holds one back.
"""

from datetime import datetime, timedelta
from typing import Literal, Protocol

from ..events import Event
from ..profiles import Profile
from .actions import Action, PublishRecording, WithdrawRecording
from .observed import Observed, ObservedRecording
from .plans import Blocker

_REMOVED = ("trashed", "deleted")


class _Draft(Protocol):
    actions: list[Action]
    blockers: list[Blocker]


def plan_recordings(draft: _Draft, event: Event, profile: Profile, observed: Observed, now: datetime) -> None:
    """Add the recordings to publish and to withdraw. An error or an empty list at Zoom never withdraws a link."""
    published = {p.recording_uuid: p for p in observed.publications if p.state == "published"}
    for recording in observed.recordings:
        if (recording.withheld or recording.state in _REMOVED) and recording.uuid in published:
            draft.actions.append(_withdraw(event, observed, recording))
    chosen, doubtful = choose_recordings(event, observed, profile)
    if doubtful and not chosen and not published and now >= event.end_utc:
        sentence = (
            "What was recorded ended before the event began: a practice session? To publish it all the same: "
            f"zoom-ops events approve {event.id} --field practice"
        )
        draft.blockers.append(Blocker(about="recording", sentence=sentence, refused=True, approval="practice"))
    uuids = _parts(chosen, observed)
    desired = [_publish(event, observed, uuid, part, len(uuids)) for part, uuid in enumerate(uuids, start=1)]
    missing = [action for action in desired if not _is_published(action, observed)]
    draft.actions.extend(action for action in missing if _narrows(action))
    held = [action for action in missing if not _narrows(action)]
    if held and (blocker := _find_blocker(event, profile, observed, chosen, now)):
        draft.blockers.append(blocker)
    else:
        draft.actions.extend(held)


def choose_recordings(
    event: Event, observed: Observed, profile: Profile
) -> tuple[tuple[ObservedRecording, ...], tuple[ObservedRecording, ...]]:
    """Choose the event's recordings; return (chosen, doubtful), each in the order of start.

    A recording is chosen if it is complete, playable, not withheld, no practice session, and not shorter than the
    profile's minimum. It is doubtful if it may be a practice session: it ended before the event began, nobody has
    reported which it was, and no operator has approved it.
    """
    ready = [
        recording
        for recording in observed.recordings
        if recording.state == "completed"
        and recording.playable
        and not (recording.practice or recording.withheld)
        and recording.duration >= profile.min_recording_minutes
    ]
    ready.sort(key=lambda recording: (recording.start is None, recording.start, recording.uuid))
    if observed.practice_approved:
        return tuple(ready), ()
    doubtful = tuple(recording for recording in ready if _may_be_practice(recording, event))
    return tuple(recording for recording in ready if recording not in doubtful), doubtful


def _may_be_practice(recording: ObservedRecording, event: Event) -> bool:
    if recording.practice is not None or recording.start is None:
        return False
    return recording.start + timedelta(minutes=recording.duration) < event.start_utc


def visibility_of(event: Event) -> Literal["public", "members"]:
    """Return who may see the event's recording: only members, if any recording entry of the event says so."""
    recordings = [entry for entry in event.attachments if entry.kind == "recording"]
    return "members" if any(entry.visibility == "members" for entry in recordings) else "public"


def needs_approval(event: Event, profile: Profile) -> bool:
    """Return whether an operator has to approve the recording before it is published."""
    doubtful = any(note.field == "recording" for note in event.needs_review)
    return doubtful or profile.review == "required" or event.consent == "ask"


def _find_blocker(
    event: Event, profile: Profile, observed: Observed, chosen: tuple[ObservedRecording, ...], now: datetime
) -> Blocker | None:
    if event.consent == "do_not_record":
        sentence = "The event's consent says do_not_record: its recording is not published."
        return Blocker(about="recording", sentence=sentence, refused=True)
    if needs_approval(event, profile) and not observed.recording_approved:
        sentence = f"The recording waits for approval: zoom-ops events approve {event.id}"
        return Blocker(about="recording", sentence=sentence, refused=True, approval="recording")
    if (due := _publish_from(chosen, profile)) is not None and due > now:
        sentence = f"The recording is published from {due:%Y-%m-%d %H:%M} UTC on, as the profile says."
        return Blocker(about="recording", sentence=sentence, until=due)
    if profile.wait_for_transcript and not all(recording.transcript for recording in chosen):
        return Blocker(about="recording", sentence="The recording waits for its transcript, as the profile says.")
    return None


def _parts(chosen: tuple[ObservedRecording, ...], observed: Observed) -> tuple[str, ...]:
    """List the recordings that are parts, in order. A published part stays while Zoom does not show it."""
    taken_back = {
        recording.uuid for recording in observed.recordings if recording.withheld or recording.state in _REMOVED
    }
    starts = {
        p.recording_uuid: p.start
        for p in observed.publications
        if p.state == "published" and p.recording_uuid not in taken_back
    }
    starts |= {recording.uuid: recording.start for recording in chosen}
    return tuple(sorted(starts, key=lambda uuid: (starts[uuid] is None, starts[uuid], uuid)))


def _narrows(action: PublishRecording) -> bool:
    """Return whether a public recording becomes members only. This is done whatever the recording waits for."""
    return (action.old_visibility, action.visibility) == ("public", "members")


def _publish_from(chosen: tuple[ObservedRecording, ...], profile: Profile) -> datetime | None:
    ends = [recording.start + timedelta(minutes=recording.duration) for recording in chosen if recording.start]
    if not profile.publish_after_minutes or not ends:
        return None
    return max(ends) + timedelta(minutes=profile.publish_after_minutes)


def _publish(event: Event, observed: Observed, uuid: str, part: int, parts: int) -> PublishRecording:
    known = next((p for p in observed.publications if p.recording_uuid == uuid), None)
    return PublishRecording(
        event=event.id,
        account=observed.account or "",
        recording_uuid=uuid,
        part=part,
        title="Recording" if parts == 1 else f"Recording, part {part}",
        url=observed.recording_address + (f"?part={part}" if part > 1 else ""),
        visibility=visibility_of(event),
        old_visibility=known.visibility if known and known.state == "published" else None,
        reason="the recording is ready",
    )


def _is_published(action: PublishRecording, observed: Observed) -> bool:
    return any(
        (p.recording_uuid, p.part, p.title, p.url, p.visibility, p.state)
        == (action.recording_uuid, action.part, action.title, action.url, action.visibility, "published")
        for p in observed.publications
    )


def _withdraw(event: Event, observed: Observed, recording: ObservedRecording) -> WithdrawRecording:
    return WithdrawRecording(
        event=event.id,
        account=observed.account or "",
        recording_uuid=recording.uuid,
        reason="an operator keeps the recording back"
        if recording.withheld
        else f"the recording was {recording.state} at Zoom",
    )
