"""Held webinars: instances, participants, absentees, reports."""

from datetime import timedelta

from ..account import Account
from ..calls import Call, Json, Refusal
from ..paging import TOKEN_ONLY, UNNUMBERED, page_of
from ..records import Instance, is_webinar_id, scheduled_ends
from ..zones import write_instant

YEAR = timedelta(days=365)


def list_instances(account: Account, call: Call) -> Json:
    """Answer `GET /past_webinars/{webinarId}/instances`. It takes the numeric id only and has no pagination."""
    name = call.parts["webinarId"]
    webinar = account.webinars.get(int(name)) if is_webinar_id(name) else None
    if webinar is None:
        raise Refusal(400, 300, "Invalid webinar ID.")
    if webinar.converted:
        raise Refusal(404, 3001, f"Webinar does not exist: {name}.")
    entries = [
        {"uuid": instance.uuid, "start_time": write_instant(instance.start)}
        for instance in webinar.instances
        if not instance.live
    ]
    if not entries and account.policy.undocumented.instances_of_none == "404":
        raise Refusal(404, 3001, f"Webinar does not exist: {name}.")
    return {"webinars": entries}


def list_participants(account: Account, call: Call) -> Json:
    """Answer `GET /past_webinars/{webinarId}/participants`."""
    instance = require_ended(account, call, "Webinar does not exist.")
    entries = [_participant_entry(participant, call) for participant in instance.participants]
    return page_of(account, call, "participants", entries, UNNUMBERED)


def list_absentees(account: Account, call: Call) -> Json:
    """Answer `GET /past_webinars/{webinarId}/absentees`."""
    name = call.parts["webinarId"]
    instance = require_ended(account, call, f"Webinar {name} not found or expired.")
    webinar = instance.webinar
    if webinar.settings["approval_type"] == 2:
        raise Refusal(400, 3000, f"This webinar doesn't have registration required: {name}.")
    attendees = {participant["user_email"].lower() for participant in instance.participants}
    absent = [
        registrant
        for registrant in webinar.registrants
        if registrant["status"] == "approved" and registrant["email"].lower() not in attendees
    ]
    return page_of(account, call, "registrants", absent)


def report_webinar(account: Account, call: Call) -> Json:
    """Answer `GET /report/webinars/{webinarId}`."""
    instance = require_reported(account, call)
    webinar = instance.webinar
    return {
        **instance_ids(instance),
        "type": webinar.fields["type"],
        "topic": webinar.fields["topic"],
        "user_name": webinar.host.name,
        "user_email": webinar.host.email,
        "dept": "",
        "end_time": write_instant(instance.end),
        "duration": instance.minutes,
        "total_minutes": instance.minutes * len(instance.participants),
        "participants_count": len(instance.participants),
        "tracking_fields": [
            {"field": tracking["field"], "value": tracking["value"]}
            for tracking in webinar.fields.get("tracking_fields", [])
        ],
        "custom_keys": [],
    }


def report_participants(account: Account, call: Call) -> Json:
    """Answer `GET /report/webinars/{webinarId}/participants`."""
    instance = require_reported(account, call)
    entries = [
        {**_participant_entry(participant, call, "internal_user"), "participant_user_id": participant["id"]}
        for participant in instance.participants
    ]
    return page_of(account, call, "participants", entries, UNNUMBERED)


def report_survey(account: Account, call: Call) -> Json:
    """Answer `GET /report/webinars/{webinarId}/survey`."""
    instance = require_reported(account, call)
    return {
        "webinar_id": instance.webinar.id,
        "webinar_uuid": instance.uuid,
        "start_time": write_instant(instance.start),
        "survey_id": "",
        "survey_name": "",
        "survey_answers": [],
    }


def report_upcoming(account: Account, call: Call) -> Json:
    """Answer `GET /report/upcoming_events`."""
    first, last = call.params["from"], call.params["to"]
    entries = [
        {
            "dept": "",
            "host_id": webinar.host.id,
            "host_name": webinar.host.name,
            "id": str(webinar.id),
            "start_time": webinar.fields["start_time"],
            "topic": webinar.fields["topic"],
        }
        for webinar in account.webinars.values()
        if not webinar.deleted
        and first <= webinar.fields.get("start_time", "")[:10] <= last
        and any(end > account.now() for end in scheduled_ends(webinar))
    ]
    shown = [] if call.params["type"] == "meeting" else entries
    return {"from": first, "to": last, **page_of(account, call, "upcoming_events", shown, TOKEN_ONLY)}


def report_history(account: Account, call: Call) -> Json:
    """Answer `GET /report/history_meetings`: one entry for each ended instance."""
    first, last = call.params["from"][:10], call.params["to"][:10]
    entries = [
        {
            "meeting_uuid": instance.uuid,
            "meeting_id": instance.webinar.id,
            "type": "Webinar",
            "host_display_name": instance.webinar.host.name,
            "host_email": instance.webinar.host.email,
            "start_time": write_instant(instance.start),
            "end_time": write_instant(instance.end),
            "topic": instance.webinar.fields["topic"],
            "participants": len(instance.participants),
            "duration": instance.minutes,
            "total_participant_minutes": instance.minutes * len(instance.participants),
            "create_time": instance.webinar.fields["created_at"],
            "source": "Zoom",
        }
        for instance in account.instances()
        if not instance.live and first <= instance.start.date().isoformat() <= last
    ]
    shown = [] if call.params.get("meeting_type") == "meeting" else entries
    return page_of(account, call, "history_meetings", shown, TOKEN_ONLY)


def report_storage(account: Account, call: Call) -> Json:
    """Answer `GET /report/cloud_recording`."""
    used_bytes = sum(
        file.fields["file_size"]
        for instance in account.instances()
        if instance.recording
        for file in instance.recording.files
        if not file.deleted
    )
    usage = f"{used_bytes / 1_000_000:.2f} MB"
    day = {"date": call.params["to"], "free_usage": "495 MB", "plan_usage": "0", "usage": usage}
    return {"from": call.params["from"], "to": call.params["to"], "cloud_recording_storage": [day]}


def require_ended(account: Account, call: Call, message: str) -> Instance:
    """Get an ended instance: the latest one of a webinar id, or the one of a uuid. Raise `Refusal` if there is none."""
    instance = account.find_instance(call.parts["webinarId"])
    if instance is None or instance.live:
        raise Refusal(404, 3001, message)
    return instance


def require_reported(account: Account, call: Call) -> Instance:
    """Get an ended instance that reports still cover: at most one year old."""
    instance = require_ended(account, call, f"Webinar {call.parts['webinarId']} not found or has expired.")
    if instance.end < account.now() - YEAR:
        raise Refusal(400, 12702, "Can not access a webinar a year ago.")
    return instance


def _participant_entry(participant: Json, call: Call, *further_hidden: str) -> Json:
    hidden = set(further_hidden)
    if call.params.get("include_fields") != "registrant_id":
        hidden.add("registrant_id")
    return {name: value for name, value in participant.items() if name not in hidden}


def instance_ids(instance: Instance) -> Json:
    return {"id": instance.webinar.id, "uuid": instance.uuid, "start_time": write_instant(instance.start)}
