"""Webinars: list, create, read, update, delete."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import cast

from ..account import Account
from ..calls import Call, Json, Refusal
from ..limits import count_host_day
from ..notifications import milliseconds, notify, scheduled_payload
from ..paging import page_of
from ..records import User, Webinar, expiry, is_webinar_id, scheduled_ends
from ..zones import read_instant, write_instant
from .users import require_host, require_licence
from .webinar_drafts import change_webinar, check_draft, draft_webinar

LISTED_AGENDA = 250
_LISTED = (
    *("uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone"),
    *("agenda", "created_at", "join_url", "is_simulive"),
)
_PER_OCCURRENCE = ("agenda", "start_time", "duration")
_NOTIFIED = (
    *("topic", "type", "start_time", "duration", "timezone", "password", "agenda"),
    *("registration_url", "occurrences", "recurrence"),
)
_NOTIFIED_SETTINGS = (
    *("host_video", "panelists_video", "practice_session", "approval_type", "registration_type", "audio"),
    *("auto_recording", "enforce_login", "meeting_authentication", "authentication_option"),
    *("authentication_name", "authentication_domains", "language_interpretation"),
    *("sign_language_interpretation", "allow_host_control_participant_mute_state", "email_in_attendee_report"),
)


def list_webinars(account: Account, call: Call) -> Json:
    """Answer `GET /users/{userId}/webinars`."""
    host = require_host(account, call.parts["userId"])
    now = account.now()
    lag = max(account.list_lag, timedelta(seconds=account.policy.undocumented.list_lag_s))
    matching = [
        webinar
        for webinar in account.webinars.values()
        if webinar.host is host
        and not (webinar.deleted or webinar.converted)
        and webinar.created + lag <= now <= expiry(webinar)
        and (call.params["type"] != "upcoming" or _is_upcoming(webinar, now))
    ]
    entries = [{name: webinar.fields[name] for name in _LISTED if name in webinar.fields} for webinar in matching]
    for entry in entries:
        entry["agenda"] = entry["agenda"][:LISTED_AGENDA]
    return page_of(account, call, "webinars", entries)


def create_webinar(account: Account, call: Call) -> Json:
    """Answer `POST /users/{userId}/webinars`."""
    body = call.fields
    scheduler = require_host(account, call.parts["userId"])
    host = _require_schedule_for(account, body["schedule_for"]) if body.get("schedule_for") else scheduler
    check_draft(account, body, body.get("type", 5))
    count_host_day(account, scheduler)
    webinar = Webinar(host=host, fields=draft_webinar(account, host, body), created=account.now(), used=account.now())
    account.webinars[webinar.id] = webinar
    payload = scheduled_payload(webinar, "join_url", "password", "creation_source", "occurrences", "recurrence")
    payload["settings"] = {"use_pmi": False, "alternative_hosts": webinar.settings["alternative_hosts"]}
    notify(account, "webinar.created", payload, operation="all")
    return _shown(account, webinar)


def get_webinar(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}`."""
    shown = _shown(account, webinar, previous=bool(call.params.get("show_previous_occurrences")))
    return {**shown, **(_find_occurrence(webinar, call) or {})}


def update_webinar(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}`."""
    _check_changeable(webinar)
    check_draft(account, call.fields, webinar.fields["type"])
    if call.fields.get("schedule_for"):
        _require_schedule_for(account, call.fields["schedule_for"])  # Zoom checks it but keeps the host
    date = _find_occurrence(webinar, call)
    count_host_day(account, webinar.host)
    before = deepcopy(webinar.fields)
    if date:
        date |= {name: call.fields[name] for name in _PER_OCCURRENCE if name in call.fields}
        if "start_time" in call.fields:
            zone_name = str(call.fields.get("timezone", webinar.fields["timezone"]))
            date["start_time"] = write_instant(read_instant(call.fields["start_time"], zone_name))
    else:
        change_webinar(account, webinar, call.fields)
    webinar.used = account.now()
    _notify_changes(account, webinar, before, scope="single" if date else "all")


def delete_webinar(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}`: delete the webinar or one occurrence. Only Zoom's portal recovers it."""
    _check_changeable(webinar)
    payload = scheduled_payload(webinar)
    if date := _find_occurrence(webinar, call):
        date["status"] = "deleted"
        payload["occurrences"] = [{"occurrence_id": date["occurrence_id"], "start_time": date["start_time"]}]
        notify(account, "webinar.deleted", payload, operation="single")
    else:
        webinar.deleted = account.now()
        notify(account, "webinar.deleted", payload, operation="all")


