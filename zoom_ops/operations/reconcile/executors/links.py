"""Executors of links in the records of homes: publish and withdraw."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look
from ....errors import NotFoundError
from ....homes import DriftedError, Entry, EventRecords, Shown
from ....link_keys import hide_keys, hides_key, with_key, without_keys
from ....planning import PublishLink, WithdrawLink
from ....store.homes.entries import change_entry, save_entry
from ...context import Context
from ...timeline import record_happening
from ..linked import hide_link, is_whole, link_json
from ..member_keys import load_member_keys
from .base import Executor


def publish_link(context: Context, action: PublishLink) -> Executor:
    """Build the executor of PublishLink. The place in the home's own limits is part of sending.

    Keys of links for members are hidden in the action and in what is stored, and found again when it is sent.
    """
    home = context.get_home(action.home)
    before = Shown(**action.before.model_dump()) if action.before else None
    entry = Entry(
        key=action.recording_uuid, part=action.part, title=action.title, url=action.url, visibility=action.visibility
    )

    def record(connection: Connection, shown: Shown) -> None:
        _save(context, connection, action, shown)
        done = "is now" if before else "was published"
        audience = "everybody" if action.visibility == "public" else "members"
        what, sentence = "link_published", f"{action.title} {done} on {action.place} for {audience}."
        record_happening(context, connection, action.event, what, sentence, recording_uuid=action.recording_uuid)

    def look(_began: datetime) -> Look:
        shown = _find(home, action)
        hidden = hide_link(shown) if shown else None
        if shown and hidden and hidden.shows(entry):
            return Found(record=lambda connection: record(connection, shown))
        if hidden == before or not _is_half_done(hidden, before, entry):
            return Absent()
        return Found(record=lambda connection: _save(context, connection, action, shown))  # it is finished next

    def send() -> Shown:
        there = _reveal_before(home, action, before) if before and not is_whole(before) else before
        address = _reveal_address(context, action) if hides_key(action.url) else action.url
        return home.publish(action.record, replace(entry, url=address), there)

    return Executor(
        send=send,
        record=record,
        look=look,
        slot=lambda _operator: home.calling(),
    )


def withdraw_link(context: Context, action: WithdrawLink) -> Executor:
    """Build the executor of WithdrawLink. In a record that is gone there is no link any more."""
    home = context.get_home(action.home)

    def record(connection: Connection, _reply: object) -> None:
        now = context.database.now(connection)
        gone = {"written": None, "seen": None, "written_at": now, "seen_at": now, "left_alone": False}
        change_entry(connection, action.home, action.record, action.recording_uuid, **gone)
        what, sentence = "link_withdrawn", f"{action.title} was taken back from {action.place}: {action.reason}."
        record_happening(context, connection, action.event, what, sentence, recording_uuid=action.recording_uuid)

    def look(_began: datetime) -> Look:
        return Absent() if _find(home, action) else Found(record=lambda connection: record(connection, None))

    return Executor(
        send=lambda: home.withdraw(action.record, action.recording_uuid),
        record=record,
        look=look,
        slot=lambda _operator: home.calling(),
    )


def _reveal_address(context: Context, action: PublishLink) -> str:
    """Return the address of an action with its key. Raise DriftedError where the event has another key by now."""
    with context.database.read() as connection:
        keys = load_member_keys(connection, context.box, context.home_settings, action.event)
        key = keys.key_of(action.home, action.recording_uuid)
    address = with_key(without_keys(action.url), key) if key else ""
    if hide_keys(address) != action.url:
        raise DriftedError(f"The key of a link in {action.home} was renewed before it was written.")
    return address


def _reveal_before(home: EventRecords, action: PublishLink, before: Shown) -> Shown:
    """Return the link that is there now, whole. Raise DriftedError where it is not as it was seen."""
    shown = next((each for each in home.entries(action.record) if each.key == action.recording_uuid), None)
    if shown is None or hide_link(shown) != before:
        raise DriftedError(f"{action.home}: somebody changed our link in record {action.record}.")
    return shown


def _find(home: EventRecords, action: PublishLink | WithdrawLink) -> Shown | None:
    """Find the link as the home shows it now, or None."""
    try:
        with home.calling():
            shown = home.entries(action.record)
    except NotFoundError:
        return None
    return next((entry for entry in shown if entry.key == action.recording_uuid), None)


def _is_half_done(shown: Shown | None, before: Shown | None, entry: Entry) -> bool:
    """Return whether what a home shows may be what a write of ours left that was broken off in the middle.

    We write no other title or address than those of before and after.
    """
    if shown is None:  # of some homes an entry is deleted and made anew
        return True
    mine = [each for each in (before, entry) if each]
    return shown.title in {each.title for each in mine} and shown.url in {each.url for each in mine}


def _save(context: Context, connection: Connection, action: PublishLink, shown: Shown | None) -> None:
    """Save what a home shows after a write of ours. Of a broken-off one the next plan finishes what is left."""
    now, there = context.database.now(connection), link_json(shown)
    save_entry(
        connection,
        action.home,
        action.record,
        action.recording_uuid,
        event_id=action.event,
        part=action.part,
        title=action.title,
        visibility=action.visibility,
        written=there,
        seen=there,
        written_at=now,
        seen_at=now,
        left_alone=False,
    )
