"""ETags of events. A tag holds the revision that was read, so that no client overwrites a change it has not read."""

import hashlib
import json
import re
from typing import Annotated, Any

from fastapi import Header, Response
from fastapi.responses import JSONResponse

_TAG = re.compile(r'(?:W/)?"(\d{1,9})-[0-9a-f]{16}"')

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The event's ETag as you read it; * is any.")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="The ETags that you have.")]


def make_tag(document: dict[str, Any], revision: int) -> str:
    """Build the ETag of an event as shown; it begins with the revision of the record."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return f'"{revision}-{digest[:16]}"'


def answer_tagged(document: dict[str, Any], revision: int, known: str | None) -> Response:
    """Answer with a document and its ETag, or 304 if the client has it already."""
    tag = make_tag(document, revision)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    held = {part.strip().removeprefix("W/") for part in (known or "").split(",")}
    if tag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return JSONResponse(document, headers=headers)


def revisions_in(match: str) -> frozenset[int] | None:
    """Parse If-Match into the revisions that may be overwritten; None means any. A foreign tag matches none."""
    if match.strip() == "*":
        return None
    return frozenset(int(tag[1]) for part in match.split(",") if (tag := _TAG.fullmatch(part.strip())))