def require_webinar(account: Account, name: str) -> Webinar:
    """Get the webinar with an id or uuid, as a path names it. Raise `Refusal` if there is none."""
    if not is_webinar_id(name) and len(name) < 20:
        raise Refusal(400, 300, "Invalid webinar ID.")
    webinar = account.find_webinar(name)
    if webinar is None:
        raise Refusal(404, 3001, f"Webinar does not exist: {name}.")
    if webinar.converted:
        raise Refusal(400, 3000, "Cannot access meeting info.")
    return webinar


def _check_changeable(webinar: Webinar) -> None:
    if webinar.made_by_events:
        message = "webinars created via event directory can not be updated or deleted using this method."
        raise Refusal(400, 3000, f"Your request could not be processed because {message}")
    if webinar.fields["is_simulive"] and webinar.instances:
        raise Refusal(400, 3000, "You cannot update or delete simulive webinars that have started using this method.")


def _require_schedule_for(account: Account, name: str) -> User:
    host = account.find_user(name)
    if host is None:
        message = "The value that you entered for the `schedule_for` field is invalid."
        raise Refusal(400, 300, f"{message} Enter a valid value and try again.")
    require_licence(account, host)
    return host


def _is_upcoming(webinar: Webinar, now: datetime) -> bool:
    if webinar.live() or webinar.fields["type"] == 6:
        return True
    is_over = webinar.fields["type"] == 5 and webinar.instances
    return not is_over and any(end > now for end in scheduled_ends(webinar))


def _shown(account: Account, webinar: Webinar, *, previous: bool = False) -> Json:
    shown = deepcopy(webinar.fields)
    if "occurrences" in shown:
        now = write_instant(account.now())
        shown["occurrences"] = [date for date in shown["occurrences"] if previous or date["start_time"] >= now]
    shown["capacity"] = account.policy.licences.reply_capacity or webinar.host.capacity
    shown["start_url"] = f"{account.public_base()}/s/{webinar.id}?zak={account.names.token(120)}"
    return shown


def _find_occurrence(webinar: Webinar, call: Call) -> Json | None:
    """Find the occurrence that a call asks for, None if it asks for the webinar. Raise `Refusal` if there is none."""
    occurrence_id = call.params.get("occurrence_id")
    if not occurrence_id:
        return None
    for date in webinar.fields.get("occurrences", []):
        if date["occurrence_id"] == occurrence_id and date["status"] != "deleted":
            return cast(Json, date)
    raise Refusal(400, 3000, "Webinar occurrence does not exist.")


def _notify_changes(account: Account, webinar: Webinar, before: Json, *, scope: str) -> None:
    """Notify about changed fields with their values before. Without a change there is no notification."""
    before, after = {"occurrences": [], **before}, {"occurrences": [], **webinar.fields}
    names = [name for name in _NOTIFIED if before.get(name) != after.get(name)]
    settings = [name for name in _NOTIFIED_SETTINGS if before["settings"].get(name) != after["settings"].get(name)]
    if not names and not settings:
        return
    notify(
        account,
        "webinar.updated",
        _select_fields(after, names, settings),
        scope=scope,
        time_stamp=milliseconds(account.now()),
        old_object=_select_fields(before, names, settings),
    )


def _select_fields(fields: Json, names: list[str], settings: list[str]) -> Json:
    part = {name: fields[name] for name in ("id", "uuid", "host_id", *names) if name in fields}
    shown = {name: fields["settings"][name] for name in settings if name in fields["settings"]}
    if shown.get("audio") == "thirdParty":  # Zoom's notifications do not have this value
        del shown["audio"]
    return {**part, "settings": shown} if shown else part
