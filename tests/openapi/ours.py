"""Our own contract with Zoom, read from the files beside this one.

zoom.yaml            the operations that this service uses, as OpenAPI
practised.yaml       a line for each further operation of the practice Zoom
notifications.yaml   a line for each kind of notification
zones.txt            the time zones of Zoom
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
METHODS = ("get", "post", "put", "patch", "delete")


def read_api() -> Any:
    """Read the operations, as OpenAPI."""
    api = _read("zoom.yaml")
    for request, line in _read("practised.yaml").items():
        method, path = request.split()
        methods = api["paths"].setdefault(path, {"parameters": _parameters(path)})
        methods[method.lower()] = _operation(line)
    for methods in api["paths"].values():
        for method in methods.keys() & set(METHODS):
            methods[method]["responses"]["4XX"] = {"$ref": "#/components/responses/Refusal"}
    return api


def read_notifications() -> dict[str, Any]:
    """Read a JSON Schema for each kind of notification."""
    contract = _read("notifications.yaml")
    return {kind: _notification(kind, line.split(), contract["fields"]) for kind, line in contract["kinds"].items()}


def read_zones() -> frozenset[str]:
    """Read the names of the time zones."""
    return frozenset((HERE / "zones.txt").read_text("utf-8").split())


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def _parameters(path: str) -> list[Any]:
    names = re.findall(r"{(\w+)}", path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _operation(line: str) -> Any:
    request, reply = line.split("->")
    label, *required = request.split()
    status, *guaranteed = reply.split()
    return {
        "x-zoom-rate-limit-label": None if label == "none" else label,
        **({"requestBody": _json(required)} if required else {}),
        "responses": {status: {"description": "done"} | (_json(guaranteed) if guaranteed else {})},
    }


def _json(names: Iterable[str]) -> Any:
    return {"content": {"application/json": {"schema": _object({name: {} for name in names})}}}


_WITHOUT_TIME = ("webinar.converted_to_meeting",)  # Zoom's description does not promise their `event_ts`


def _notification(kind: str, names: list[str], fields: Mapping[str, Any]) -> Any:
    now = {name.partition(":")[0]: fields[name] for name in names if not name.startswith("old.")}
    before = {name.removeprefix("old."): fields[name.removeprefix("old.")] for name in names if name.startswith("old.")}
    objects = {"object": _object(now)} | ({"old_object": _object(before)} if before else {})
    payload = _object({"account_id": {"type": "string"}, **objects})
    envelope = _object({"event": {"const": kind}, "event_ts": {"type": "integer"}, "payload": payload})
    if kind in _WITHOUT_TIME:
        envelope["required"].remove("event_ts")
    return envelope


def _object(properties: Mapping[str, Any]) -> Any:
    return {"type": "object", "required": [*properties], "properties": {**properties}}
