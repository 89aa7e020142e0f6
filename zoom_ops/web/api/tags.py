"""ETags of events: a tag says which revision was read, so that nobody overwrites what he has not seen."""

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
    """Make the tag of what is shown of an event; it begins with the revision of its record."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return f'"{revision}-{digest[:16]}"'


def answer_tagged(document: dict[str, Any], revision: int, known: str | None) -> Response:
    """Give a document with its tag; to who has it already, say only that."""
    tag = make_tag(document, revision)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    held = {one.strip().removeprefix("W/") for one in (known or "").split(",")}
    if tag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return JSONResponse(document, headers=headers)


def revisions_in(match: str) -> frozenset[int] | None:
    """Read from an If-Match which revisions may be written over; None: any. What is no tag of ours fits nothing."""
    if match.strip() == "*":
        return None
    return frozenset(int(found[1]) for one in match.split(",") if (found := _TAG.fullmatch(one.strip())))
