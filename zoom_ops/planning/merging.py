"""What we hold of a recording once Zoom has told of it again: nothing that is known is blanked."""

from dataclasses import replace

from ..webinars import Recording, RecordingFile, RecordingState


def merge_recording(held: Recording, told: Recording) -> Recording:
    """Take over what Zoom tells, and keep what it leaves out; an answer that is not whole changes nothing held whole.

    Whole is an answer whose files are all there and processed: a recording that Zoom processes once more, or shows
    without files for a moment, stays as it was.
    """
    if held.complete and not told.complete:
        return held
    return replace(
        told,
        uuid=held.uuid,
        start=told.start or held.start,
        duration=told.duration or held.duration,
        share_url=told.share_url or held.share_url,
        passcode=told.passcode or held.passcode,
        play_passcode=_play_passcode(held, told),
        files=_files(held, told),
    )


def state_after(held: RecordingState | None, told: Recording) -> RecordingState:
    """Tell how a recording stands after an answer: complete once it was so; back from the trash once Zoom shows it."""
    return "completed" if told.complete else held or "processing"


def is_news(held: Recording, told: Recording) -> bool:
    """Tell whether a host's list says something of a recording that we do not hold; the list leaves passcodes out."""
    known = {file.id for file in held.files}
    return told.complete and (
        told.share_url not in (None, held.share_url)
        or told.play_passcode not in (None, held.play_passcode)
        or any(file.id not in known for file in told.files)
    )


def _play_passcode(held: Recording, told: Recording) -> str | None:
    """Keep the form for links only as long as it belongs to the passcode that people type."""
    changed = told.passcode is not None and told.passcode != held.passcode
    return told.play_passcode or (None if changed else held.play_passcode)


def _files(held: Recording, told: Recording) -> tuple[RecordingFile, ...]:
    """Take the files as they are told, but never the last link that plays."""
    known = {file.id: file for file in held.files}
    files = tuple(_with_link(file, known.get(file.id)) for file in told.files)
    if told.share_url or held.share_url or any(file.play_url for file in files):
        return files
    listed = {file.id for file in files}
    return files + tuple(file for file in held.files if file.id not in listed)


def _with_link(file: RecordingFile, known: RecordingFile | None) -> RecordingFile:
    return replace(file, play_url=file.play_url or known.play_url) if known else file
