"""Webinars: listed, made, read, changed, deleted, ended."""

from datetime import datetime

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created, invalid
from ..limits import count_host_day
from ..notifications import milliseconds, notify, planned
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
_TOLD = (
    *("topic", "type", "start_time", "duration", "timezone", "password", "agenda"),
    *("registration_url", "occurrences", "recurrence"),
)
_TOLD_SETTINGS = (
    *("host_video", "panelists_video", "practice_session", "approval_type", "registration_type", "audio"),
    *("auto_recording", "enforce_login", "meeting_authentication", "authentication_option"),
    *("authentication_name", "authentication_domains", "language_interpretation"),
    *("sign_language_interpretation", "allow_host_control_participant_mute_state", "email_in_attendee_report"),
)


def list_webinars(account: Account, call: Call) -> Reply:
    """Answer `GET /users/{userId}/webinars`."""
    host = require_host(account, call.parts["userId"])
    now = account.now()
    mine = [
        webinar
        for webinar in account.webinars.values()
        if webinar.host is host
        and not webinar.deleted
        and webinar.created + account.list_lag <= now <= expiry(webinar)
        and (call.params["type"] != "upcoming" or _is_upcoming(webinar, now))
    ]
    page = page_of(account, call, [_listed(webinar) for webinar in mine])
    return Reply(body={**page.body(), "webinars": page.entries})


def create_webinar(account: Account, call: Call) -> Reply:
    """Answer `POST /users/{userId}/webinars`."""
    asked = call.fields
    scheduler = require_host(account, call.parts["userId"])
    host = scheduler
    if asked.get("schedule_for"):
        host = _host_for(account, asked["schedule_for"])
    check_draft(account, asked, asked.get("type", 5))
    count_host_day(account, scheduler)
    webinar = Webinar(host=host, fields=draft_webinar(account, host, asked), created=account.now(), used=account.now())
    account.webinars[webinar.id] = webinar
    account.names.secret(webinar.fields["join_url"])
    notify(account, "webinar.created", _announced(webinar), operation="all")
    return created(_shown(account, webinar))


def get_webinar(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}`."""
    webinar = require_webinar(account, call)
    occurrence = call.params.get("occurrence_id")
    shown = _shown(account, webinar, previous=bool(call.params.get("show_previous_occurrences")))
    if occurrence:
        shown |= _occurrence(webinar, occurrence)
    return Reply(body=shown)


def update_webinar(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}`."""
    webinar = require_webinar(account, call)
    check_draft(account, call.fields, webinar.fields["type"])
    if call.fields.get("schedule_for"):
        _host_for(account, call.fields["schedule_for"])  # checked, and then not applied: the host stays
    occurrence = call.params.get("occurrence_id")
    place = _occurrence(webinar, occurrence) if occurrence else webinar.fields
    count_host_day(account, webinar.host)
    before = {**webinar.fields, "settings": webinar.settings, "occurrences": _dates(webinar)}
    if occurrence:
        _change_occurrence(webinar, place, call.fields)
    else:
        _change(account, webinar, call.fields)
    webinar.used = account.now()
    _tell_changes(account, webinar, before, scope="single" if occurrence else "all")
    return NO_CONTENT


def delete_webinar(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}`: into the trash, from where only the portal brings it back."""
    webinar = require_webinar(account, call)
    occurrence = call.params.get("occurrence_id")
    if occurrence:
        date = _occurrence(webinar, occurrence)
        date["status"] = "deleted"
        gone = [{"occurrence_id": date["occurrence_id"], "start_time": date["start_time"]}]
        notify(account, "webinar.deleted", {**planned(webinar), "occurrences": gone}, operation="single")
        return NO_CONTENT
    webinar.deleted = account.now()
    notify(account, "webinar.deleted", planned(webinar), operation="all")
    return NO_CONTENT


def require_webinar(account: Account, call: Call) -> Webinar:
    """Get the webinar of a call's path or refuse as Zoom does."""
    name = call.parts["webinarId"]
    if not is_webinar_id(name) and len(name) < 20:
        raise Refusal(400, 300, "Invalid webinar ID.")
    webinar = account.find_webinar(name)
    if webinar is None:
        raise Refusal(404, 3001, f"Webinar does not exist: {name}.")
    return webinar


