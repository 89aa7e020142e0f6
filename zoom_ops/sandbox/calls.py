"""An API call with its reply."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to the API.

    `path`: as it was sent, without the query. `base`: scheme and host by which the caller reaches the sandbox.
    `address`: where the caller is.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = field(default=b"", repr=False)
    base: str = ""
    address: str = "127.0.0.1"
    parts: Mapping[str, str] = field(default_factory=dict)  # the values of the {…} in the path
    params: Json = field(default_factory=dict)  # the query, checked and converted to its types
    fields: Json = field(default_factory=dict)  # the JSON body, checked


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply: status, JSON body (or none), further headers."""

    status: int = 200
    body: Json | None = None
    headers: Pairs = ()

    def content(self) -> bytes:
        """Serialize the body as Zoom does: compact JSON in UTF-8."""
        return b"" if self.body is None else dump(self.body)


class Refusal(Exception):
    """An error reply of Zoom: HTTP status, Zoom's own error code, message."""

    def __init__(self, status: int, code: int, message: str, *, errors: Pairs = (), headers: Pairs = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.errors, self.headers = errors, headers

    def reply(self) -> Reply:
        """Build the error reply `{code, message, errors?}`."""
        body: Json = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = [{"field": name, "message": text} for name, text in self.errors]
        return Reply(status=self.status, body=body, headers=self.headers)


def full(kind: str) -> Refusal:
    """Build the error for a webinar that cannot have more people of a kind."""
    message = f"You have reached the limit for the number of {kind} you can add."
    return Refusal(400, 3000, f"{message} Contact Zoom Support for more information.")


def invalid(*fields: str) -> Refusal:
    """Build the error with which Zoom's validation refuses fields: 400, code 300, one entry for each field."""
    return Refusal(400, 300, "Validation Failed.", errors=tuple((name, "Invalid field.") for name in fields))


def dump(body: Any) -> bytes:
    """Serialize JSON compactly in UTF-8, without \\u escapes for letters."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
