"""Webinars: list, create, read, update, delete."""

from datetime import datetime
from typing import cast

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created, invalid
from ..limits import count_host_day
from ..notifications import milliseconds, notify, scheduled_payload
from ..paging import page_of
from ..records import User, Webinar, expiry, is_webinar_id, scheduled_ends
from ..zones import read_instant, write_instant
from .users import require_host, require_licence
from .webinar_drafts import (
    applied_settings,
    check_draft,
    draft_webinar,
    known_tracking_fields,
    merge,
    series,
    with_links,
)

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


def list_webinars(account: Account, call: Call) -> Reply:
    """Answer `GET /users/{userId}/webinars`."""
    host = require_host(account, call.parts["userId"])
    now = account.now()
    matching = [
        webinar
        for webinar in account.webinars.values()
        if webinar.host is host
        and not webinar.deleted
        and webinar.created + account.list_lag <= now <= expiry(webinar)
        and (call.params["type"] != "upcoming" or _is_upcoming(webinar, now))
    ]
    page = page_of(account, call, [_list_entry(webinar) for webinar in matching])
    return Reply(body={**page.body(), "webinars": page.entries})


def create_webinar(account: Account, call: Call) -> Reply:
    """Answer `POST /users/{userId}/webinars`."""
    body = call.fields
    scheduler = require_host(account, call.parts["userId"])
    host = scheduler
    if body.get("schedule_for"):
        host = _require_schedule_for(account, body["schedule_for"])
    check_draft(account, body, body.get("type", 5))
    count_host_day(account, scheduler)
    webinar = Webinar(host=host, fields=draft_webinar(account, host, body), created=account.now(), used=account.now())
    account.webinars[webinar.id] = webinar
    account.names.secret(webinar.fields["join_url"])
    notify(account, "webinar.created", _created_payload(webinar), operation="all")
    return created(_shown(account, webinar))


def get_webinar(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}`."""
    webinar = require_webinar(account, call)
    occurrence = call.params.get("occurrence_id")
    shown = _shown(account, webinar, previous=bool(call.params.get("show_previous_occurrences")))
    if occurrence:
        shown |= _require_occurrence(webinar, occurrence)
    return Reply(body=shown)


def update_webinar(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}`."""
    webinar = require_webinar(account, call)
    check_draft(account, call.fields, webinar.fields["type"])
    if call.fields.get("schedule_for"):
        _require_schedule_for(account, call.fields["schedule_for"])  # Zoom checks it but keeps the host
    occurrence = call.params.get("occurrence_id")
    date = _require_occurrence(webinar, occurrence) if occurrence else None
    count_host_day(account, webinar.host)
    before = {**webinar.fields, "settings": webinar.settings, "occurrences": _dates(webinar)}
    if date:
        _change_occurrence(webinar, date, call.fields)
    else:
        _change_webinar(account, webinar, call.fields)
    webinar.used = account.now()
    _notify_changes(account, webinar, before, scope="single" if date else "all")
    return NO_CONTENT


def delete_webinar(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}`: delete the webinar or one occurrence. Only Zoom's portal recovers it."""
    webinar = require_webinar(account, call)
    occurrence = call.params.get("occurrence_id")
    if occurrence:
        date = _require_occurrence(webinar, occurrence)
        date["status"] = "deleted"
        deleted = [{"occurrence_id": date["occurrence_id"], "start_time": date["start_time"]}]
        notify(account, "webinar.deleted", {**scheduled_payload(webinar), "occurrences": deleted}, operation="single")
        return NO_CONTENT
    webinar.deleted = account.now()
    notify(account, "webinar.deleted", scheduled_payload(webinar), operation="all")
    return NO_CONTENT


def require_webinar(account: Account, call: Call) -> Webinar:
    """Get the webinar that the path of a call names. Raise `Refusal` if there is none."""
    name = call.parts["webinarId"]
    if not is_webinar_id(name) and len(name) < 20:
        raise Refusal(400, 300, "Invalid webinar ID.")
    webinar = account.find_webinar(name)
    if webinar is None:
        raise Refusal(404, 3001, f"Webinar does not exist: {name}.")
    return webinar


