"""Sharing of a recording: settings, transcript, registrants, views."""

from ..account import Account
from ..calls import Call, Json, Refusal, invalid
from ..notifications import milliseconds, notify
from ..paging import page_of
from ..records import Instance, RecordingFile, is_webinar_id
from ..zones import write_instant
from .auto_delete import change_auto_delete
from .recordings import require_recording, share_url, visible_settings

_STATUS_AFTER = {"approve": "approved", "deny": "denied"}


def get_settings(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings/settings`."""
    return visible_settings(account, require_recording(account, call).recorded)


def change_settings(account: Account, call: Call) -> None:
    """Answer `PATCH /meetings/{meetingId}/recordings/settings`. It changes the settings of one instance."""
    instance = require_recording(account, call)
    password = call.fields.get("password")
    if password is not None:  # the account requires a letter, a digit and a special character
        special = any(not character.isalnum() for character in password)
        if not (special and any(map(str.isalpha, password)) and any(map(str.isdigit, password))):
            raise invalid("password")
    settings = instance.recorded.settings
    before = settings["topic"]
    settings |= call.fields
    if settings["password"]:
        account.names.secret(settings["password"])
    change_auto_delete(account, instance, call.fields)
    if settings["topic"] != before:
        fields = instance.webinar.fields
        identity = {"uuid": instance.uuid, **{name: fields[name] for name in ("id", "type", "host_id")}}
        notify(
            account,
            "recording.renamed",
            {**identity, "topic": settings["topic"]},
            time_stamp=milliseconds(account.now()),
            old_object={**identity, "topic": before},
        )


def get_transcript(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/transcript`."""
    instance, file = _find_transcript(account, call)
    recording = instance.recorded
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
        reason = "NOT_READY" if recording.transcript_ready is None else "DELETED_OR_TRASHED"
        return {**body, "download_restriction_reason": reason if recording.transcribed else "NO_TRANSCRIPT_DATA"}
    return {
        **body,
        "transcript_created_time": write_instant(recording.transcript_ready or account.now()),
        "download_url": f"{account.callers_or_public_base()}/rec/download/{file.key}",
    }


def delete_transcript(account: Account, call: Call) -> None:
    """Answer `DELETE /meetings/{meetingId}/transcript`."""
    _, file = _find_transcript(account, call)
    if file is None:
        raise _no_transcript()
    file.trashed, file.deleted = account.now(), True


def list_registrants(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings/registrants`."""
    registrants = _require_latest(account, call).recorded.registrants
    listed = [row for row in registrants if row["status"] == call.params["status"]]
    return page_of(account, call, "registrants", listed)


def add_registrant(account: Account, call: Call) -> Json:
    """Answer `POST /meetings/{meetingId}/recordings/registrants`. A `status` in the body is ignored."""
    instance = _require_latest(account, call)
    recording = instance.recorded
    if not recording.settings["on_demand"]:
        raise Refusal(400, 3000, "Registration has not been enabled for this recording.")
    automatic = recording.settings["approval_type"] == 0
    status = "approved" if automatic else "pending"
    registrant = {**call.fields, "id": account.names.opaque(22), "status": status}
    recording.registrants.append(registrant)
    ticket = account.names.token(40)
    if automatic:
        recording.tickets.append(ticket)
    link = f"{share_url(account, recording)}?tk={ticket}"
    return {
        "id": instance.webinar.id,
        "registrant_id": registrant["id"],
        "topic": recording.settings["topic"],
        **({"share_url": account.names.secret(link)} if automatic else {}),
    }


def change_registrants(account: Account, call: Call) -> None:
    """Answer `PUT /meetings/{meetingId}/recordings/registrants/status`."""
    registrants = _require_latest(account, call).recorded.registrants
    ids = {selector.get("id") for selector in call.fields.get("registrants", [])}
    for registrant in registrants:
        if registrant["id"] in ids:
            registrant["status"] = _STATUS_AFTER[call.fields["action"]]


def get_questions(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings/registrants/questions`."""
    return _require_latest(account, call).recorded.questions


def set_questions(account: Account, call: Call) -> None:
    """Answer `PATCH /meetings/{meetingId}/recordings/registrants/questions`."""
    _require_latest(account, call).recorded.questions |= call.fields


def summarise_views(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings/analytics_summary`: there are no views."""
    require_recording(account, call)
    return {**_span(account, call), "analytics_summary": []}


def list_views(account: Account, call: Call) -> Json:
    """Answer `GET /meetings/{meetingId}/recordings/analytics_details`."""
    require_recording(account, call)
    page = page_of(account, call, "analytics_details", [], ("page_size", "total_records", "next_page_token"))
    return {**_span(account, call), **page}


def _find_transcript(account: Account, call: Call) -> tuple[Instance, RecordingFile | None]:
    """Get an instance that was recorded, with its transcript. Raise `Refusal` if it was not recorded or runs still."""
    instance = account.find_instance(call.parts["meetingId"])
    if instance is None or instance.recording is None or instance.live:
        raise _no_transcript()
    return instance, next((file for file in instance.recording.kept() if file.type == "TRANSCRIPT"), None)


def _no_transcript() -> Refusal:
    return Refusal(404, 3322, "This meeting transcript does not exist.")


def _require_latest(account: Account, call: Call) -> Instance:
    """Get the latest instance if it has a recording. Operations on registrants take the numeric id only."""
    if not is_webinar_id(call.parts["meetingId"]):
        raise invalid("meetingId")
    return require_recording(account, call)


def _span(account: Account, call: Call) -> Json:
    today = account.now().date().isoformat()
    return {"from": call.params.get("from") or today, "to": call.params.get("to") or today}
