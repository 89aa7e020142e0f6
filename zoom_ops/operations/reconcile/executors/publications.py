"""Executors of links on our own page of an event: publish and withdraw."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ....engine.effects import Absent, Look
from ....events import Publication
from ....planning import PublishRecording, WithdrawRecording
from ....store.recordings import save_publication
from ...context import Context
from ...timeline import record_happening, ring_links
from ..recorded import find_publications
from .base import Executor


def publish_recording(context: Context, action: PublishRecording) -> Executor:
    """Build the executor of PublishRecording."""
    audience = "everybody" if action.visibility == "public" else "members"
    what, done = ("recording_changed", "is now") if action.old_visibility else ("recording_published", "was published")
    sentence = f"{action.title} {done} for {audience}."

    def write(connection: Connection) -> None:
        publication = Publication(
            recording_uuid=action.recording_uuid,
            part=action.part,
            title=action.title,
            url=action.url,
            visibility=action.visibility,
            state="published",
            published_at=context.database.now(connection),
            external_id=action.recording_uuid,
        )
        save_publication(connection, action.event, publication)

    return _executor(context, action, write, what, sentence)


def withdraw_recording(context: Context, action: WithdrawRecording) -> Executor:
    """Build the executor of WithdrawRecording."""

    def write(connection: Connection) -> None:
        for known in find_publications(connection, action.event):
            if known.recording_uuid == action.recording_uuid:
                save_publication(connection, action.event, known.model_copy(update={"state": "withdrawn"}))

    return _executor(context, action, write, "recording_withdrawn", f"A recording was withdrawn: {action.reason}.")


def _executor(
    context: Context,
    action: PublishRecording | WithdrawRecording,
    write: Callable[[Connection], None],
    what: str,
    sentence: str,
) -> Executor:
    """Send nothing: the page is in our own database, and is written in the transaction that ends the effect.

    So an effect that has no end was not done.
    """

    def record(connection: Connection, _reply: object) -> None:
        write(connection)
        record_happening(context, connection, action.event, what, sentence, recording_uuid=action.recording_uuid)
        ring_links(context, connection, action.event)

    def look(_began: datetime) -> Look:
        return Absent()

    return Executor(send=lambda: None, record=record, look=look, local=True)
