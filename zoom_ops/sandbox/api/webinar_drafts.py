"""The fields of a webinar, built and changed by requests as Zoom does it."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from ..account import Account
from ..calls import Json, Refusal, invalid
from ..default_settings import DEFAULT_SETTINGS
from ..policy import nested
from ..records import User, Webinar
from ..zones import ZONES, read_instant, write_instant
from .recurrence import check_recurrence, occurrences

TOPIC_LIMIT, AGENDA_LIMIT = 200, 2000
INTERPRETATION_CAPACITY = 500  # on the Pro plan, licences from this capacity on include interpretation
_LANGUAGE_CODES = {
    "English": "US", "Chinese": "CN", "Japanese": "JP", "German": "DE", "French": "FR", "Russian": "RU",
    "Portuguese": "PT", "Spanish": "ES", "Korean": "KR",
}  # fmt: skip
_PASSCODE = re.compile(r"[A-Za-z0-9@\-_*!]{0,10}")


def check_draft(account: Account, fields: Json, kind: int) -> None:
    """Check the fields of a request beyond their form. Raise `Refusal` for values that Zoom does not accept."""
    checks = {
        "topic": len(fields.get("topic", "")) > TOPIC_LIMIT,
        "agenda": len(fields.get("agenda", "")) > AGENDA_LIMIT,
        "duration": fields.get("duration", 1) < 0,
        "timezone": fields.get("timezone", "UTC") not in ZONES,
        "start_time": "start_time" in fields and not _is_time(fields["start_time"]),
        "password": not _PASSCODE.fullmatch(fields.get("password", "")),
    }
    wrong = [name for name, is_wrong in checks.items() if is_wrong]
    if wrong:
        raise invalid(*wrong)
    if fields.get("is_simulive"):
        if kind == 6:
            raise Refusal(400, 4505, "Simulive can't select `No Fixed Time`.")
        raise Refusal(400, 300, "Account hasn't enabled simulive webinar.")
    if "recurrence" in fields:
        check_recurrence(fields["recurrence"])
    if not all(account.find_user(name) for name in _alternative_hosts(fields.get("settings", {}))):
        raise invalid("settings.alternative_hosts")


def draft_webinar(account: Account, host: User, body: Json) -> Json:
    """Build the fields of a new webinar. Fill in what the body leaves out, as Zoom does."""
    kind = body.get("type", 5)
    zone_name = body.get("timezone", host.timezone)
    fields: Json = {
        "uuid": account.names.uuid(),
        "id": account.names.webinar_id(),
        "host_id": host.id,
        "host_email": host.email,
        "topic": body.get("topic") or "Zoom Webinar",
        "type": kind,
        "duration": body.get("duration") or 60,
        "timezone": zone_name,
        "agenda": body.get("agenda", ""),
        "created_at": write_instant(account.now()),
        "is_simulive": False,
        "creation_source": "open_api",
        "settings": _settings_after(account, host, _inherited(account), body.get("settings", {})),
    }
    if kind != 6:
        start = read_instant(body["start_time"], zone_name) if body.get("start_time") else account.now()
        fields["start_time"] = write_instant(start)
    if body.get("license_type"):
        fields["license_type"] = body["license_type"]
    if body.get("tracking_fields"):
        fields["tracking_fields"] = _known_tracking_fields(account, body["tracking_fields"])
    if kind == 9 and body.get("recurrence"):
        fields |= _series(body["recurrence"], fields)
    if body.get("password"):
        fields["password"] = account.names.secret(body["password"])
    elif body.get("default_passcode", True):
        fields["password"] = account.names.digits()
    _set_links(account, fields)
    return fields


def change_webinar(account: Account, webinar: Webinar, body: Json) -> None:
    """Change the fields of a webinar as a request says."""
    fields = webinar.fields
    fields |= {
        name: body[name] for name in ("topic", "agenda", "duration", "timezone", "type", "license_type") if name in body
    }
    kind = fields["type"]
    if body.get("start_time") and kind != 6:
        fields["start_time"] = write_instant(read_instant(body["start_time"], fields["timezone"]))
    if "password" in body:
        fields["password"] = account.names.secret(body["password"])
    if "tracking_fields" in body:
        fields["tracking_fields"] = _known_tracking_fields(account, body["tracking_fields"])
    settings = dict(body.get("settings", {}))
    if "notify_registrants" in settings:
        webinar.registrants_told.append(settings["notify_registrants"])
    if kind in (6, 9):
        settings.pop("approval_type", None)
    before = fields["settings"]
    if account.policy.undocumented.nested_settings == "reset":
        before = {**before, **{name: DEFAULT_SETTINGS[name] for name, value in settings.items() if _is_table(value)}}
    fields["settings"] = _settings_after(account, webinar.host, before, settings)
    if kind == 9 and {"recurrence", "start_time", "duration", "timezone"} & set(body):
        recurrence = body.get("recurrence") or fields.get("recurrence")
        if not recurrence or "start_time" not in fields:
            raise invalid("recurrence")
        fields |= _series(recurrence, fields)
    _set_links(account, fields)


def _series(recurrence: Json, fields: Json) -> Json:
    """Compute the fields `recurrence` and `occurrences` of a series."""
    start = datetime.fromisoformat(fields["start_time"])
    return {
        "recurrence": {"repeat_interval": 1, **recurrence},
        "occurrences": occurrences(recurrence, start, fields["timezone"], fields["duration"]),
    }


def _set_links(account: Account, fields: Json) -> None:
    """Set the links in the fields of a webinar. They depend on its passcode and its registration."""
    base, number = account.public_base(), fields["id"]
    passcode = fields.get("password", "")
    derived = account.names.derived(f"{number} {passcode}") if passcode else ""
    fields["join_url"] = account.names.secret(f"{base}/j/{number}" + (f"?pwd={derived}.1" if passcode else ""))
    for name in ("encrypted_passcode", "h323_passcode"):
        fields.pop(name, None)
    if passcode:
        fields |= {"encrypted_passcode": f"{derived}.1", "h323_passcode": passcode}
    if fields["settings"]["approval_type"] in (0, 1):
        key = account.names.derived(f"register {number}", 22)
        fields.setdefault("registration_url", f"{base}/webinar/register/WN_{key}")
    else:
        fields.pop("registration_url", None)


def _merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json:
    """Merge new settings into old ones recursively, and return a copy. Lists are replaced."""
    merged = deepcopy(dict(old))
    for name, value in new.items():
        is_nested = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merge(merged[name], value) if is_nested else deepcopy(value)
    return merged


def _known_tracking_fields(account: Account, entries: list[Json]) -> list[Json]:
    """Keep the tracking fields that the account has. Zoom silently drops others."""
    known = {field["field"]: field for field in account.tracking_fields}
    return [
        {"field": entry["field"], "value": entry.get("value", ""), "visible": known[entry["field"]]["visible"]}
        for entry in entries
        if entry.get("field") in known
    ]


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _inherited(account: Account) -> Json:
    return _merge(DEFAULT_SETTINGS, nested(account.policy.settings.inherited))


def _settings_after(account: Account, host: User, before: Json, asked: Json) -> Json:
    """Compute the settings after a request. What the account locks has the locked value, whatever is asked."""
    after = _merge(before, _supported_settings(account, host, asked))
    return _merge(after, nested(account.policy.settings.locked))


def _supported_settings(account: Account, host: User, settings: Json) -> Json:
    """Return the settings of a request that Zoom applies. Zoom silently drops the others."""
    features = account.policy.features
    unlicensed = [name for name in features.unlicensed if settings.get(name) not in (None, DEFAULT_SETTINGS[name])]
    if unlicensed and features.refuse_unlicensed:
        raise Refusal(400, 200, f"Your plan does not include {', '.join(unlicensed)}.")
    dropped = {"notify_registrants", *features.unlicensed}
    kept = {name: value for name, value in settings.items() if name not in dropped}
    if account.options.plan == "pro" and host.capacity < INTERPRETATION_CAPACITY:
        kept.pop("language_interpretation", None)
    interpretation = kept.get("language_interpretation")
    if isinstance(interpretation, dict) and interpretation.get("interpreters"):
        shown = [_interpreter(entry) for entry in interpretation["interpreters"]]
        kept["language_interpretation"] = {**interpretation, "interpreters": shown}
    if "alternative_hosts" in kept:
        kept["alternative_hosts"] = ";".join(_alternative_hosts(settings))
    if kept.get("auto_recording") == "cloud" and not account.policy.recordings.allow(host.email):
        kept.pop("auto_recording")
    return kept


def _interpreter(entry: Json) -> Json:
    """Return an interpreter with both spellings of the languages, as Zoom shows it."""
    codes = {code: name for name, code in _LANGUAGE_CODES.items()}
    names = entry.get("interpreter_languages") or ",".join(
        codes.get(code, code) for code in entry.get("languages", "").split(",")
    )
    spelled = ",".join(_LANGUAGE_CODES.get(name.strip(), name.strip()) for name in names.split(","))
    return {**entry, "languages": spelled, "interpreter_languages": names}


def _is_time(text: str) -> bool:
    try:
        return bool(read_instant(text, "UTC"))
    except ValueError:
        return False


def _alternative_hosts(settings: Json) -> list[str]:
    names = re.split(r"[,;]", settings.get("alternative_hosts", ""))
    return [name.strip() for name in names if name.strip()]
