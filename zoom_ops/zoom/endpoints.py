"""The endpoints of Zoom's API that are used: address, rate-limit label and scopes of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Label = Literal["LIGHT", "MEDIUM", "HEAVY"]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One operation of Zoom's API. Any form of its scopes is enough."""

    name: str
    method: str
    path: str
    label: Label
    granular: str
    counted: bool = False  # counts among the 100 creates and updates of a host per UTC day
    needs_body: bool = False  # a write whose answer must have a body
    reads: bool = False  # only reads, though its method is not GET
    further: tuple[str, ...] = ()  # more classic scopes that Zoom's description lists for it

    @property
    def writes(self) -> bool:
        """Whether it changes something at Zoom."""
        return self.method != "GET" and not self.reads

    @property
    def usual_status(self) -> str:
        """The status of Zoom's answer where it did what was asked."""
        return {"POST": "201", "PATCH": "204", "DELETE": "204"}[self.method] if self.writes else "200"

    @property
    def phrase(self) -> str:
        """Its name as part of a sentence: "create webinar"."""
        return self.name.replace("_", " ")

    @property
    def classic(self) -> str:
        """Zoom's older scope: it allows to read or to write all of one kind."""
        kind = self.granular.partition(":")[0].removeprefix("cloud_")
        return f"{kind}:{'write' if self.writes else 'read'}"

    @property
    def forms(self) -> frozenset[str]:
        """Every scope that allows it. Without `admin` or `master`, it allows it for the owner of the app only."""
        scopes = (self.classic, self.granular, *self.further)
        return frozenset(f"{scope}{rank}" for scope in scopes for rank in ("", *_RANKS)) - {""}

    def is_granted(self, scopes: frozenset[str]) -> bool:
        """Return whether these scopes of a token allow it, in any form, or may stand for the ones that do."""
        return bool(self.forms & scopes) or self.find_substitute(scopes) is not None

    def is_owners_only(self, scopes: frozenset[str]) -> bool:
        """Return whether these scopes allow it in forms that reach only the owner of the app."""
        held = self.forms & scopes
        return bool(held) and not any(scope.endswith(_RANKS) for scope in held)

    def find_substitute(self, scopes: frozenset[str]) -> str | None:
        """Find the scope of a token that may stand for the one it lacks.

        Zoom may name the broad `webinar:read:webinar` and `webinar:write:webinar` instead of all other scopes to read
        or to write webinars (indico's plugin). A token that names another one of them is taken at its word.
        """
        kind, verb, _ = f"{self.granular}::".split(":", 2)
        if kind != "webinar" or self.forms & scopes:
            return None
        verbs, broad = (("read",), "webinar:read:webinar") if verb == "read" else (_WRITING, "webinar:write:webinar")
        held = {scope for scope in scopes if scope.startswith(tuple(f"webinar:{verb}:" for verb in verbs))}
        substitutes = sorted(scope for scope in held if scope.removesuffix(":admin").removesuffix(":master") == broad)
        others = {scope for scope in held if len(scope.split(":")) > 2 + scope.endswith(_RANKS)} - set(substitutes)
        return substitutes[0] if substitutes and not others else None

    def fill(self, where: Mapping[str, object]) -> str:
        """Build the path. The uuid of an instance is encoded twice where Zoom requires it."""
        parts = {name: quote(str(value), safe="@") for name, value in where.items()}
        uuid = str(where.get("uuid", ""))
        if uuid.startswith("/") or "//" in uuid:
            parts["uuid"] = quote(parts["uuid"], safe="@")
        return self.path.format_map(parts)


_RANKS = (":admin", ":master")
_FIELD = re.compile(r"\{\w+\}")
_WRITING = ("write", "update", "delete")


def _endpoint(
    name: str, request: str, label: Label, granular: str, *further: str, counted: bool = False, needs_body: bool = False
) -> Endpoint:
    method, path = request.split()
    return Endpoint(
        name=name,
        method=method,
        path=path,
        label=label,
        granular=granular,
        further=further,
        counted=counted,
        needs_body=needs_body,
    )


ENDPOINTS = (
    GET_USER := _endpoint(
        "get_user", "GET /users/{host}", "LIGHT", "user:read:user", "user:write", "user_profile", "user_info:read"
    ),
    GET_USER_SETTINGS := _endpoint(
        "get_user_settings", "GET /users/{host}/settings", "MEDIUM", "user:read:settings", "user:write"
    ),
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
        "get_recording",
        "GET /meetings/{uuid}/recordings",
        "LIGHT",
        "cloud_recording:read:list_recording_files",
        "phone_recording:read",
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

FETCH_TOKEN = Endpoint(name="fetch_token", method="POST", path="/oauth/token", label="LIGHT", granular="", reads=True)
"""A request for a token changes nothing that matters at Zoom, so it counts as a read."""

LIST_USERS = _endpoint("list_users", "GET /users", "MEDIUM", "user:read:list_users", "user:write")
"""Only the first set-up asks for it, and does without where the app lacks its scope."""


def label_patterns(*, besides: Label) -> tuple[tuple[str, str, Label], ...]:
    """Return the method, the pattern (SQL `LIKE`) of the path, and the label of the endpoints with another label."""
    return tuple(
        (endpoint.method, _FIELD.sub("%", endpoint.path), endpoint.label)
        for endpoint in (*ENDPOINTS, LIST_USERS)
        if endpoint.label != besides
    )


def list_calls() -> tuple[tuple[str, str, str], ...]:
    """List all calls that a daemon makes: method, path as a template, and the status of Zoom's usual answer."""
    return tuple((endpoint.method, endpoint.path, endpoint.usual_status) for endpoint in (*ENDPOINTS, FETCH_TOKEN))


def may_delete(scopes: frozenset[str]) -> bool:
    """Return whether these scopes of a token allow to delete webinars."""
    return DELETE_WEBINAR.is_granted(scopes)
