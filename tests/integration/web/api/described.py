"""Every answer of the API in a test is held against its OpenAPI description."""

import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests
from jsonschema import Draft202012Validator

from zoom_ops.clock import SystemClock
from zoom_ops.web.api import create_api

_PREFIX = "/api/v1"
_UNDESCRIBED = ("/openapi.json", "/docs")


@cache
def describe() -> dict[str, Any]:
    """Describe the API, which needs only a clock and a name."""
    services: Any = SimpleNamespace(organisation="zoom_ops", clock=SystemClock())
    return create_api(services).openapi()


def check_described(reply: requests.Response) -> None:
    """Assert that status, media type and body of an answer are described, and that it has no member besides."""
    path = urlsplit(str(reply.request.url)).path.removeprefix(_PREFIX)
    is_head = reply.request.method == "HEAD"  # which is answered as GET, and not described
    operation = find_operation("GET" if is_head else str(reply.request.method), path)
    if operation is None:
        assert path in _UNDESCRIBED or reply.status_code in (400, 404, 405), (path, reply.status_code)
        return
    where = f"{operation['operationId']} {reply.status_code}"
    assert str(reply.status_code) in operation["responses"], f"{where} is not described"
    content = resolve(operation["responses"][str(reply.status_code)]).get("content")
    if content is None or is_head:
        assert not reply.content, f"{where} has a body"
        return
    ((kind, media),) = content.items()
    assert reply.headers["Content-Type"] == kind, where
    faults = [
        f"{error.json_path}: {error.message[:200]}"
        for error in validator(media["schema"]["$ref"]).iter_errors(reply.json())
    ]
    assert not faults, f"{where}: {faults}"


def resolve(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as it is described, or where the description is that it names."""
    name = answer.get("$ref", "").removeprefix("#/components/responses/")
    return describe()["components"]["responses"][name] if name else answer  # type: ignore[no-any-return]


def find_operation(method: str, path: str) -> Any:
    """Find the operation of a request, or None."""
    found = (methods for pattern, methods in patterns() if pattern.fullmatch(path))
    return next((methods[method.lower()] for methods in found if method.lower() in methods), None)


@cache
def patterns() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """List the paths as regular expressions, those without parameters first."""
    paths = sorted(describe()["paths"].items(), key=lambda path: path[0].count("{"))
    return [(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), methods) for path, methods in paths]


@cache
def validator(place: str) -> Draft202012Validator:
    """Build the validator of a schema that takes no members besides those described."""
    schemas = {name: close(schema) for name, schema in describe()["components"]["schemas"].items()}
    return Draft202012Validator({"$ref": place, "components": {"schemas": schemas}})


def close(schema: dict[str, Any]) -> dict[str, Any]:
    """Forbid members that an object's schema does not name, unless it says that there are more."""
    return {"additionalProperties": False, **schema} if "properties" in schema else schema


def iter_operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each operation: method, path, description."""
    for path, methods in describe()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
