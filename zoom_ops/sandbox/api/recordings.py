"""Cloud recordings: read, list, trash, delete, recover."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply
from ..notifications import notify
from ..paging import page_of
from ..records import Instance, Recording, RecordingFile
from ..zones import write_instant
from .users import require_user

WEBHOOK_TOKEN_LIFE = timedelta(hours=24)
TRASH_LIFE = timedelta(days=30)


def get_recording(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings`: of the latest instance by id, of one instance by uuid."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    body = recording_body(account, instance, recording.kept(), call.base)
    body["password"] = recording.settings["password"]
    if call.params.get("include_fields") == "download_access_token":
        life = timedelta(seconds=call.params.get("ttl") or WEBHOOK_TOKEN_LIFE.total_seconds())
        body["download_access_token"] = download_token(account, life)
    return Reply(body=body)


def list_recordings(account: Account, call: Call) -> Reply:
    """Answer `GET /users/{userId}/recordings`, filtered by day of recording. The default is today."""
    user = require_user(account, call.parts["userId"])
    trash = bool(call.params["trash"])
    first, last = _days(account, call)
    webinar_id = call.params.get("meeting_id")
    entries = [
        recording_body(account, instance, files, call.base)
        for instance, files in _iter_recorded(account, trash=trash)
        if instance.webinar.host is user
        and (trash or first <= instance.start.date() <= last)
        and webinar_id in (None, instance.webinar.id)
    ]
    page = page_of(account, call, entries)
    paging = {name: value for name, value in page.body().items() if name != "page_number"}
    if not entries:
        paging |= {"page_size": 0}
    return Reply(body={"from": first.isoformat(), "to": last.isoformat(), **paging, "meetings": page.entries})


def delete_recording(account: Account, call: Call) -> Reply:
    """Answer `DELETE /meetings/{meetingId}/recordings`: move all files to the trash, or delete them."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    files = recording.kept()
    event = _remove(account, files, call.params["action"])
    recording.trashed = account.now()
    notify(account, event, _event_payload(account, instance, files))
    return NO_CONTENT


