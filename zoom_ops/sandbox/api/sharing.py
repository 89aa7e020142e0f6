"""Sharing of a recording: settings, transcript, registrants, views."""

from datetime import timedelta

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created, invalid
from ..notifications import milliseconds, notify
from ..paging import page_of
from ..records import Instance, Recording, RecordingFile, is_webinar_id
from ..zones import write_instant
from .recordings import require_recording, share_url

AUTO_DELETE_AFTER = timedelta(days=30)
_STATUS_AFTER = {"approve": "approved", "deny": "denied"}


def get_settings(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings/settings`."""
    _, recording = require_recording(account, call.parts["meetingId"])
    return Reply(body=recording.settings)


def change_settings(account: Account, call: Call) -> Reply:
    """Answer `PATCH /meetings/{meetingId}/recordings/settings`. It changes the settings of one instance."""
    instance, recording = require_recording(account, call.parts["meetingId"])
    if not _is_strong(call.fields.get("password")):
        raise invalid("password")
    before = recording.settings["topic"]
    recording.settings |= call.fields
    account.names.secret(recording.settings["password"])
    delete_on = account.now().date() + AUTO_DELETE_AFTER
    recording.settings["auto_delete_date"] = delete_on.isoformat() if recording.settings["auto_delete"] else ""
    if recording.settings["topic"] != before:
        _notify_rename(account, instance, recording, before)
    return NO_CONTENT


def get_transcript(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/transcript`."""
    instance, recording = _require_recorded(account, call)
    file = _transcript(recording)
    body: Json = {
        "meeting_id": instance.uuid,
        "account_id": account.account_id,
        "meeting_topic": instance.webinar.fields["topic"],
        "host_id": instance.webinar.host.id,
        "can_download": file is not None,
        "auto_delete": recording.settings["auto_delete"],
        "auto_delete_date": recording.settings["auto_delete_date"],
    }
    if file is None:
        return Reply(body={**body, "download_restriction_reason": _restriction_reason(recording)})
    ready = recording.transcript_ready or account.now()
    return Reply(
        body={
            **body,
            "transcript_created_time": write_instant(ready),
            "download_url": f"{call.base}/rec/download/{file.key}",
        }
    )


def delete_transcript(account: Account, call: Call) -> Reply:
    """Answer `DELETE /meetings/{meetingId}/transcript`."""
    _, recording = _require_recorded(account, call)
    file = _transcript(recording)
    if file is None:
        raise _no_transcript()
    file.trashed, file.deleted = account.now(), True
    return NO_CONTENT


def list_registrants(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings/registrants`."""
    _, recording = _require_latest(account, call)
    listed = [row for row in recording.registrants if row["status"] == call.params["status"]]
    page = page_of(account, call, listed)
    return Reply(body={**page.body(), "registrants": page.entries})


def add_registrant(account: Account, call: Call) -> Reply:
    """Answer `POST /meetings/{meetingId}/recordings/registrants`. A `status` in the body is ignored."""
    instance, recording = _require_latest(account, call)
    if not recording.settings["on_demand"]:
        raise Refusal(400, 3000, "Registration has not been enabled for this recording.")
    automatic = recording.settings["approval_type"] == 0
    registrant: Json = {
        **call.fields,
        "id": account.names.opaque(22),
        "status": "approved" if automatic else "pending",
    }
    recording.registrants.append(registrant)
    link = f"{share_url(account, recording)}?tk={account.names.token(40)}"
    return created(
        {
            "id": instance.webinar.id,
            "registrant_id": registrant["id"],
            "topic": recording.settings["topic"],
            **({"share_url": account.names.secret(link)} if automatic else {}),
        }
    )


def change_registrants(account: Account, call: Call) -> Reply:
    """Answer `PUT /meetings/{meetingId}/recordings/registrants/status`."""
    _, recording = _require_latest(account, call)
    ids = {selector.get("id") for selector in call.fields.get("registrants", [])}
    for registrant in recording.registrants:
        if registrant["id"] in ids:
            registrant["status"] = _STATUS_AFTER[call.fields["action"]]
    return NO_CONTENT


def get_questions(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings/registrants/questions`."""
    _, recording = _require_latest(account, call)
    return Reply(body=recording.questions)


def set_questions(account: Account, call: Call) -> Reply:
    """Answer `PATCH /meetings/{meetingId}/recordings/registrants/questions`."""
    _, recording = _require_latest(account, call)
    recording.questions |= call.fields
    return NO_CONTENT


def summarise_views(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings/analytics_summary`: there are no views."""
    require_recording(account, call.parts["meetingId"])
    return Reply(body={**_span(account, call), "analytics_summary": []})


def list_views(account: Account, call: Call) -> Reply:
    """Answer `GET /meetings/{meetingId}/recordings/analytics_details`."""
    require_recording(account, call.parts["meetingId"])
    page = page_of(account, call, [])
    paging = {"page_size": page.size, "total_records": page.total, "next_page_token": page.next_token}
    return Reply(body={**_span(account, call), **paging, "analytics_details": []})


def _require_latest(account: Account, call: Call) -> tuple[Instance, Recording]:
    """Get the recording of the latest instance. Operations on registrants take the numeric id only."""
    if not is_webinar_id(call.parts["meetingId"]):
        raise invalid("meetingId")
    return require_recording(account, call.parts["meetingId"])


def _is_strong(password: str | None) -> bool:
    """Return whether a passcode has a letter, a digit and a special character, as the account requires."""
    if password is None:
        return True
    special = any(not character.isalnum() for character in password)
    return any(map(str.isalpha, password)) and any(map(str.isdigit, password)) and special


def _notify_rename(account: Account, instance: Instance, recording: Recording, before: str) -> None:
    fields = instance.webinar.fields
    identity: Json = {"uuid": instance.uuid, "id": fields["id"], "type": fields["type"], "host_id": fields["host_id"]}
    notify(
        account,
        "recording.renamed",
        {**identity, "topic": recording.settings["topic"]},
        time_stamp=milliseconds(account.now()),
        old_object={**identity, "topic": before},
    )


def _require_recorded(account: Account, call: Call) -> tuple[Instance, Recording]:
    instance = account.find_instance(call.parts["meetingId"])
    if instance is None or instance.recording is None or instance.live:
        raise _no_transcript()
    return instance, instance.recording


def _no_transcript() -> Refusal:
    return Refusal(404, 3322, "This meeting transcript does not exist.")


def _transcript(recording: Recording) -> RecordingFile | None:
    return next((file for file in recording.kept() if file.media == "TRANSCRIPT"), None)


def _restriction_reason(recording: Recording) -> str:
    if not recording.transcribed:
        return "NO_TRANSCRIPT_DATA"
    return "NOT_READY" if recording.transcript_ready is None else "DELETED_OR_TRASHED"


def _span(account: Account, call: Call) -> Json:
    today = account.now().date().isoformat()
    return {"from": call.params.get("from") or today, "to": call.params.get("to") or today}
