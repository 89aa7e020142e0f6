"""Executors of links on the event record: publish and withdraw."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look
from ....homes import Entry, OwnRecords
from ....planning import PublishRecording, WithdrawRecording
from ...context import Context
from ...timeline import record_happening
from .base import Executor

Write = Callable[[Connection], None]


def publish_recording(context: Context, action: PublishRecording) -> Executor:
    """Build the executor of PublishRecording."""
    home, event = context.home, action.event
    entry = Entry(
        key=action.recording_uuid, part=action.part, title=action.title, url=action.url, visibility=action.visibility
    )
    audience = "everybody" if action.visibility == "public" else "members"
    what, done = ("recording_changed", "is now") if action.old_visibility else ("recording_published", "was published")
    return _executor(
        is_done=lambda: home.find(event, entry.key) == entry,
        send=lambda: home.publish(event, entry),
        write=(lambda connection: home.publish_in(connection, event, entry)) if isinstance(home, OwnRecords) else None,
        note=_note(context, action, what, f"{action.title} {done} for {audience}."),
    )


def withdraw_recording(context: Context, action: WithdrawRecording) -> Executor:
    """Build the executor of WithdrawRecording."""
    home, event, key = context.home, action.event, action.recording_uuid
    return _executor(
        is_done=lambda: home.find(event, key) is None,
        send=lambda: home.withdraw(event, key),
        write=(lambda connection: home.withdraw_in(connection, event, key)) if isinstance(home, OwnRecords) else None,
        note=_note(context, action, "recording_withdrawn", f"A recording was withdrawn: {action.reason}."),
    )


def _executor(
    *,
    is_done: Callable[[], bool],
    send: Callable[[], object],
    write: Write | None,
    note: Write,
) -> Executor:
    """Let a home in our own database send nothing: it writes in the transaction that ends the effect."""

    def record(connection: Connection, _reply: object) -> None:
        if write:
            write(connection)
        note(connection)

    def look(_began: datetime) -> Look:
        return Found(record=note) if is_done() else Absent()

    return Executor(send=(lambda: None) if write else send, record=record, look=look, local=write is not None)


def _note(context: Context, action: PublishRecording | WithdrawRecording, what: str, sentence: str) -> Write:
    return lambda connection: record_happening(
        context, connection, action.event, what, sentence, recording_uuid=action.recording_uuid
    )
