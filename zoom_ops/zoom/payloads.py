"""Webinars, panelists and hosts to and from Zoom's JSON: strict builders, lenient parsers."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..webinars import (
    AGENDA_LIMIT,
    PANELISTS_PER_CALL,
    TOPIC_LIMIT,
    Host,
    Instance,
    ListedWebinar,
    Panelist,
    Settings,
    Webinar,
    WebinarDraft,
    flatten_settings,
    nest_settings,
)
from .licences import read_licences
from .parsing import as_address, as_count, as_id, as_int, as_key, as_mapping, as_moment, as_rows, as_text, as_url

SINGLE = 5  # the type of a webinar that is held once
PASSCODE_LIMIT = 10
AGENDA_SHOWN = 250  # where Zoom cuts an agenda in a list; fewer bytes mean that nothing is cut, however Zoom counts
NOT_HELD = 3001  # code of past_webinars: not known, expired, or not ended yet
_SETTING = "settings."
_INVALID = 300
_BLAMING = (1001, 3000, 3003)  # "user does not exist", anything, a blocked domain


class _Field(NamedTuple):
    zoom_name: str
    build: Callable[[Any], Any]
    read: Callable[[Any], Any]


def build_webinar(draft: WebinarDraft) -> dict[str, Any]:
    """Build the body that creates a webinar."""
    fields = {name: getattr(draft, name) for name in _FIELDS if name != "passcode"}
    if draft.license_type is None:
        del fields["license_type"]
    return {"type": SINGLE, **_build_fields(fields), "settings": nest_settings(draft.settings)}


def build_changes(changes: Mapping[str, object]) -> dict[str, Any]:
    """Build the body that changes these fields and settings of a webinar, and no others."""
    fields = {name: value for name, value in changes.items() if not name.startswith(_SETTING)}
    settings = tuple((name.removeprefix(_SETTING), _freeze(changes[name])) for name in changes if name not in fields)
    return _build_fields(fields) | ({"settings": nest_settings(settings)} if settings else {})


def build_panelists(panelists: Sequence[Panelist]) -> dict[str, Any]:
    """Build the body that adds panelists, at most 30; raises ValueError for more or none."""
    if not 0 < len(panelists) <= PANELISTS_PER_CALL:
        raise ValueError(f"{len(panelists)} panelists in one call; Zoom takes 1 to {PANELISTS_PER_CALL}")
    return {"panelists": [_build_panelist(panelist) for panelist in panelists]}


def parse_webinar(answer: Mapping[str, Any], account: str, host: str = "") -> Webinar:
    """Parse a webinar; raises ValueError without an id. Drops `start_url`, a secret that nothing here needs."""
    return Webinar(
        account=account,
        host=(as_address(answer.get("host_email")) or host).lower(),
        host_id=as_key(answer.get("host_id")) or "",
        id=_need_id(answer),
        uuid=as_key(answer.get("uuid")) or "",
        type=as_int(answer.get("type")) or SINGLE,
        topic=as_text(answer.get("topic")) or "",
        agenda=as_text(answer.get("agenda")) or "",
        start=as_moment(answer.get("start_time")),
        duration=as_count(answer.get("duration")),
        timezone=as_text(answer.get("timezone")) or "",
        settings=parse_settings(answer.get("settings")),
        join_url=as_url(answer.get("join_url")),
        registration_url=as_url(answer.get("registration_url")),
        passcode=as_text(answer.get("password")) or None,
        created_at=as_moment(answer.get("created_at")),
        capacity=as_count(answer.get("capacity")) or None,
        license_type=as_text(answer.get("license_type")) or None,
        occurrences=tuple(
            (start, as_count(row.get("duration")))
            for row in as_rows(answer.get("occurrences"))
            if (start := as_moment(row.get("start_time"))) and row.get("status") != "deleted"
        ),
        simulive=answer.get("is_simulive") in (True, "true"),
    )


def parse_settings(settings: Any) -> Settings:
    """Parse the settings of a webinar to flat pairs, spelled as in our plans, so that the two can be compared."""
    return tuple((name, _respell(name, value)) for name, value in flatten_settings(as_mapping(settings)))


def parse_fields(part: Mapping[str, Any]) -> dict[str, Any]:
    """Parse the fields that are present in a part of a webinar: named as in `update_webinar`, the start as text."""
    values = {name: field.read(part.get(field.zoom_name)) for name, field in _FIELDS.items()}
    settings = {_SETTING + name: value for name, value in parse_settings(part.get("settings"))}
    return {name: value for name, value in values.items() if value is not None} | settings


def parse_listed_webinar(row: Mapping[str, Any]) -> ListedWebinar:
    """Parse an entry of a host's list; raises ValueError without an id."""
    shown = str(row.get("agenda") or "").encode(errors="surrogatepass")  # Zoom may cut inside a character
    return ListedWebinar(
        id=_need_id(row),
        uuid=as_key(row.get("uuid")) or "",
        topic=as_text(row.get("topic")) or "",
        agenda=as_text(row.get("agenda")) or "",
        start=as_moment(row.get("start_time")),
        duration=as_count(row.get("duration")),
        created_at=as_moment(row.get("created_at")),
        type=as_int(row.get("type")) or SINGLE,
        cut=len(shown) >= AGENDA_SHOWN,
    )