def _host_for(account: Account, name: str) -> User:
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
    held = webinar.fields["type"] == 5 and webinar.instances
    return not held and any(end > now for end in scheduled_ends(webinar))


def _listed(webinar: Webinar) -> Json:
    entry = {name: webinar.fields[name] for name in _LISTED if name in webinar.fields}
    return {**entry, "agenda": entry["agenda"][:LISTED_AGENDA]}


def _shown(account: Account, webinar: Webinar, *, previous: bool = False) -> Json:
    shown = {**webinar.fields, "settings": merge(webinar.settings, {})}
    if "occurrences" in shown:
        now = write_instant(account.now())
        shown["occurrences"] = [dict(date) for date in shown["occurrences"] if previous or date["start_time"] >= now]
    zak = account.names.token(120)
    return {**shown, "start_url": f"{account.public_base()}/s/{webinar.id}?zak={zak}"}


def _announced(webinar: Webinar) -> Json:
    fields = webinar.fields
    return {
        **planned(webinar, "join_url", "password", "creation_source", "occurrences", "recurrence"),
        "settings": {"use_pmi": False, "alternative_hosts": fields["settings"]["alternative_hosts"]},
    }


def _dates(webinar: Webinar) -> list[Json]:
    return [dict(date) for date in webinar.fields.get("occurrences", [])]


def _occurrence(webinar: Webinar, occurrence_id: str) -> Json:
    for date in webinar.fields.get("occurrences", []):
        if date["occurrence_id"] == occurrence_id and date["status"] != "deleted":
            found: Json = date
            return found
    raise Refusal(400, 3000, "Webinar occurrence does not exist.")


def _change_occurrence(webinar: Webinar, date: Json, asked: Json) -> None:
    date |= {name: asked[name] for name in _PER_OCCURRENCE if name in asked}
    if "start_time" in asked:
        zone_name = str(asked.get("timezone", webinar.fields["timezone"]))
        date["start_time"] = write_instant(read_instant(asked["start_time"], zone_name))


def _change(account: Account, webinar: Webinar, asked: Json) -> None:
    fields = webinar.fields
    kind = int(asked.get("type") or fields["type"])
    plain = ("topic", "agenda", "duration", "timezone", "type")
    fields |= {name: asked[name] for name in plain if name in asked}
    if asked.get("start_time") and kind != 6:
        fields["start_time"] = write_instant(read_instant(asked["start_time"], fields["timezone"]))
    if "password" in asked:
        fields["password"] = account.names.secret(asked["password"])
    if "tracking_fields" in asked:
        fields["tracking_fields"] = known_tracking_fields(account, asked["tracking_fields"])
    settings = applied_settings(account, webinar.host, kind, asked.get("settings", {}))
    fields["settings"] = merge(fields["settings"], settings)
    if kind == 9 and {"recurrence", "start_time", "duration", "timezone"} & set(asked):
        _plan_again(fields, asked)
    with_links(account, fields)
    account.names.secret(fields["join_url"])


def _plan_again(fields: Json, asked: Json) -> None:
    recurrence = asked.get("recurrence") or fields.get("recurrence")
    if not recurrence or "start_time" not in fields:
        raise invalid("recurrence")
    fields |= series(recurrence, fields)


def _tell_changes(account: Account, webinar: Webinar, before: Json, *, scope: str) -> None:
    """Notify of what changed, with what it was; where nothing did there is nothing to tell."""
    after = {**webinar.fields, "occurrences": _dates(webinar)}
    names = [name for name in _TOLD if before.get(name) != after.get(name)]
    settings = [name for name in _TOLD_SETTINGS if before["settings"].get(name) != after["settings"].get(name)]
    if not names and not settings:
        return
    notify(
        account,
        "webinar.updated",
        _part(after, names, settings),
        scope=scope,
        time_stamp=milliseconds(account.now()),
        old_object=_part(before, names, settings),
    )


def _part(fields: Json, names: list[str], settings: list[str]) -> Json:
    part = {name: fields[name] for name in ("id", "uuid", "host_id", *names) if name in fields}
    told = {name: fields["settings"][name] for name in settings if name in fields["settings"]}
    if told.get("audio") == "thirdParty":  # a value that Zoom's notifications do not have
        del told["audio"]
    return {**part, "settings": told} if told else part
