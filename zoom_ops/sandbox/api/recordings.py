"""Cloud recordings: read, list, trash, delete, recover."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta

from dateutil.relativedelta import relativedelta

from ..account import Account
from ..calls import Call, Json, Refusal
from ..notifications import notify
from ..paging import UNNUMBERED, page_of
from ..records import Instance, Recording, RecordingFile
from ..zones import write_instant
from .users import require_user

WEBHOOK_TOKEN_LIFE = timedelta(hours=24)
TRASH_LIFE = timedelta(days=30)


def get_recording(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings`: of the latest instance by id, of one instance by uuid."""
    instance = require_recording(account, call)
    body = _recording_body(account, instance, instance.recorded.kept())
    if place := account.policy.recordings.external_storage:
        body["external_storage_addr"] = place
    body |= _passcode(account, instance.recorded)
    if call.params.get("include_fields") == "download_access_token":
        life = timedelta(seconds=call.params.get("ttl") or WEBHOOK_TOKEN_LIFE.total_seconds())
        body["download_access_token"] = download_token(account, life)
    return body


def list_recordings(account: Account, call: Call) -> Json:
    """Answer `GET /users/{userId}/recordings`, filtered by day of recording. The default is today."""
    user = require_user(account, call.parts["userId"])
    trash = call.params["trash"]
    first, last = _days(account, call)
    entries = []
    for instance in account.instances():
        recording = instance.recording
        if recording is None or not _is_shown(account, instance) or instance.webinar.host is not user:
            continue
        files = _trash(account, recording) if trash else recording.kept()
        in_time = trash or first <= instance.start.date() <= last
        if files and in_time and call.params.get("meeting_id") in (None, instance.webinar.id):
            entries.append(_recording_body(account, instance, files))
    page = page_of(account, call, "meetings", entries, UNNUMBERED)
    if not entries:
        page["page_size"] = 0
    return {"from": first.isoformat(), "to": last.isoformat(), **page}


def delete_recording(account: Account, call: Call) -> None:
    """Answer `DELETE /meetings/{meetingId}/recordings`: move all files to the trash, or delete them."""
    instance = require_recording(account, call)
    remove_files(account, instance, instance.recorded.kept(), call.params["action"])


def delete_file(account: Account, call: Call) -> None:
    """Answer `DELETE /meetings/{meetingId}/recordings/{recordingId}`."""
    instance = require_recording(account, call)
    remove_files(account, instance, [_require_file(instance.recorded.kept(), call)], call.params["action"])


def recover_recording(account: Account, call: Call) -> None:
    """Answer `PUT /meetings/{meetingUUID}/recordings/status`."""
    instance, files = _find_trash(account, call.parts["meetingUUID"])
    if not files:
        raise _no_recording()
    _recover(account, instance, files)


def recover_file(account: Account, call: Call) -> None:
    """Answer `PUT /meetings/{meetingId}/recordings/{recordingId}/status`."""
    instance, files = _find_trash(account, call.parts["meetingId"])
    _recover(account, instance, [_require_file(files, call)])


def require_recording(account: Account, call: Call) -> Instance:
    """Get an instance that has a recording. Raise `Refusal` if there is none, or if it is still being processed."""
    instance = account.find_instance(call.parts["meetingId"])
    recording = instance.recording if instance else None
    if instance is None or recording is None or not _is_shown(account, instance) or not recording.kept():
        raise _no_recording()
    return instance


def remove_files(
    account: Account, instance: Instance, files: list[RecordingFile], action: str, *, tell: bool = True
) -> None:
    """Move files to the trash, or delete them. `tell`: with a notification."""
    for file in files:
        file.trashed = account.now()
        file.deleted = action == "delete"
    if tell:
        event = "recording.deleted" if action == "delete" else "recording.trashed"
        notify(account, event, _event_payload(account, instance, files))


def download_token(account: Account, life: timedelta = WEBHOOK_TOKEN_LIFE) -> str:
    """Issue a token for downloads that is valid for `life`."""
    token = account.names.token(180)
    account.downloads[token] = account.now() + life
    return token


def visible_settings(account: Account, recording: Recording) -> Json:
    """Build the sharing settings of a recording as the app may see them."""
    hidden = () if account.policy.recordings.passcode_right else ("password",)
    return {name: value for name, value in recording.settings.items() if name not in hidden}


def play_passcode(account: Account, recording: Recording) -> str:
    """Return the derived passcode of a recording, for links that ask for no passcode; empty if it has none."""
    if not recording.settings["password"]:
        return ""
    return account.names.secret(account.names.derived(f"{recording.share_key} {recording.settings['password']}"))


def share_url(account: Account, recording: Recording) -> str:
    """Return the address of the page on which people watch the recording."""
    return f"{account.public_base()}/rec/share/{recording.share_key}"


def completed_payload(account: Account, instance: Instance) -> Json:
    """Build the object of the notification `recording.completed`."""
    return {
        **transcript_payload(account, instance, instance.recorded.kept()),
        **_link_passcode(account, instance.recorded),
        "on_prem": False,
        **_auto_delete(instance),
    }


def transcript_payload(account: Account, instance: Instance, files: Iterable[RecordingFile]) -> Json:
    """Build the object of the notification `recording.transcript_completed`."""
    return {
        **_event_payload(account, instance, files),
        "host_email": instance.webinar.host.email,
        **_passcode(account, instance.recorded),
    }


