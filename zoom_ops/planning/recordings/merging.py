"""Merge of a recording that we hold with a new report from Zoom: no known value is blanked."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from ...webinars import Recording, RecordingFile, RecordingState

PROCESSING = timedelta(days=2)  # Zoom documents up to 24 hours; longer has been observed
_PLAYS = ("MP4", "M4A")


def without_unfinished(reported: Recording, now: datetime) -> Recording:
    """Leave out the files that Zoom has not finished two days after the recording ended, if another one plays.

    Otherwise the report stays as it is: a recording of which nothing plays is not ready, however old it is.
    """
    done = tuple(file for file in reported.files if file.complete)
    ended = reported.start + timedelta(minutes=reported.duration) if reported.start else None
    is_old = ended is not None and ended < now - PROCESSING
    return replace(reported, files=done) if is_old and any(file.file_type in _PLAYS for file in done) else reported


def merge_recording(held: Recording, reported: Recording) -> Recording:
    """Take over what Zoom reports, and keep what the report leaves out.

    A report is complete if it lists files and Zoom has processed all of them. An incomplete report changes nothing of a
    recording that is held complete: while Zoom processes it once more, or shows it without files for a moment, it stays
    as it was. The passcode's form for links is kept only while the passcode that people type stays the same.
    """
    if held.complete and not reported.complete:
        return held
    auto_delete, auto_delete_date = merge_auto_delete(held, reported)
    changed = reported.passcode not in (None, held.passcode)
    known = {file.id: file for file in held.files}
    files = tuple(
        replace(file, play_url=file.play_url or known[file.id].play_url) if file.id in known else file
        for file in reported.files
    )
    if not reported.complete or not (reported.share_url or held.share_url or any(file.play_url for file in files)):
        files += _left_out(held, files)  # an incomplete report may lack them; without them no link may play
    return replace(
        reported,
        uuid=held.uuid,
        start=reported.start or held.start,
        duration=reported.duration or held.duration,
        share_url=reported.share_url or held.share_url,
        storage=reported.storage or held.storage,
        passcode=reported.passcode or held.passcode,
        play_passcode=reported.play_passcode or (None if changed else held.play_passcode),
        files=files,
        auto_delete=auto_delete,
        auto_delete_date=auto_delete_date,
    )


def merge_auto_delete(held: Recording, reported: Recording) -> tuple[bool | None, date | None]:
    """Return whether and when Zoom deletes a recording by itself. Only a report that says so changes what is held."""
    if reported.auto_delete is None and reported.auto_delete_date is None:
        return held.auto_delete, held.auto_delete_date
    if reported.auto_delete is False:
        return False, None
    return True, reported.auto_delete_date or held.auto_delete_date


def state_after(held: RecordingState | None, reported: Recording) -> RecordingState:
    """Return a recording's state after a report.

    A complete report makes it "completed", also from the trash. An incomplete report keeps the held state, or makes a
    new recording "processing".
    """
    return "completed" if reported.complete else held or "processing"


def is_news(held: Recording, reported: Recording) -> bool:
    """Return whether a host's list shows something of a recording that we do not hold.

    The list leaves passcodes out. A value that is left out is no news, nor is an incomplete entry.
    """
    known = {file.id for file in held.files}
    return reported.complete and (
        reported.share_url not in (None, held.share_url)
        or reported.play_passcode not in (None, held.play_passcode)
        or any(file.id not in known for file in reported.files)
    )


def _left_out(held: Recording, files: tuple[RecordingFile, ...]) -> tuple[RecordingFile, ...]:
    """List the complete files that we hold and that are not among `files`."""
    listed = {file.id for file in files}
    return tuple(file for file in held.files if file.complete and file.id not in listed)