def delete_file(account: Account, call: Call) -> Reply:
    """Answer `DELETE /meetings/{meetingId}/recordings/{recordingId}`."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    file = _require_file(recording.kept(), call.parts["recordingId"])
    event = _remove(account, [file], call.params["action"])
    if not recording.kept():
        recording.trashed = account.now()
    notify(account, event, _event_payload(account, instance, [file]))
    return NO_CONTENT


def recover_recording(account: Account, call: Call) -> Reply:
    """Answer `PUT /meetings/{meetingUUID}/recordings/status`."""
    instance = account.find_instance(call.parts["meetingUUID"])
    files = _trash(account, instance)
    if instance is None or instance.recording is None or not files:
        raise no_recording()
    _recover(account, instance, instance.recording, files)
    return Reply(status=200)


def recover_file(account: Account, call: Call) -> Reply:
    """Answer `PUT /meetings/{meetingId}/recordings/{recordingId}/status`."""
    instance = account.find_instance(call.parts["meetingId"])
    file = _require_file(_trash(account, instance), call.parts["recordingId"])
    if instance is None or instance.recording is None:
        raise no_recording()
    _recover(account, instance, instance.recording, [file])
    return NO_CONTENT


def require_recording(account: Account, name: str) -> tuple[Instance, Recording]:
    """Get an instance with its recording. Raise `Refusal` if there is none, or if it is still being processed."""
    instance = account.find_instance(name)
    recording = instance.recording if instance else None
    if instance is None or recording is None or recording.ready > account.now() or not recording.kept():
        raise no_recording()
    return instance, recording


def no_recording() -> Refusal:
    """Build the error for a recording that is missing, still being processed, trashed or deleted."""
    return Refusal(404, 3301, "There is no recording for this meeting.")


def download_token(account: Account, life: timedelta = WEBHOOK_TOKEN_LIFE) -> str:
    """Issue a token for downloads that is valid for `life`."""
    token = account.names.token(180)
    account.downloads[token] = {"expires": account.now() + life}
    return token


def play_passcode(account: Account, recording: Recording) -> str:
    """Return the derived passcode of a recording, for links that ask for no passcode."""
    return account.names.secret(account.names.derived(f"{recording.share_key} {recording.settings['password']}"))


def share_url(account: Account, recording: Recording) -> str:
    """Return the address of the page on which people watch the recording."""
    return f"{account.public_base()}/rec/share/{recording.share_key}"


def recording_body(account: Account, instance: Instance, files: Iterable[RecordingFile], base: str) -> Json:
    """Build the JSON of a recording in replies of the API. `base` begins the download links."""
    recording = instance.recording
    assert recording is not None  # noqa: S101 - the callers check it
    entries = [_listed_file(account, file, f"{base}/rec/download") for file in files]
    return {
        **_summary(account, instance, recording, entries),
        "account_id": account.account_id,
        "timezone": instance.webinar.fields["timezone"],
        "recording_play_passcode": play_passcode(account, recording),
        "auto_delete": recording.settings["auto_delete"],
        **({"auto_delete_date": recording.settings["auto_delete_date"]} if recording.settings["auto_delete"] else {}),
        "recording_files": entries,
        "participant_audio_files": [],
    }


def completed_payload(account: Account, instance: Instance, recording: Recording) -> Json:
    """Build the object of the notification `recording.completed`."""
    return {
        **transcript_payload(account, instance, recording, recording.kept()),
        "recording_play_passcode": play_passcode(account, recording),
        "on_prem": False,
        "auto_delete": recording.settings["auto_delete"],
    }


def transcript_payload(
    account: Account, instance: Instance, recording: Recording, files: Iterable[RecordingFile]
) -> Json:
    """Build the object of the notification `recording.transcript_completed`."""
    return {
        **_event_payload(account, instance, files),
        "host_email": instance.webinar.host.email,
        "password": recording.settings["password"],
    }


def _event_payload(account: Account, instance: Instance, files: Iterable[RecordingFile]) -> Json:
    recording = instance.recording
    assert recording is not None  # noqa: S101 - the callers check it
    base = account.callers_base or account.public_base()
    entries = [_linked_file(account, file, f"{base}/rec/webhook_download") for file in files]
    return {
        **_summary(account, instance, recording, entries),
        "account_id": account.account_id,
        "timezone": instance.webinar.fields["timezone"],
        "recording_files": entries,
    }


def _summary(account: Account, instance: Instance, recording: Recording, entries: list[Json]) -> Json:
    fields = instance.webinar.fields
    return {
        "uuid": instance.uuid,
        "id": fields["id"],
        "host_id": fields["host_id"],
        "topic": recording.settings["topic"],
        "type": fields["type"],
        "start_time": write_instant(instance.start),
        "duration": int((instance.end - instance.start).total_seconds() // 60),
        "total_size": sum(file.get("file_size", 0) for file in entries),
        "recording_count": len(entries),
        "share_url": share_url(account, recording),
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
    omitted = ("id", "status", "file_size", "recording_type", "play_url") if file.media == "TIMELINE" else ()
    return {name: value for name, value in entry.items() if name not in omitted}


def _days(account: Account, call: Call) -> tuple[date, date]:
    today = account.now().astimezone(UTC).date()
    last = _day(call.params.get("to")) or today
    first = _day(call.params.get("from")) or (last if call.params.get("to") else today)
    if first + relativedelta(months=1) < last and not call.params["trash"]:
        raise Refusal(400, 300, "The date range between `from` and `to` cannot exceed one month.")
    return first, last


def _day(text: str | None) -> date | None:
    return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no time zone


def _iter_recorded(account: Account, *, trash: bool) -> Iterable[tuple[Instance, list[RecordingFile]]]:
    for instance in account.instances():
        recording = instance.recording
        if recording and recording.ready <= account.now():
            files = _trash(account, instance) if trash else recording.kept()
            if files:
                yield instance, files


def _trash(account: Account, instance: Instance | None) -> list[RecordingFile]:
    files = instance.recording.files if instance and instance.recording else []
    oldest = account.now() - TRASH_LIFE
    return [file for file in files if file.trashed and file.trashed > oldest and not file.deleted]


def _require_file(files: list[RecordingFile], file_id: str) -> RecordingFile:
    for file in files:
        if file.fields["id"] == file_id:
            return file
    raise no_recording()


def _remove(account: Account, files: list[RecordingFile], action: str) -> str:
    for file in files:
        file.trashed = account.now()
        file.deleted = action == "delete"
    return "recording.deleted" if action == "delete" else "recording.trashed"


def _recover(account: Account, instance: Instance, recording: Recording, files: list[RecordingFile]) -> None:
    for file in files:
        file.trashed = None
    recording.trashed = None
    notify(
        account,
        "recording.recovered",
        _event_payload(account, instance, files),
        download_token=download_token(account),
    )