def _require_schedule_for(account: Account, name: str) -> User:
    host = account.find_user(name)
    if host is None:
        raise Refusal(
            400,
            300,
            "The value that you entered for the `schedule_for` field is invalid. Enter a valid value and try again.",
        )
    require_licence(host)
    return host


def _is_upcoming(webinar: Webinar, now: datetime) -> bool:
    if webinar.live() or webinar.fields["type"] == 6:
        return True
    is_over = webinar.fields["type"] == 5 and webinar.instances
    return not is_over and any(end > now for end in scheduled_ends(webinar))


def _list_entry(webinar: Webinar) -> Json:
    entry = {name: webinar.fields[name] for name in _LISTED if name in webinar.fields}
    return {**entry, "agenda": entry["agenda"][:LISTED_AGENDA]}


def _shown(account: Account, webinar: Webinar, *, previous: bool = False) -> Json:
    shown = {**webinar.fields, "settings": merge(webinar.settings, {})}
    if "occurrences" in shown:
        now = write_instant(account.now())
        shown["occurrences"] = [dict(date) for date in shown["occurrences"] if previous or date["start_time"] >= now]
    zak = account.names.token(120)
    return {**shown, "start_url": f"{account.public_base()}/s/{webinar.id}?zak={zak}"}


def _created_payload(webinar: Webinar) -> Json:
    return {
        **scheduled_payload(webinar, "join_url", "password", "creation_source", "occurrences", "recurrence"),
        "settings": {"use_pmi": False, "alternative_hosts": webinar.settings["alternative_hosts"]},
    }


def _dates(webinar: Webinar) -> list[Json]:
    return [dict(date) for date in webinar.fields.get("occurrences", [])]


def _require_occurrence(webinar: Webinar, occurrence_id: str) -> Json:
    for date in webinar.fields.get("occurrences", []):
        if date["occurrence_id"] == occurrence_id and date["status"] != "deleted":
            return cast(Json, date)
    raise Refusal(400, 3000, "Webinar occurrence does not exist.")


def _change_occurrence(webinar: Webinar, date: Json, body: Json) -> None:
    date |= {name: body[name] for name in _PER_OCCURRENCE if name in body}
    if "start_time" in body:
        zone_name = str(body.get("timezone", webinar.fields["timezone"]))
        date["start_time"] = write_instant(read_instant(body["start_time"], zone_name))


def _change_webinar(account: Account, webinar: Webinar, body: Json) -> None:
    fields = webinar.fields
    kind = int(body.get("type") or fields["type"])
    plain = ("topic", "agenda", "duration", "timezone", "type")
    fields |= {name: body[name] for name in plain if name in body}
    if body.get("start_time") and kind != 6:
        fields["start_time"] = write_instant(read_instant(body["start_time"], fields["timezone"]))
    if "password" in body:
        fields["password"] = account.names.secret(body["password"])
    if "tracking_fields" in body:
        fields["tracking_fields"] = known_tracking_fields(account, body["tracking_fields"])
    settings = applied_settings(account, webinar.host, kind, body.get("settings", {}))
    fields["settings"] = merge(fields["settings"], settings)
    if kind == 9 and {"recurrence", "start_time", "duration", "timezone"} & set(body):
        _recompute_series(fields, body)
    with_links(account, fields)
    account.names.secret(fields["join_url"])


def _recompute_series(fields: Json, body: Json) -> None:
    recurrence = body.get("recurrence") or fields.get("recurrence")
    if not recurrence or "start_time" not in fields:
        raise invalid("recurrence")
    fields |= series(recurrence, fields)


def _notify_changes(account: Account, webinar: Webinar, before: Json, *, scope: str) -> None:
    """Notify about changed fields with their values before. Without a change there is no notification."""
    after = {**webinar.fields, "occurrences": _dates(webinar)}
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
