"""Cloud recordings: read, listed, trashed, deleted, recovered."""

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
    """Answer `GET /meetings/{meetingId}/recordings`: the latest instance by id, exactly one by uuid."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    body = described(account, instance, recording.kept(), call.base)
    body["password"] = recording.settings["password"]
    if call.params.get("include_fields") == "download_access_token":
        life = timedelta(seconds=call.params.get("ttl") or WEBHOOK_TOKEN_LIFE.total_seconds())
        body["download_access_token"] = download_token(account, life)
    return Reply(body=body)


def list_recordings(account: Account, call: Call) -> Reply:
    """Answer `GET /users/{userId}/recordings`: by day of recording, today where no day is given."""
    user = require_user(account, call.parts["userId"])
    trash = bool(call.params["trash"])
    first, last = _days(account, call)
    wanted = call.params.get("meeting_id")
    entries = [
        described(account, instance, files, call.base)
        for instance, files in _recorded(account, trash=trash)
        if instance.webinar.host is user
        and (trash or first <= instance.start.date() <= last)
        and wanted in (None, instance.webinar.id)
    ]
    page = page_of(account, call, entries)
    paging = {name: value for name, value in page.body().items() if name != "page_number"}
    if not entries:
        paging |= {"page_size": 0}
    return Reply(body={"from": first.isoformat(), "to": last.isoformat(), **paging, "meetings": page.entries})


def delete_recording(account: Account, call: Call) -> Reply:
    """Answer `DELETE /meetings/{meetingId}/recordings`: into the trash, or for good."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    files = recording.kept()
    event = _remove(account, files, call.params["action"])
    recording.trashed = account.now()
    notify(account, event, _announced(account, instance, files))
    return NO_CONTENT


def delete_file(account: Account, call: Call) -> Reply:
    """Answer `DELETE /meetings/{meetingId}/recordings/{recordingId}`."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    file = _file(recording.kept(), call.parts["recordingId"])
    event = _remove(account, [file], call.params["action"])
    if not recording.kept():
        recording.trashed = account.now()
    notify(account, event, _announced(account, instance, [file]))
    return NO_CONTENT


def recover_recording(account: Account, call: Call) -> Reply:
    """Answer `PUT /meetings/{meetingUUID}/recordings/status`."""
    instance = account.find_instance(call.parts["meetingUUID"])
    files = [file for file in _trash(account, instance) if instance]
    if instance is None or instance.recording is None or not files:
        raise no_recording()
    _recover(account, instance, instance.recording, files)
    return Reply(status=200)


def recover_file(account: Account, call: Call) -> Reply:
    """Answer `PUT /meetings/{meetingId}/recordings/{recordingId}/status`."""
    instance = account.find_instance(call.parts["meetingId"])
    file = _file(_trash(account, instance), call.parts["recordingId"])
    if instance is None or instance.recording is None:
        raise no_recording()
    _recover(account, instance, instance.recording, [file])
    return NO_CONTENT


def require_recording(account: Account, name: str) -> tuple[Instance, Recording]:
    """Get the finished recording of an instance or refuse as Zoom does, also while it is processed."""
    instance = account.find_instance(name)
    recording = instance.recording if instance else None
    if instance is None or recording is None or recording.ready > account.now() or not recording.kept():
        raise no_recording()
    return instance, recording


def no_recording() -> Refusal:
    """Refuse because there is no recording, or not yet, or no longer."""
    return Refusal(404, 3301, "There is no recording for this meeting.")


def download_token(account: Account, life: timedelta = WEBHOOK_TOKEN_LIFE) -> str:
    """Make a token that downloads, for a time."""
    token = account.names.token(180)
    account.downloads[token] = {"expires": account.now() + life}
    return token


def play_passcode(account: Account, recording: Recording) -> str:
    """Tell the form of a recording's passcode that stands in links."""
    return account.names.secret(account.names.hidden(f"{recording.share_key} {recording.settings['password']}"))


def share_url(account: Account, recording: Recording) -> str:
    """Tell the address of the page on which people watch the recording."""
    return f"{account.public_base()}/rec/share/{recording.share_key}"


def described(account: Account, instance: Instance, files: Iterable[RecordingFile], base: str) -> Json:
    """Describe a recording as the API does."""
    recording = instance.recording
    assert recording is not None  # noqa: S101 - the callers have looked
    shown = [_listed(account, file, f"{base}/rec/download") for file in files]
    return {
        **_summary(account, instance, recording, shown),
        "account_id": account.account_id,
        "timezone": instance.webinar.fields["timezone"],
        "recording_play_passcode": play_passcode(account, recording),
        "auto_delete": recording.settings["auto_delete"],
        **({"auto_delete_date": recording.settings["auto_delete_date"]} if recording.settings["auto_delete"] else {}),
        "recording_files": shown,
        "participant_audio_files": [],
    }


