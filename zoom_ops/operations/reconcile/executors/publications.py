"""Executors of links on the event record: publish and withdraw."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

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
        key=action.recording_uuid,
        part=action.part,
        title=action.title,
        url=action.url,
        visibility=action.visibility,
    )
    note = partial(_note_published, context, action)
    if isinstance(home, OwnRecords):
        own = home
        return _executor(
            is_done=lambda: context.home.find(event, entry.key) == entry,
            send=lambda: None,
            write=lambda connection: own.publish_in(connection, event, entry),
            note=note,
        )
    return _executor(
        is_done=lambda: home.find(event, entry.key) == entry, send=lambda: home.publish(event, entry), note=note
    )


def withdraw_recording(context: Context, action: WithdrawRecording) -> Executor:
    """Build the executor of WithdrawRecording."""
    home, event, key = context.home, action.event, action.recording_uuid
    note = partial(_note_withdrawn, context, action)
    if isinstance(home, OwnRecords):
        own = home
        return _executor(
            is_done=lambda: context.home.find(event, key) is None,
            send=lambda: None,
            write=lambda connection: own.withdraw_in(connection, event, key),
            note=note,
        )
    return _executor(is_done=lambda: home.find(event, key) is None, send=lambda: home.withdraw(event, key), note=note)


def _executor(
    *, is_done: Callable[[], bool], send: Callable[[], object], note: Write, write: Write | None = None
) -> Executor:
    """Build an executor. A home in our own database writes by `write`, in the transaction that ends the effect."""

    def record(connection: Connection, _reply: object) -> None:
        if write:
            write(connection)
        note(connection)

    def look(_began: datetime) -> Look:
        return Found(record=note) if is_done() else Absent()

    return Executor(send=send, record=record, look=look, local=write is not None)


def _note_published(context: Context, action: PublishRecording, connection: Connection) -> None:
    audience = "everybody" if action.visibility == "public" else "members"
    what, done = ("recording_changed", "is now") if action.old_visibility else ("recording_published", "was published")
    uuid = action.recording_uuid
    record_happening(
        context, connection, action.event, what, f"{action.title} {done} for {audience}.", recording_uuid=uuid
    )


def _note_withdrawn(context: Context, action: WithdrawRecording, connection: Connection) -> None:
    sentence = f"A recording was withdrawn: {action.reason}."
    record_happening(
        context, connection, action.event, "recording_withdrawn", sentence, recording_uuid=action.recording_uuid
    )
