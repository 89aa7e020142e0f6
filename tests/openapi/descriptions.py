"""Descriptions of Zoom for checks of requests, replies and notifications.

Our own small description is in the files beside this one. Zoom's own is used if it stands beside the checkout.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pytest

from tests.openapi import ours
from tests.openapi.ours import METHODS
from tests.root import ROOT

ZOOMS = ROOT.parent / "shared" / "zoom-api"
SOURCES = ("ours", "zooms")


@dataclass(frozen=True, kw_only=True)
class Description:
    """A description of Zoom: its API as OpenAPI, a JSON Schema of each kind of notification, its time zones."""

    api: Any
    notifications: Mapping[str, Any]
    zones: frozenset[str]

    @cached_property
    def closed_api(self) -> Any:
        """The API with objects closed to further properties, except objects that an `allOf` describes."""
        return _close(self.api)

    @cached_property
    def operations(self) -> dict[tuple[str, str], Any]:
        """All operations by method and path, with the parameters of the operation and of the path."""
        return {
            (method.upper(), path): {**methods[method], "parameters": self.plain([*_parameters(methods, method)])}
            for path, methods in sorted(self.api["paths"].items(), key=lambda entry: entry[0].count("{"))
            for method in METHODS
            if method in methods
        }

    def find_operation(self, method: str, path: str) -> tuple[str, str] | None:
        """Find the operation of a path below `/v2`."""
        fitting = (key for key in self.operations if key[0] == method and _fits(key[1], path))
        return next(fitting, None)

    def query(self, method: str, path: str) -> set[str]:
        """Return the names of the query parameters."""
        parameters = self.operations[method, path]["parameters"]
        return {parameter["name"] for parameter in parameters if parameter["in"] == "query"}

    def request_body(self, method: str, path: str) -> Any:
        """Return the schema of the request body, with references resolved."""
        return self.plain(_schema(self.operations[method, path].get("requestBody", {})))

    def answer(self, method: str, path: str) -> Any:
        """Return the schema of the successful reply, with references resolved."""
        answers = self.operations[method, path]["responses"]
        return self.plain(next(_schema(answers[status]) for status in answers if status.startswith("2")))

    def is_vague(self, method: str, path: str) -> bool:
        """Return whether the reply is a `oneOf`, whose alternatives overlap in Zoom's description."""
        return "oneOf" in self.answer(method, path)

    def plain(self, node: Any) -> Any:
        """Resolve the references in a part of the description, and merge the parts of each `allOf`."""
        if isinstance(node, list):
            return [self.plain(part) for part in node]
        if not isinstance(node, dict):
            return node
        if isinstance(reference := node.get("$ref"), str):
            return self.plain(self._follow(reference))
        resolved = {key: self.plain(value) for key, value in node.items() if key != "allOf"}
        for part in node.get("allOf", []):
            resolved = _merge(resolved, self.plain(part))
        return resolved

    def _follow(self, reference: str) -> Any:
        node = self.api
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        return node


def load_description(source: str) -> Description:
    """Load a description. Skip the test if Zoom's own is missing."""
    if source == "zooms" and not ZOOMS.exists():
        pytest.skip("without Zoom's own description (../shared/zoom-api) only our contract of it was tried")
    return _load_ours() if source == "ours" else _load_zooms()


@cache
def _load_ours() -> Description:
    return Description(api=ours.read_api(), notifications=ours.read_notifications(), zones=ours.read_zones())


@cache
def _load_zooms() -> Description:
    zones = _read_json("timezones.json")["timezones"]
    return Description(
        api=_read_json("openapi.subset.json"),
        notifications=_read_json("webhook_schemas.json"),
        zones=frozenset(zone["id"] for zone in zones),
    )


def _read_json(name: str) -> Any:
    return json.loads((ZOOMS / name).read_text("utf-8"))


def _parameters(methods: Any, method: str) -> Iterator[Any]:
    yield from methods.get("parameters", [])
    yield from methods[method].get("parameters", [])


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) is not None


def _schema(message: Any) -> Any:
    contents = message.get("content", {}).values()
    return next((content["schema"] for content in contents), {})


def _merge(left: Any, right: Any) -> Any:
    """Merge two schemas that both apply."""
    parts = {
        "properties": {**left.get("properties", {}), **right.get("properties", {})},
        "required": [*left.get("required", []), *right.get("required", [])],
    }
    return {**left, **right, **parts}


def _close(node: Any) -> Any:
    if isinstance(node, list):
        return [_close(part) for part in node]
    if not isinstance(node, dict):
        return node
    closed = {"additionalProperties": False} if node.get("type") == "object" and "properties" in node else {}
    return {key: value if key == "allOf" else _close(value) for key, value in node.items()} | closed
