"""The endpoints of Zoom's API that are used: address, rate-limit label and scopes of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Label = Literal["LIGHT", "MEDIUM", "HEAVY"]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One operation of Zoom's API. Either of its two scopes is enough."""

    name: str
    method: str
    path: str
    label: Label
    granular: str
    counted: bool = False  # counts among the 100 creates and updates of a host per UTC day
    needs_body: bool = False  # a write whose answer must have a body
    reads: bool = False  # only reads, though its method is not GET

    @property
    def writes(self) -> bool:
        """Whether it changes something at Zoom."""
        return self.method != "GET" and not self.reads

    @property
    def phrase(self) -> str:
        """Its name as part of a sentence: "create webinar"."""
        return self.name.replace("_", " ")

    @property
    def classic(self) -> str:
        """Zoom's older scope: it allows to read or to write all of one kind."""
        kind = self.granular.partition(":")[0].removeprefix("cloud_")
        return f"{kind}:{'write' if self.writes else 'read'}"

    def is_granted(self, scopes: frozenset[str]) -> bool:
        """Return whether these scopes of a token allow it. A Server-to-Server app needs the `admin` scopes."""
        return any(f"{scope}:{rank}" in scopes for scope in (self.classic, self.granular) for rank in _RANKS)

    def fill(self, where: Mapping[str, object]) -> str:
        """Build the path. The uuid of an instance is encoded twice where Zoom requires it."""
        parts = {name: quote(str(value), safe="@") for name, value in where.items()}
        uuid = str(where.get("uuid", ""))
        if uuid.startswith("/") or "//" in uuid:
            parts["uuid"] = quote(parts["uuid"], safe="@")
        return self.path.format_map(parts)


_RANKS = ("admin", "master")


def _endpoint(name: str, request: str, label: Label, granular: str, **traits: bool) -> Endpoint:
    method, path = request.split()
    return Endpoint(name=name, method=method, path=path, label=label, granular=granular, **traits)


ENDPOINTS = (
    GET_USER := _endpoint("get_user", "GET /users/{host}", "LIGHT", "user:read:user"),
    GET_USER_SETTINGS := _endpoint("get_user_settings", "GET /users/{host}/settings", "MEDIUM", "user:read:settings"),
    LIST_WEBINARS := _endpoint("list_webinars", "GET /users/{host}/webinars", "MEDIUM", "webinar:read:list_webinars"),
    GET_WEBINAR := _endpoint("get_webinar", "GET /webinars/{webinar}", "LIGHT", "webinar:read:webinar"),
    CREATE_WEBINAR := _endpoint(
        "create_webinar", "POST /users/{host}/webinars", "LIGHT", "webinar:write:webinar", counted=True, needs_body=True
    ),
    UPDATE_WEBINAR := _endpoint(
        "update_webinar", "PATCH /webinars/{webinar}", "LIGHT", "webinar:update:webinar", counted=True
    ),
    DELETE_WEBINAR := _endpoint("delete_webinar", "DELETE /webinars/{webinar}", "LIGHT", "webinar:delete:webinar"),
    LIST_PANELISTS := _endpoint(
        "list_panelists", "GET /webinars/{webinar}/panelists", "MEDIUM", "webinar:read:list_panelists"
    ),
    ADD_PANELISTS := _endpoint(
        "add_panelists", "POST /webinars/{webinar}/panelists", "MEDIUM", "webinar:write:panelist"
    ),
    REMOVE_PANELIST := _endpoint(
        "remove_panelist", "DELETE /webinars/{webinar}/panelists/{panelist}", "LIGHT", "webinar:delete:panelist"
    ),
    LIST_INSTANCES := _endpoint(
        "list_instances", "GET /past_webinars/{webinar}/instances", "LIGHT", "webinar:read:list_past_instances"
    ),
    GET_RECORDING := _endpoint(
        "get_recording", "GET /meetings/{uuid}/recordings", "LIGHT", "cloud_recording:read:list_recording_files"
    ),
    GET_SHARING := _endpoint(
        "get_recording_settings",
        "GET /meetings/{uuid}/recordings/settings",
        "LIGHT",
        "cloud_recording:read:recording_settings",
    ),
    LIST_RECORDINGS := _endpoint(
        "list_recordings", "GET /users/{host}/recordings", "MEDIUM", "cloud_recording:read:list_user_recordings"
    ),
)
"""All endpoints. The scopes of the app must allow them."""
