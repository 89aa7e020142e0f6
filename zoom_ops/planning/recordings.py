"""The recordings in an event's plan: which are published, as which part, and what holds one back."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from ..events import Event, Publication
from ..profiles import Profile
from .actions import Action, PublishRecording, WithdrawRecording
from .observed import Observed, ObservedRecording
from .plans import Blocker
from .sharing import hold_back, is_held, sharing_notices


def plan_recordings(event: Event, profile: Profile, observed: Observed, now: datetime) -> Iterator[Action | Blocker]:
    """Yield the recordings to publish and to withdraw. An error or an empty list at Zoom never withdraws a link."""
    published = {p.recording_uuid: p for p in observed.publications if p.state == "published"}
    chosen, doubtful = choose_recordings(event, observed, profile)
    if doubtful and not chosen and not published and now >= event.end_utc:
        sentence = (
            "What was recorded ended before the event began: a practice session? To publish it all the same: "
            f"zoom-ops events approve {event.id} --field practice"
        )
        yield Blocker(about="recording", sentence=sentence, refused=True, approval="practice")
    held_back = [r for r in observed.recordings if is_held(r, profile, published=r.uuid in published)]
    for recording in observed.recordings:
        if recording.uuid in published and (reason := _why_withdrawn(recording, recording in held_back)):
            del published[recording.uuid]
            yield WithdrawRecording(
                event=event.id, account=observed.account or "", recording_uuid=recording.uuid, reason=reason
            )
    yield from hold_back(event, [recording for recording in chosen if recording in held_back])
    chosen = tuple(recording for recording in chosen if recording not in held_back)
    if event.consent != "do_not_record":
        yield from sharing_notices(event, chosen)
    missing = _list_missing(event, observed, chosen, published)
    narrowed = [action for action in missing if (action.old_visibility, action.visibility) == ("public", "members")]
    yield from narrowed  # whatever the recording waits for
    held = [action for action in missing if action not in narrowed]
    if held and (blocker := _find_blocker(event, profile, observed, chosen, now)):
        yield blocker
    else:
        yield from held


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
    doubtful = tuple(r for r in ready if r.practice is None and r.end is not None and r.end < event.start_utc)
    return tuple(recording for recording in ready if recording not in doubtful), doubtful


def visibility_of(event: Event) -> Literal["public", "members"]:
    """Return who may see the event's recording: only members, if any recording entry of the event says so."""
    recordings = [entry for entry in event.attachments if entry.kind == "recording"]
    return "members" if any(entry.visibility == "members" for entry in recordings) else "public"


def needs_approval(event: Event, profile: Profile) -> bool:
    """Return whether an operator has to approve the recording before it is published."""
    doubtful = any(note.field == "recording" for note in event.needs_review)
    return doubtful or profile.review == "required" or event.consent == "ask"


def _why_withdrawn(recording: ObservedRecording, held_back: bool) -> str | None:
    """Return why a published recording is withdrawn; None if it stays."""
    if recording.withheld:
        return "an operator keeps the recording back"
    if recording.state in ("trashed", "deleted"):
        return f"the recording was {recording.state} at Zoom"
    if held_back:
        shared = recording.hurdle != "not_shared"
        return "it is no longer open to everybody at Zoom" if shared else "it is no longer shared at Zoom"
    return None


def _list_missing(
    event: Event, observed: Observed, chosen: tuple[ObservedRecording, ...], published: Mapping[str, Publication]
) -> list[PublishRecording]:
    """List the parts that are not published as they should be. A published part stays while Zoom does not show it."""
    starts = {uuid: publication.start for uuid, publication in published.items()}
    starts |= {recording.uuid: recording.start for recording in chosen}
    uuids = sorted(starts, key=lambda uuid: (starts[uuid] is None, starts[uuid], uuid))
    missing = []
    for part, uuid in enumerate(uuids, start=1):
        known = published.get(uuid)
        action = PublishRecording(
            event=event.id,
            account=observed.account or "",
            recording_uuid=uuid,
            part=part,
            title="Recording" if len(uuids) == 1 else f"Recording, part {part}",
            url=observed.recording_address + (f"?part={part}" if part > 1 else ""),
            visibility=visibility_of(event),
            old_visibility=known.visibility if known else None,
            reason="the recording is ready",
        )
        shown = known and (known.part, known.title, known.url, known.visibility)
        if shown != (action.part, action.title, action.url, action.visibility):
            missing.append(action)
    return missing


def _find_blocker(
    event: Event, profile: Profile, observed: Observed, chosen: tuple[ObservedRecording, ...], now: datetime
) -> Blocker | None:
    if event.consent == "do_not_record":
        sentence = "The event's consent says do_not_record: its recording is not published."
        return Blocker(about="recording", sentence=sentence, refused=True)
    if needs_approval(event, profile) and not observed.recording_approved:
        sentence = f"The recording waits for approval: zoom-ops events approve {event.id}"
        return Blocker(about="recording", sentence=sentence, refused=True, approval="recording")
    ends = [recording.end for recording in chosen if recording.end]
    delay = timedelta(minutes=profile.publish_after_minutes)
    if delay and ends and (due := max(ends) + delay) > now:
        sentence = f"The recording is published from {due:%Y-%m-%d %H:%M} UTC on, as the profile says."
        return Blocker(about="recording", sentence=sentence, until=due)
    if profile.wait_for_transcript and not all(recording.transcript for recording in chosen):
        return Blocker(about="recording", sentence="The recording waits for its transcript, as the profile says.")
    return None
