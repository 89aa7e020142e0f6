"""Ask Zoom who may open a recording."""

from dataclasses import dataclass, replace
from datetime import timedelta

from ...errors import TemporaryError
from ...store.recordings import find_recording, read_recording, read_sharing, save_recording, save_sharing
from ...webinars import Recording, Sharing
from ...zoom import EndpointStoppedError, RateLimitedError, ZoomRefusedError
from ..context import Context
from ..timeline import record_happening

_PATIENCE = timedelta(days=1)  # how long after its end a recording waits for an answer that merely fails to come


@dataclass(frozen=True, kw_only=True)
class SharingAnswer:
    """What Zoom answered: who may open a recording, or why it did not say."""

    sharing: Sharing | None = None
    failure: str | None = None


def ask_for_sharing(context: Context, account: str, recording: Recording) -> SharingAnswer:
    """Ask Zoom who may open a recording. A refusal is an answer: a missing scope keeps no recording back for good.

    Raise TemporaryError or WaitingError if Zoom may answer soon.
    """
    try:
        sharing = context.gateway(account).get_sharing(recording.uuid)
        says_it = sharing.shared or sharing.sign_in or sharing.on_demand
        return SharingAnswer(sharing=sharing) if says_it else SharingAnswer(failure="Zoom's answer does not say it.")
    except (ZoomRefusedError, EndpointStoppedError) as error:
        return SharingAnswer(failure=str(error))
    except RateLimitedError:
        raise
    except TemporaryError as error:
        ended = recording.start + timedelta(minutes=recording.duration) if recording.start else None
        if ended is None or ended > context.clock.now() - _PATIENCE:
            raise
        return SharingAnswer(failure=str(error))


def refresh_sharing(context: Context, event_id: str, account: str, uuid: str) -> bool:
    """Ask Zoom again who may open a recording that we hold; return whether that has changed."""
    with context.database.read() as connection:
        row = find_recording(connection, uuid)
    if row is None:
        return False
    held = read_recording(row, context.box, 0)
    answer = ask_for_sharing(context, account, held)
    passcode = answer.sharing.passcode if answer.sharing else None
    with context.database.begin() as connection:
        now = context.database.now(connection)
        if passcode not in (None, held.passcode):  # its form for links belongs to the passcode before
            held = replace(held, passcode=passcode, play_passcode=None)
            save_recording(connection, context.box, event_id, held, row.state, now)
        save_sharing(connection, uuid, answer.sharing, answer.failure, now)
        changed = answer.sharing is not None and replace(answer.sharing, passcode=None) != read_sharing(row)
        if changed:
            sentence = "Zoom said who may open a recording."
            record_happening(context, connection, event_id, "recording_fetched", sentence, recording_uuid=uuid)
    return changed
