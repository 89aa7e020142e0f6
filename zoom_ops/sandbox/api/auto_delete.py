"""Recordings that Zoom deletes by itself, on a day that the account's policy or a request sets."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from ..account import Account
from ..calls import Json
from ..records import Instance
from .recordings import remove_files

ON_REQUEST = timedelta(days=30)  # where the policy sets no number of days


def auto_delete_settings(account: Account, made: datetime) -> Json:
    """Build the settings of a recording that was made at an instant, as the account's policy says."""
    days = account.policy.recordings.auto_delete_days
    return {"auto_delete": bool(days), "auto_delete_date": _day_after(made, timedelta(days=days)) if days else ""}


def change_auto_delete(account: Account, instance: Instance, changes: Json) -> None:
    """Set the day of deletion anew if a request switches it on or off."""
    settings = instance.recorded.settings
    if "auto_delete" not in changes or bool(settings["auto_delete_date"]) == settings["auto_delete"]:
        return
    after = timedelta(days=account.policy.recordings.auto_delete_days) or ON_REQUEST
    settings["auto_delete_date"] = _day_after(account.now(), after) if settings["auto_delete"] else ""
    plan_auto_delete(account, instance)


def plan_auto_delete(account: Account, instance: Instance) -> None:
    """Put the deletion of a recording on the account's agenda. It happens if the recording still names that day."""
    if day := instance.recorded.settings["auto_delete_date"]:
        account.schedule(_beginning(day), partial(_delete, account, instance, day))


def _delete(account: Account, instance: Instance, day: str) -> None:
    recording = instance.recorded
    if recording.settings["auto_delete_date"] == day and (files := recording.kept()):
        remove_files(account, instance, files, "trash", tell=account.policy.recordings.auto_delete_tells)


def _day_after(moment: datetime, days: timedelta) -> str:
    return (moment.astimezone(UTC) + days).date().isoformat()


def _beginning(day: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day), time(), UTC)
