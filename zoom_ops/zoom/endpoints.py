"""What is asked of Zoom: each verb with its address, its rate-limit label and its scopes, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Label = Literal["LIGHT", "MEDIUM", "HEAVY"]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One operation of Zoom's API."""

    name: str
    method: str
    path: str
    label: Label
    classic: str  # either scope is enough
    granular: str
    counted: bool = False  # among the 100 creates and updates of a host per UTC day
    tells: bool = False  # a write whose answer has a body that is needed
    reads: bool = False  # asks only, though not with GET

    @property
    def writes(self) -> bool:
        """Whether it changes something at Zoom."""
        return self.method != "GET" and not self.reads

    @property
    def phrase(self) -> str:
        """Say it in a sentence: "create webinar"."""
        return self.name.replace("_", " ")

    def is_granted(self, scopes: frozenset[str]) -> bool:
        """Tell whether these scopes of a token allow it; an app of this kind needs those of an administrator."""
        return any(f"{scope}:{rank}" in scopes for scope in (self.classic, self.granular) for rank in _RANKS)

    def fill(self, where: Mapping[str, object]) -> str:
        """Fill in the path; an instance's uuid is encoded twice where Zoom needs it."""
        return self.path.format_map({name: _encode(name, str(value)) for name, value in where.items()})


_RANKS = ("admin", "master")


def _encode(name: str, value: str) -> str:
    once = quote(value, safe="@")
    twice = name == "uuid" and (value.startswith("/") or "//" in value)
    return quote(once, safe="@") if twice else once


def _verb(name: str, request: str, label: Label, classic: str, granular: str, **traits: bool) -> Endpoint:
    method, path = request.split()
    return Endpoint(name=name, method=method, path=path, label=label, classic=classic, granular=granular, **traits)


GET_USER = _verb("get_user", "GET /users/{host}", "LIGHT", "user:read", "user:read:user")
GET_USER_SETTINGS = _verb(
    "get_user_settings", "GET /users/{host}/settings", "MEDIUM", "user:read", "user:read:settings"
)
LIST_WEBINARS = _verb(
    "list_webinars", "GET /users/{host}/webinars", "MEDIUM", "webinar:read", "webinar:read:list_webinars"
)
GET_WEBINAR = _verb("get_webinar", "GET /webinars/{webinar}", "LIGHT", "webinar:read", "webinar:read:webinar")
CREATE_WEBINAR = _verb(
    "create_webinar",
    "POST /users/{host}/webinars",
    "LIGHT",
    "webinar:write",
    "webinar:write:webinar",
    counted=True,
    tells=True,
)
UPDATE_WEBINAR = _verb(
    "update_webinar", "PATCH /webinars/{webinar}", "LIGHT", "webinar:write", "webinar:update:webinar", counted=True
)
DELETE_WEBINAR = _verb(
    "delete_webinar", "DELETE /webinars/{webinar}", "LIGHT", "webinar:write", "webinar:delete:webinar"
)
END_WEBINAR = _verb("end_webinar", "PUT /webinars/{webinar}/status", "LIGHT", "webinar:write", "webinar:update:status")
LIST_PANELISTS = _verb(
    "list_panelists", "GET /webinars/{webinar}/panelists", "MEDIUM", "webinar:read", "webinar:read:list_panelists"
)
ADD_PANELISTS = _verb(
    "add_panelists", "POST /webinars/{webinar}/panelists", "MEDIUM", "webinar:write", "webinar:write:panelist"
)
REMOVE_PANELIST = _verb(
    "remove_panelist",
    "DELETE /webinars/{webinar}/panelists/{panelist}",
    "LIGHT",
    "webinar:write",
    "webinar:delete:panelist",
)
LIST_INSTANCES = _verb(
    "list_instances",
    "GET /past_webinars/{webinar}/instances",
    "LIGHT",
    "webinar:read",
    "webinar:read:list_past_instances",
)
GET_RECORDING = _verb(
    "get_recording",
    "GET /meetings/{uuid}/recordings",
    "LIGHT",
    "recording:read",
    "cloud_recording:read:list_recording_files",
)
LIST_RECORDINGS = _verb(
    "list_recordings",
    "GET /users/{host}/recordings",
    "MEDIUM",
    "recording:read",
    "cloud_recording:read:list_user_recordings",
)
GET_RECORDING_SETTINGS = _verb(
    "get_recording_settings",
    "GET /meetings/{uuid}/recordings/settings",
    "LIGHT",
    "recording:read",
    "cloud_recording:read:recording_settings",
)
UPDATE_RECORDING_SETTINGS = _verb(
    "update_recording_settings",
    "PATCH /meetings/{uuid}/recordings/settings",
    "LIGHT",
    "recording:write",
    "cloud_recording:update:recording_settings",
)

ENDPOINTS = (
    GET_USER,
    GET_USER_SETTINGS,
    LIST_WEBINARS,
    GET_WEBINAR,
    CREATE_WEBINAR,
    UPDATE_WEBINAR,
    DELETE_WEBINAR,
    END_WEBINAR,
    LIST_PANELISTS,
    ADD_PANELISTS,
    REMOVE_PANELIST,
    LIST_INSTANCES,
    GET_RECORDING,
    LIST_RECORDINGS,
    GET_RECORDING_SETTINGS,
    UPDATE_RECORDING_SETTINGS,
)
"""All of them: what the scopes of the app must allow."""