def _recording_body(account: Account, instance: Instance, files: Iterable[RecordingFile]) -> Json:
    """Build the JSON of a recording in replies of the API."""
    entries = [_listed_file(account, file, f"{account.callers_or_public_base()}/rec/download") for file in files]
    if instance.recorded.ready > account.now():
        entries = [*entries[:1], *(_half_ready(entry) for entry in entries[1:] or entries)]
    return {
        **_summary(account, instance, entries),
        **_link_passcode(account, instance.recorded),
        **_auto_delete(instance),
        "recording_files": entries,
        "participant_audio_files": [],
    }


def _auto_delete(instance: Instance) -> Json:
    settings = instance.recorded.settings
    day = {"auto_delete_date": settings["auto_delete_date"]} if settings["auto_delete"] else {}
    return {"auto_delete": settings["auto_delete"], **day}


def _passcode(account: Account, recording: Recording) -> Json:
    """Build the passcode that people type, if the app may see it."""
    return {"password": recording.settings["password"]} if account.policy.recordings.passcode_right else {}


def _link_passcode(account: Account, recording: Recording) -> Json:
    """Build the passcode for links, if the app may see it."""
    allowed = account.policy.recordings.passcode_right
    return {"recording_play_passcode": play_passcode(account, recording)} if allowed else {}


def _event_payload(account: Account, instance: Instance, files: Iterable[RecordingFile]) -> Json:
    download = f"{account.callers_or_public_base()}/rec/webhook_download"
    entries = [_linked_file(account, file, download) for file in files]
    return {**_summary(account, instance, entries), "recording_files": entries}


def _summary(account: Account, instance: Instance, entries: list[Json]) -> Json:
    fields = instance.webinar.fields
    return {
        "uuid": instance.uuid,
        "id": fields["id"],
        "host_id": fields["host_id"],
        "topic": instance.recorded.settings["topic"],
        "type": fields["type"],
        "start_time": write_instant(instance.start),
        "duration": instance.minutes if instance.recorded.minutes is None else instance.recorded.minutes,
        "total_size": sum(file.get("file_size", 0) for file in entries),
        "recording_count": len(entries),
        "share_url": share_url(account, instance.recorded),
        "account_id": account.account_id,
        "timezone": fields["timezone"],
    }


def _linked_file(account: Account, file: RecordingFile, download: str) -> Json:
    return {
        **file.fields,
        "play_url": f"{account.public_base()}/rec/play/{file.key}",
        "download_url": f"{download}/{file.key}",
    }


def _listed_file(account: Account, file: RecordingFile, download: str) -> Json:
    """Build the JSON of a file in replies of the API: with the time of trashing, and fewer fields for a TIMELINE."""
    entry = _linked_file(account, file, download)
    if file.trashed:
        entry["deleted_time"] = write_instant(file.trashed)
    omitted = ("id", "status", "file_size", "recording_type", "play_url") if file.type == "TIMELINE" else ()
    return {name: value for name, value in entry.items() if name not in omitted}


def _is_shown(account: Account, instance: Instance) -> bool:
    """Return whether answers show an instance's recording: once it is ready, or half-ready if the policy says so."""
    is_ready = instance.recorded.ready <= account.now()
    return is_ready or (account.policy.recordings.half_ready and not instance.live)


def _half_ready(entry: Json) -> Json:
    """Return the row of a file that is being processed."""
    return {
        "id": "",
        "meeting_id": entry["meeting_id"],
        "recording_start": entry["recording_start"],
        "recording_end": entry["recording_end"],
        "file_type": "",
        "file_extension": "",
        "status": "",
    }


def _days(account: Account, call: Call) -> tuple[date, date]:
    """Parse the first and the last day. Zoom moves the first day up to a month before the last, save for the trash."""
    today = account.now().astimezone(UTC).date().isoformat()
    last_text = call.params.get("to") or today
    first = date.fromisoformat(call.params.get("from") or last_text)
    last = date.fromisoformat(last_text)
    return (first if call.params["trash"] else max(first, last - relativedelta(months=1))), last


def _find_trash(account: Account, name: str) -> tuple[Instance, list[RecordingFile]]:
    instance = account.find_instance(name)
    if instance is None or instance.recording is None:
        raise _no_recording()
    return instance, _trash(account, instance.recording)


def _trash(account: Account, recording: Recording) -> list[RecordingFile]:
    oldest = account.now() - TRASH_LIFE
    return [file for file in recording.files if file.trashed and file.trashed > oldest and not file.deleted]


def _require_file(files: list[RecordingFile], call: Call) -> RecordingFile:
    for file in files:
        if file.fields["id"] == call.parts["recordingId"]:
            return file
    raise _no_recording()


def _no_recording() -> Refusal:
    """Build the error for a recording that is missing, still being processed, trashed or deleted."""
    return Refusal(404, 3301, "There is no recording for this meeting.")


def _recover(account: Account, instance: Instance, files: list[RecordingFile]) -> None:
    for file in files:
        file.trashed = None
    payload = _event_payload(account, instance, files)
    notify(account, "recording.recovered", payload, download_token=download_token(account))