def told_completed(account: Account, instance: Instance, recording: Recording) -> Json:
    """Describe a recording as `recording.completed` does."""
    return {
        **told_transcript(account, instance, recording, recording.kept()),
        "recording_play_passcode": play_passcode(account, recording),
        "on_prem": False,
        "auto_delete": recording.settings["auto_delete"],
    }


def told_transcript(account: Account, instance: Instance, recording: Recording, files: Iterable[RecordingFile]) -> Json:
    """Describe a recording as `recording.transcript_completed` does."""
    return {
        **_announced(account, instance, files),
        "host_email": instance.webinar.host.email,
        "password": recording.settings["password"],
    }


def _announced(account: Account, instance: Instance, files: Iterable[RecordingFile]) -> Json:
    recording = instance.recording
    assert recording is not None  # noqa: S101 - the callers have looked
    base = account.callers_base or account.public_base()
    shown = [_shown(account, file, f"{base}/rec/webhook_download") for file in files]
    return {
        **_summary(account, instance, recording, shown),
        "account_id": account.account_id,
        "timezone": instance.webinar.fields["timezone"],
        "recording_files": shown,
    }


def _summary(account: Account, instance: Instance, recording: Recording, shown: list[Json]) -> Json:
    fields = instance.webinar.fields
    return {
        "uuid": instance.uuid,
        "id": fields["id"],
        "host_id": fields["host_id"],
        "topic": recording.settings["topic"],
        "type": fields["type"],
        "start_time": write_instant(instance.start),
        "duration": int((instance.end - instance.start).total_seconds() // 60),
        "total_size": sum(file.get("file_size", 0) for file in shown),
        "recording_count": len(shown),
        "share_url": share_url(account, recording),
    }


def _shown(account: Account, file: RecordingFile, download: str) -> Json:
    return {
        **file.fields,
        "play_url": f"{account.public_base()}/rec/play/{file.key}",
        "download_url": f"{download}/{file.key}",
    }


def _listed(account: Account, file: RecordingFile, download: str) -> Json:
    """Show a file as the API does, which tells less of a timeline and when a file was trashed."""
    shown = _shown(account, file, download)
    if file.trashed:
        shown["deleted_time"] = write_instant(file.trashed)
    bare = ("id", "status", "file_size", "recording_type", "play_url") if file.media == "TIMELINE" else ()
    return {name: value for name, value in shown.items() if name not in bare}


def _days(account: Account, call: Call) -> tuple[date, date]:
    today = account.now().astimezone(UTC).date()
    last = _day(call.params.get("to")) or today
    first = _day(call.params.get("from")) or (last if call.params.get("to") else today)
    if first + relativedelta(months=1) < last and not call.params["trash"]:
        raise Refusal(400, 300, "The date range between `from` and `to` cannot exceed one month.")
    return first, last


def _day(text: str | None) -> date | None:
    return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone


def _recorded(account: Account, *, trash: bool) -> Iterable[tuple[Instance, list[RecordingFile]]]:
    for instance in account.instances():
        recording = instance.recording
        if recording and recording.ready <= account.now():
            files = _trash(account, instance) if trash else recording.kept()
            if files:
                yield instance, files


def _trash(account: Account, instance: Instance | None) -> list[RecordingFile]:
    files = instance.recording.files if instance and instance.recording else []
    oldest = account.now() - TRASH_LIFE
    return [file for file in files if file.trashed and file.trashed > oldest and not file.gone]


def _file(files: list[RecordingFile], file_id: str) -> RecordingFile:
    found = next((file for file in files if file.fields["id"] == file_id), None)
    if found is None:
        raise no_recording()
    return found


def _remove(account: Account, files: list[RecordingFile], action: str) -> str:
    for file in files:
        file.trashed = account.now()
        file.gone = action == "delete"
    return "recording.deleted" if action == "delete" else "recording.trashed"


def _recover(account: Account, instance: Instance, recording: Recording, files: list[RecordingFile]) -> None:
    for file in files:
        file.trashed = None
    recording.trashed = None
    notify(
        account,
        "recording.recovered",
        _announced(account, instance, files),
        download_token=download_token(account),
    )
