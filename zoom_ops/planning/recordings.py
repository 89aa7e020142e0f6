"""Which recordings of an event are published, as which part, and what holds one back."""

from datetime import datetime, timedelta
from typing import Literal, Protocol

from ..events import Event
from ..profiles import Profile
from .actions import Action, Blocker, PublishRecording, WithdrawRecording
from .observed import Observed, ObservedRecording

_REMOVED = ("trashed", "deleted")


class _Draft(Protocol):
    actions: list[Action]
    blockers: list[Blocker]


def plan_recordings(draft: _Draft, event: Event, profile: Profile, observed: Observed, now: datetime) -> None:
    """Add what is to be published and withdrawn: an error or an empty list at Zoom never takes a link back."""
    published = {p.recording_uuid: p for p in observed.publications if p.state == "published"}
    for seen in observed.recordings:
        if (seen.withheld or seen.state in _REMOVED) and seen.uuid in published:
            draft.actions.append(_withdraw(event, observed, seen))
    chosen, rehearsed = choose_recordings(event, observed, profile)
    if rehearsed and not chosen and not published and now >= event.end_utc:
        sentence = (
            "What was recorded ended before the event began: a practice session? To publish it all the same: "
            f"zoom-ops events approve {event.id} --field practice"
        )
        draft.blockers.append(Blocker(about="recording", sentence=sentence, refused=True, approval="practice"))
    uuids = _parts(chosen, observed)
    wanted = [_publish(event, observed, uuid, part, len(uuids)) for part, uuid in enumerate(uuids, start=1)]
    missing = [action for action in wanted if not _is_published(action, observed)]
    draft.actions.extend(action for action in missing if _narrows(action))
    held = [action for action in missing if not _narrows(action)]
    if held and (blocker := _raise_blockers(event, profile, observed, chosen, now)):
        draft.blockers.append(blocker)
    else:
        draft.actions.extend(held)


def choose_recordings(
    event: Event, observed: Observed, profile: Profile
) -> tuple[tuple[ObservedRecording, ...], tuple[ObservedRecording, ...]]:
    """Choose what counts as the event's recording, in order: complete, playable, not kept back, no crumb, no practice.

    Apart from them, what may be one: it ended before the event began, and nobody has told which it was.
    """
    ready = [
        seen
        for seen in observed.recordings
        if seen.state == "completed"
        and seen.playable
        and not (seen.practice or seen.withheld)
        and seen.duration >= profile.min_recording_minutes
    ]
    ready.sort(key=lambda seen: (seen.start is None, seen.start, seen.uuid))
    doubtful = () if observed.practice_approved else tuple(seen for seen in ready if _may_be_practice(seen, event))
    return tuple(seen for seen in ready if seen not in doubtful), doubtful


def _may_be_practice(seen: ObservedRecording, event: Event) -> bool:
    if seen.practice is not None or seen.start is None:
        return False
    return seen.start + timedelta(minutes=seen.duration) < event.start_utc


def visibility_of(event: Event) -> Literal["public", "members"]:
    """Tell who may see the event's recording: members only, if any entry for it says so."""
    recordings = [entry for entry in event.attachments if entry.kind == "recording"]
    return "members" if any(entry.visibility == "members" for entry in recordings) else "public"


def needs_approval(event: Event, profile: Profile) -> bool:
    """Tell whether an operator has to approve the recording before it is published."""
    doubtful = any(note.field == "recording" for note in event.needs_review)
    return doubtful or profile.review == "required" or event.consent == "ask"


def _raise_blockers(
    event: Event, profile: Profile, observed: Observed, chosen: tuple[ObservedRecording, ...], now: datetime
) -> Blocker | None:
    if event.consent == "do_not_record":
        sentence = "The event's consent says do_not_record: its recording is not published."
        return Blocker(about="recording", sentence=sentence, refused=True)
    if needs_approval(event, profile) and not observed.recording_approved:
        sentence = f"The recording waits for approval: zoom-ops events approve {event.id}"
        return Blocker(about="recording", sentence=sentence, refused=True, approval="recording")
    if (due := _due(chosen, profile)) is not None and due > now:
        sentence = f"The recording is published from {due:%Y-%m-%d %H:%M} UTC on, as the profile says."
        return Blocker(about="recording", sentence=sentence, until=due)
    if profile.wait_for_transcript and not all(seen.transcript for seen in chosen):
        return Blocker(about="recording", sentence="The recording waits for its transcript, as the profile says.")
    return None


def _parts(chosen: tuple[ObservedRecording, ...], observed: Observed) -> tuple[str, ...]:
    """List the parts of the event's recording, in order; one that is published stays, also while Zoom shows it not."""
    taken_back = {seen.uuid for seen in observed.recordings if seen.withheld or seen.state in _REMOVED}
    starts = {
        p.recording_uuid: p.start
        for p in observed.publications
        if p.state == "published" and p.recording_uuid not in taken_back
    }
    starts |= {seen.uuid: seen.start for seen in chosen}
    return tuple(sorted(starts, key=lambda uuid: (starts[uuid] is None, starts[uuid], uuid)))


def _narrows(action: PublishRecording) -> bool:
    """Tell whether the recording is shown to too many: that is put right whatever else the recording waits for."""
    return (action.old_visibility, action.visibility) == ("public", "members")


def _due(chosen: tuple[ObservedRecording, ...], profile: Profile) -> datetime | None:
    ends = [seen.start + timedelta(minutes=seen.duration) for seen in chosen if seen.start]
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


def _withdraw(event: Event, observed: Observed, seen: ObservedRecording) -> WithdrawRecording:
    return WithdrawRecording(
        event=event.id,
        account=observed.account or "",
        recording_uuid=seen.uuid,
        reason="an operator keeps the recording back" if seen.withheld else f"the recording was {seen.state} at Zoom",
    )
