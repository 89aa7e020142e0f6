"""Descriptions of Zoom that requests, answers and notifications are held against: a small one of our own, and Zoom's.

Ours stands in the files beside this one and needs nothing else. Zoom's is used where it is beside the checkout.
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
    """What is said of Zoom: its API as OpenAPI, a JSON Schema of each kind of notification, its time zones."""

    api: Any
    notifications: Mapping[str, Any]
    zones: frozenset[str]

    @cached_property
    def closed_api(self) -> Any:
        """The API, refusing properties that it does not list, but for those it lists in several parts."""
        return _close(self.api)

    @cached_property
    def operations(self) -> dict[tuple[str, str], Any]:
        """What can be asked: method and path → operation, with its parameters and those of the path."""
        return {
            (method.upper(), path): {**methods[method], "parameters": self.plain([*_parameters(methods, method)])}
            for path, methods in sorted(self.api["paths"].items(), key=lambda entry: entry[0].count("{"))
            for method in METHODS
            if method in methods
        }

    def find_operation(self, method: str, path: str) -> tuple[str, str] | None:
        """Find the operation that a path below `/v2` is of."""
        fitting = (key for key in self.operations if key[0] == method and _fits(key[1], path))
        return next(fitting, None)

    def query(self, method: str, path: str) -> set[str]:
        """Tell what may be asked for behind the question mark."""
        parameters = self.operations[method, path]["parameters"]
        return {parameter["name"] for parameter in parameters if parameter["in"] == "query"}

    def request_body(self, method: str, path: str) -> Any:
        """Get the schema of what an operation is sent, spelled out."""
        return self.plain(_schema(self.operations[method, path].get("requestBody", {})))

    def answer(self, method: str, path: str) -> Any:
        """Get the schema of what an operation answers when it has done it, spelled out."""
        answers = self.operations[method, path]["responses"]
        return self.plain(next(_schema(answers[status]) for status in answers if status.startswith("2")))

    def is_vague(self, method: str, path: str) -> bool:
        """Whether the answer is described as exactly one of several, more than one of which any object satisfies."""
        return "oneOf" in self.answer(method, path)

    def plain(self, node: Any) -> Any:
        """Spell a part of the API's description out: references followed, the parts of an `allOf` made one."""
        if isinstance(node, list):
            return [self.plain(part) for part in node]
        if not isinstance(node, dict):
            return node
        if isinstance(reference := node.get("$ref"), str):
            return self.plain(self._follow(reference))
        spelled = {key: self.plain(value) for key, value in node.items() if key != "allOf"}
        for part in node.get("allOf", []):
            spelled = _merge(spelled, self.plain(part))
        return spelled

    def _follow(self, reference: str) -> Any:
        found = self.api
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        return found


def load_description(source: str) -> Description:
    """Load a description; the test is skipped where Zoom's is not there."""
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


def _schema(sent: Any) -> Any:
    kinds = sent.get("content", {})
    return next((kinds[kind]["schema"] for kind in kinds), {})


def _merge(one: Any, other: Any) -> Any:
    """Make one schema of two that hold both."""
    parts = {
        "properties": {**one.get("properties", {}), **other.get("properties", {})},
        "required": [*one.get("required", []), *other.get("required", [])],
    }
    return {**one, **other, **parts}


def _close(node: Any) -> Any:
    if isinstance(node, list):
        return [_close(part) for part in node]
    if not isinstance(node, dict):
        return node
    closed = {"additionalProperties": False} if node.get("type") == "object" and "properties" in node else {}
    return {key: value if key == "allOf" else _close(value) for key, value in node.items()} | closed
