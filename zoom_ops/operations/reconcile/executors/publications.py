"""Publish recordings to the event record and withdraw them."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look
from ....homes import Entry
from ....planning import PublishRecording, WithdrawRecording
from ...context import Context
from ...timeline import record_happening
from .base import Executor


def publish_recording(context: Context, action: PublishRecording) -> Executor:
    """Do PublishRecording."""
    entry = Entry(
        key=action.recording_uuid,
        part=action.part,
        title=action.title,
        url=action.url,
        visibility=action.visibility,
    )

    def look(_began: datetime) -> Look:
        if context.home.find(action.event, entry.key) != entry:
            return Absent()
        return Found(record=lambda connection: _record_published(context, action, connection, None))

    return Executor(
        send=lambda: context.home.publish(action.event, entry),
        record=partial(_record_published, context, action),
        look=look,
    )


def withdraw_recording(context: Context, action: WithdrawRecording) -> Executor:
    """Do WithdrawRecording."""

    def look(_began: datetime) -> Look:
        if context.home.find(action.event, action.recording_uuid) is not None:
            return Absent()
        return Found(record=lambda connection: _record_withdrawn(context, action, connection, None))

    return Executor(
        send=lambda: context.home.withdraw(action.event, action.recording_uuid),
        record=partial(_record_withdrawn, context, action),
        look=look,
    )


def _record_published(context: Context, action: PublishRecording, connection: Connection, _reply: object) -> None:
    audience = "everybody" if action.visibility == "public" else "members"
    what, done = ("recording_changed", "is now") if action.old_visibility else ("recording_published", "was published")
    uuid = action.recording_uuid
    record_happening(
        context, connection, action.event, what, f"{action.title} {done} for {audience}.", recording_uuid=uuid
    )


def _record_withdrawn(context: Context, action: WithdrawRecording, connection: Connection, _reply: object) -> None:
    sentence = f"A recording was withdrawn: {action.reason}."
    record_happening(
        context, connection, action.event, "recording_withdrawn", sentence, recording_uuid=action.recording_uuid
    )
