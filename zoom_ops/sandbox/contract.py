"""What Zoom's published contract says of each operation: path, label, scopes, and what a request may hold."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, cast
from urllib.parse import unquote

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from .calls import Json, Refusal, invalid


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API; `label` is its rate-limit label, None where Zoom states none."""

    id: str
    method: str
    path: str
    label: str | None
    scopes: tuple[str, ...]
    query: Json = field(default_factory=dict, hash=False)
    body: Draft202012Validator | None = field(default=None, hash=False)

    @property
    def segments(self) -> tuple[str, ...]:
        """Tell the parts of the path template."""
        return tuple(self.path.strip("/").split("/"))

    @property
    def missing_scope(self) -> str:
        """Tell the scope that Zoom names when it is not granted: the granular one for administrators."""
        granular = [scope for scope in self.scopes if scope.count(":") == 3 and scope.endswith(":admin")]
        classic = [scope for scope in self.scopes if scope.endswith(":admin")]
        return (granular or classic or [*self.scopes])[0]


@cache
def operations() -> tuple[Operation, ...]:
    """Load all operations, those with a fixed path before those with a name in it."""
    text = files("zoom_ops.sandbox").joinpath("operations.json").read_text("utf-8")
    parsed = [_parse(entry) for entry in json.loads(text)]
    return tuple(sorted(parsed, key=lambda operation: operation.path.count("{")))


def granted_by_default() -> tuple[str, ...]:
    """Tell the scopes of an app that may do everything here."""
    return tuple(sorted({operation.missing_scope for operation in operations()}))


def find_operation(method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
    """Find the operation of a raw path below `/v2`, with what stands in it for the names; None if there is none."""
    asked = path.strip("/").split("/")
    for operation in operations():
        if operation.method == method and _fits(operation.segments, asked):
            named = zip(operation.segments, asked, strict=True)
            return operation, {name[1:-1]: _decode(part) for name, part in named if name.startswith("{")}
    return None


def check_query(operation: Operation, query: Mapping[str, str]) -> Json:
    """Type the query parameters that the contract knows, defaults filled in; refuse the ones it does not allow."""
    wrong, params = [], {}
    for name, schema in operation.query.items():
        value = _typed(query[name], schema) if query.get(name) else schema.get("default")
        if (value is None and schema.get("required_here")) or (value is not None and not _allowed(value, schema)):
            wrong.append(name)
        else:
            params[name] = value
    if wrong:
        raise invalid(*wrong)
    return params


def check_body(operation: Operation, body: bytes) -> Json:
    """Parse a JSON body and check it; what is null counts as not sent, what the contract does not know is dropped."""
    if operation.body is None:
        return {}
    try:
        parsed = json.loads(body or b"{}")
    except ValueError as error:
        raise Refusal(400, 300, "Request Body should be a valid JSON object.") from error
    if not isinstance(parsed, dict):
        raise Refusal(400, 300, "Request Body should be a valid JSON object.")
    fields = _without_nulls(parsed)
    errors = sorted(operation.body.iter_errors(fields), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        raise invalid(*dict.fromkeys(name for error in errors for name in _names(error)))
    return cast(Json, _known(fields, cast(Json, operation.body.schema)))


def unrecognised() -> Refusal:
    """Refuse a path that is nobody's."""
    return Refusal(404, 2300, "This API endpoint is not recognized.")


def _parse(entry: Json) -> Operation:
    body = entry.get("body")
    checker = FormatChecker(formats=("email", "date-time", "date"))
    return Operation(
        id=entry["id"],
        method=entry["method"],
        path=entry["path"],
        label=entry["label"],
        scopes=tuple(entry["scopes"]),
        query=entry.get("query", {}),
        body=Draft202012Validator(body, format_checker=checker) if body else None,
    )


def _fits(segments: tuple[str, ...], asked: list[str]) -> bool:
    if len(segments) != len(asked):
        return False
    return all(name == part or (name.startswith("{") and part) for name, part in zip(segments, asked, strict=True))


def _decode(part: str) -> str:
    """Read one part of a path: the front door decodes once and tidies slashes, so some uuids need encoding twice."""
    once = unquote(part)
    if once.startswith("/") or "//" in once:
        raise unrecognised()
    return unquote(once)


def _typed(text: str, schema: Json) -> Any:
    if schema["type"] == "integer":
        return int(text) if re.fullmatch("-?[0-9]{1,18}", text) else text
    if schema["type"] == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if schema.get("format") == "date":
        return text.partition("T")[0]  # Zoom takes an instant for its day, and old clients send one
    return text


def _allowed(value: Any, schema: Json) -> bool:
    checker = FormatChecker(formats=("date",))
    return Draft202012Validator(schema, format_checker=checker).is_valid(value)


def _names(error: ValidationError) -> Iterable[str]:
    path = ".".join(str(part) for part in error.absolute_path)
    if error.validator != "required":
        return [path or "body"]
    prefix = f"{path}." if path else ""
    instance = cast(Json, error.instance)
    return [f"{prefix}{name}" for name in cast(list[str], error.validator_value) if name not in instance]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value


def _known(value: Any, schema: Json) -> Any:
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {name: _known(inner, known[name]) for name, inner in value.items() if name in known}
    if isinstance(value, list) and "items" in schema:
        return [_known(inner, schema["items"]) for inner in value]
    return int(value) if schema.get("type") == "integer" else value
