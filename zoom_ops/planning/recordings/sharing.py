"""What visitors meet at Zoom before a recording plays: what is held back for it, and what operators are told."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from ...events import Event
from ...messages import Kind, as_said
from ...messages import recordings as say
from ...profiles import Profile
from ...webinars import Hurdle, Recording
from ..observed import ObservedRecording
from ..plans import Blocker

ASKED_AGAIN_AFTER = timedelta(days=1)  # where Zoom did not say
_JOB = "fetch_recordings"  # asks Zoom again
_RESTRICTED: dict[Hurdle, Kind] = {
    "account_only": say.ACCOUNT_ONLY,
    "sign_in": say.SIGN_IN,
    "registration": say.REGISTRATION,
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
    for hurdle in sorted({recording.hurdle for recording in held}):
        if hurdle == "not_shared":
            message = say.NOT_SHARED(event=event.id, job=_JOB)
        elif hurdle == "unknown":
            failures = {recording.sharing_failure or "" for recording in held if recording.hurdle == hurdle}
            message = say.SHARING_UNKNOWN(event=event.id, job=_JOB, why=as_said(min(failures)))
        else:
            message = say.RESTRICTED(event=event.id, job=_JOB, whom=_RESTRICTED[hurdle]())
        yield Blocker(about="recording", message=message, refused=True)


def sharing_notices(event: Event, recordings: Collection[ObservedRecording]) -> Iterator[Blocker]:
    """Yield what an operator must know of recordings that are published or about to be."""
    hurdles = {recording.hurdle for recording in recordings}
    if failures := {r.sharing_failure for r in recordings if r.hurdle == "unknown" and r.sharing_failure}:
        message = say.NOT_KNOWN_FOR_WHOM(event=event.id, why=as_said(min(failures)), job=_JOB)
        yield Blocker(about="recording", notice="sharing_unknown", message=message)
    if whom := tuple(words() for hurdle, words in _RESTRICTED.items() if hurdle in hurdles):
        names = sorted({r.sharing.sign_in_name or "" for r in recordings if r.hurdle == "sign_in" and r.sharing})
        named = say.SIGN_IN_NAMED(name=names[-1]) if names and names[-1] else None
        message = say.OPENS_FOR_SOME(event=event.id, whom=whom, named=named, job=_JOB)
        yield Blocker(about="recording", notice="recording_restricted", message=message)
    if "passcode_unknown" in hurdles:
        message = say.PASSCODE_UNKNOWN(event=event.id, job=_JOB)
        yield Blocker(about="recording", notice="passcode_unknown", message=message)
