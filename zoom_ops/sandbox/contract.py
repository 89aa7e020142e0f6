"""Zoom's published contract of each operation: path, rate-limit label, scopes, query and body."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, cast
from urllib.parse import unquote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from pydantic import TypeAdapter

from .calls import Json, Refusal, invalid

_FORMATS = FormatChecker(formats=("email", "date-time", "date"))


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API. `label` is its rate-limit label, None if Zoom states none."""

    id: str
    method: str
    path: str
    label: str | None
    scopes: tuple[str, ...]
    query: Json = field(default_factory=dict)
    body: Json | None = None

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the path template."""
        return tuple(self.path.strip("/").split("/"))

    @cached_property
    def validator(self) -> Draft202012Validator:
        """Return the validator of bodies."""
        return Draft202012Validator(self.body or {}, format_checker=_FORMATS)

    @property
    def right(self) -> str | None:
        """Return the right that the role of the app's owner needs for it, None if Zoom states none."""
        area = self.segments[0]
        if self.id == "recordingsList":
            return "Recording:Read"
        if area == "report":
            return "UsageReport:Read" if self.id != "reportCloudRecording" else None
        if area in ("users", "webinars", "past_webinars", "live_webinars"):
            return "User:Read" if self.method == "GET" else "User:Edit"
        return None

    @property
    def missing_scope(self) -> str:
        """Return the scope that Zoom names in its refusal when a token lacks all scopes of the operation.

        It is the granular scope for administrators, else the classic one for administrators, else the first scope.
        """
        granular = [scope for scope in self.scopes if scope.count(":") == 3 and scope.endswith(":admin")]
        classic = [scope for scope in self.scopes if scope.endswith(":admin")]
        return (granular or classic or [*self.scopes])[0]


@cache
def operations() -> tuple[Operation, ...]:
    """Load all operations. Fixed paths stand before paths with parameters, so that they match first."""
    text = files("zoom_ops.sandbox").joinpath("operations.json").read_text("utf-8")
    parsed = TypeAdapter(list[Operation]).validate_json(text)
    return tuple(sorted(parsed, key=lambda operation: operation.path.count("{")))


def default_scopes() -> tuple[str, ...]:
    """Return scopes that permit every operation."""
    return tuple(sorted({operation.missing_scope for operation in operations()}))


def find_operation(method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
    """Find the operation of a raw path below `/v2`, with the values of its path parameters; None if there is none."""
    parts = path.strip("/").split("/")
    for operation in operations():
        if operation.method != method or len(operation.segments) != len(parts):
            continue
        named = [*zip(operation.segments, parts, strict=True)]
        if all(name == part or (name.startswith("{") and part) for name, part in named):
            return operation, {name[1:-1]: _decode(part) for name, part in named if name.startswith("{")}
    return None


def check_query(operation: Operation, query: Mapping[str, str]) -> Json:
    """Convert the query parameters that the contract lists to their types, and fill in defaults.

    Raise `Refusal` for values that the contract does not allow. Parameters that it does not list are ignored. Zoom
    shortens a page that is longer than it allows.
    """
    wrong, params = [], {}
    for name, schema in operation.query.items():
        value = _convert(query[name], schema) if query.get(name) else schema.get("default")
        if name == "page_size" and isinstance(value, int):
            value = min(value, schema.get("maximum", value))
        validator = Draft202012Validator(schema, format_checker=_FORMATS)
        is_wrong = schema.get("required_here") if value is None else not validator.is_valid(value)
        if is_wrong:
            wrong.append(name)
        else:
            params[name] = value
    if wrong:
        raise invalid(*wrong)
    return params


def check_body(operation: Operation, body: bytes) -> Json:
    """Parse and check a JSON body. Raise `Refusal` for a body that does not fit the contract.

    A null counts as not sent. Fields that the contract does not list are dropped.
    """
    if operation.body is None:
        return {}
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Refusal(400, 300, "Request Body should be a valid JSON object.")
    fields = _drop_nulls(parsed)
    errors = sorted(operation.validator.iter_errors(fields), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        raise invalid(*dict.fromkeys(name for error in errors for name in _field_names(error)))
    return cast(Json, _keep_known(fields, operation.body))


def unrecognised() -> Refusal:
    """Build the error for a path that no operation has."""
    return Refusal(404, 2300, "This API endpoint is not recognized.")


def _decode(part: str) -> str:
    """Decode one part of a path twice.

    Zoom's gateway decodes once and normalizes slashes. So a uuid with a `/` in front or a `//` must be encoded twice.
    """
    once = unquote(part)
    if once.startswith("/") or "//" in once:
        raise unrecognised()
    return unquote(once)


def _convert(text: str, schema: Json) -> Any:
    if schema["type"] == "integer":
        return int(text) if re.fullmatch("-?[0-9]{1,18}", text) else text
    if schema["type"] == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if schema.get("format") == "date":
        return text.partition("T")[0]  # Zoom also accepts an instant and uses its day; old clients send one
    return text


def _field_names(error: ValidationError) -> Iterable[str]:
    path = ".".join(str(part) for part in error.absolute_path)
    if error.validator != "required":
        return [path or "body"]
    prefix = f"{path}." if path else ""
    instance = cast(Json, error.instance)
    return [f"{prefix}{name}" for name in cast(list[str], error.validator_value) if name not in instance]


def _drop_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _drop_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_drop_nulls(inner) for inner in value]
    return value


def _keep_known(value: Any, schema: Json) -> Any:
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {name: _keep_known(inner, known[name]) for name, inner in value.items() if name in known}
    if isinstance(value, list) and "items" in schema:
        return [_keep_known(inner, schema["items"]) for inner in value]
    return int(value) if schema.get("type") == "integer" else value