def parse_panelist(row: Mapping[str, Any]) -> Panelist:
    """Parse a panelist, with the e-mail address in lower case; "" where Zoom withholds it (changelog, 2022)."""
    return Panelist(
        email=(as_address(row.get("email")) or "").lower(),
        name=as_text(row.get("name")) or "",
        id=as_key(row.get("id")),
        tag=as_text(row.get("name_tag_description")),
        join_url=as_url(row.get("join_url")),
    )


def parse_instance(row: Mapping[str, Any]) -> Instance:
    """Parse one instance of a webinar."""
    return Instance(uuid=as_key(row.get("uuid")) or "", start=as_moment(row.get("start_time")))


BASIC_USER = 1  # the type of a user without a licence


def parse_host(email: str, user: Mapping[str, Any], settings: Mapping[str, Any]) -> Host:
    """Parse a host. Any licence that holds webinars is enough, and the user must not be deactivated."""
    licences = read_licences(settings)
    return Host(
        email=email,
        id=as_key(user.get("id")) or email,
        licensed=licences.licensed,
        capacity=licences.capacity,
        cloud_recording=_RIGHTS.get(str(as_mapping(settings.get("recording")).get("cloud_recording")).lower()),
        active=as_text(user.get("status")) != "inactive",
        licences=licences.kinds,
    )


_RIGHTS = {"true": True, "false": False}


def says_no_such_panelist(message: str) -> bool:
    """Return whether Zoom refused to remove a panelist that the webinar does not have.

    Zoom documents no code for this, so the message decides.
    """
    lowered = message.lower()
    return "panelist" in lowered and any(words in lowered for words in ("not exist", "not found", "no such"))


def says_full(message: str) -> bool:
    """Return whether Zoom refused panelists because the webinar has no room for them (code 3000)."""
    return "reached the limit" in message.lower()


def blames_panelist(code: int, message: str) -> bool:
    """Return whether Zoom refused panelists because of one of them, so that it may take the others.

    Code 300 is for fields, and 3000 for anything. Other refusals are about the webinar, its host or the app.
    """
    lowered = message.lower()
    if any(words in lowered for words in ("webinar id", "webinar plan", "permission", "scopes")):
        return False
    named = any(words in lowered for words in ("email", "e-mail", "panelist", "attendee", "host", "domain"))
    return code == _INVALID or (code in _BLAMING and named)


def _build_panelist(panelist: Panelist) -> dict[str, str]:
    body = {"email": panelist.email, "name": panelist.name}
    if panelist.tag is not None:
        body |= {"name_tag_name": panelist.name, "name_tag_description": panelist.tag}
    return {name: value for name, value in body.items() if value or name in ("email", "name")}


def _need_id(webinar: Mapping[str, Any]) -> int:
    number = as_id(webinar.get("id"))
    if number is None:
        raise ValueError("a webinar without its id")
    return number


def _build_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(fields) - set(_FIELDS)):
        raise ValueError(f"a webinar has no field {unknown[0]!r} that can be set")
    return {_FIELDS[name].zoom_name: _FIELDS[name].build(value) for name, value in fields.items()}


def _build_text(limit: int) -> Callable[[Any], str]:
    def build(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit:
            raise ValueError(f"a text of at most {limit} characters is needed")
        return value

    return build


def _build_start(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("the start of a webinar must be an aware time")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_start(value: Any) -> str | None:
    moment = as_moment(value)
    return _build_start(moment) if moment else None


def _build_duration(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("the duration of a webinar is a whole number of minutes")
    return value


def _freeze(value: Any) -> Any:
    return tuple(map(_freeze, value)) if isinstance(value, list | tuple) else value


def _respell(name: str, value: Any) -> Any:
    if name == "alternative_hosts" and isinstance(value, str):  # Zoom takes commas and returns semicolons
        return ",".join(part.strip() for part in re.split("[,;]", value) if part.strip())
    return value


_FIELDS = {
    "topic": _Field("topic", _build_text(TOPIC_LIMIT), as_text),
    "agenda": _Field("agenda", _build_text(AGENDA_LIMIT), as_text),
    "start": _Field("start_time", _build_start, _read_start),
    "duration": _Field("duration", _build_duration, as_int),
    "timezone": _Field("timezone", _build_text(64), as_text),
    "passcode": _Field("password", _build_text(PASSCODE_LIMIT), as_text),
    "license_type": _Field("license_type", _build_text(64), as_text),  # changelog, 6 November 2025
}
