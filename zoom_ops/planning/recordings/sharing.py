"""What visitors meet at Zoom before a recording plays: what is held back for it, and what operators are told."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from ...events import Event
from ...profiles import Profile
from ...webinars import Hurdle, Recording
from ..observed import ObservedRecording
from ..plans import Blocker

ASKED_AGAIN_AFTER = timedelta(days=1)  # where Zoom did not say
_RESTRICTED: dict[Hurdle, str] = {
    "account_only": "people of the Zoom account",
    "sign_in": "people who sign in to Zoom",
    "registration": "people who register for it at Zoom",
}


def is_asked(
    held: Recording | None, reported: Recording, sharing_known: bool, asked_at: datetime | None, now: datetime
) -> bool:
    """Return whether Zoom has to be asked who may open a recording that it has just reported.

    It is asked before the first publication, when the links or passcodes have changed, and once a day until it says.
    `held` is the recording that we hold complete.
    """
    if not reported.complete:
        return False
    if held is None or asked_at is None:
        return True
    known = (held.share_url, held.passcode, held.play_passcode)
    changed = (
        value not in (None, before)
        for value, before in zip((reported.share_url, reported.passcode, reported.play_passcode), known, strict=True)
    )
    return any(changed) or (not sharing_known and asked_at <= now - ASKED_AGAIN_AFTER)


def is_held(recording: ObservedRecording, profile: Profile, *, published: bool) -> bool:
    """Return whether a recording is not published, or no longer, for what visitors would meet.

    One that Zoom does not share is never published. An unknown answer holds back only what is not published yet.
    """
    if recording.hurdle == "not_shared":
        return True
    if profile.restricted_recordings == "publish":
        return False
    unknown = recording.hurdle == "unknown" and recording.sharing_failure is not None
    return recording.hurdle in _RESTRICTED or (unknown and not published)


def hold_back(event: Event, held: Collection[ObservedRecording]) -> Iterator[Blocker]:
    """Yield why recordings are held back, a blocker for each reason."""
    where = _where(event)
    for hurdle in sorted({recording.hurdle for recording in held}):
        if hurdle == "not_shared":
            why = f"Zoom does not share the recording, so its link would open for nobody. Share it {where}"
        elif hurdle == "unknown":
            failures = {recording.sharing_failure or "" for recording in held if recording.hurdle == hurdle}
            why = f"Who may open the recording is unknown, and the profile holds it: {min(failures)} Look {where}"
        else:
            whom = _RESTRICTED[hurdle]
            why = f"The recording opens only for {whom}, and the profile holds it. Share it publicly {where}"
        yield Blocker(about="recording", sentence=why, refused=True)


def sharing_notices(event: Event, recordings: Collection[ObservedRecording]) -> Iterator[Blocker]:
    """Yield what an operator must know of recordings that are published or about to be."""
    hurdles = {recording.hurdle for recording in recordings}
    if failures := {r.sharing_failure for r in recordings if r.hurdle == "unknown" and r.sharing_failure}:
        sentence = (
            f"Who may open the recording of event {event.id} is unknown: {min(failures)} Zoom is asked again once a "
            f"day, or at once: {_again(event)}"
        )
        yield Blocker(about="recording", notice="sharing_unknown", sentence=sentence)
    if whom := [words for hurdle, words in _RESTRICTED.items() if hurdle in hurdles]:
        names = sorted({r.sharing.sign_in_name or "" for r in recordings if r.hurdle == "sign_in" and r.sharing})
        named = f" ({names[-1]})" if names and names[-1] else ""
        sentence = (
            f"The recording of event {event.id} opens only for {' or '.join(whom)}{named}, and its page says so. If "
            f"everybody should watch it, share it publicly {_where(event)}"
        )
        yield Blocker(about="recording", notice="recording_restricted", sentence=sentence)
    if "passcode_unknown" in hurdles:
        sentence = (
            f"Zoom does not tell the passcode of the recording of event {event.id}, so visitors meet Zoom's prompt "
            "without one. The role of the user who owns the app needs the right View Recording Content (Zoom: User "
            f"Management → Roles). Then: {_again(event)}"
        )
        yield Blocker(about="recording", notice="passcode_unknown", sentence=sentence)


def _where(event: Event) -> str:
    return f"at Zoom (Recordings → the recording → Share), then: {_again(event)}"


def _again(event: Event) -> str:
    return f"zoom-ops run fetch_recordings --event {event.id}"
