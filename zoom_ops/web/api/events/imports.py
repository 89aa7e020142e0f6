"""Import of files in any format that is read: preview, then confirm."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from ....identity import Scope
from ....operations.events.fetching import fetch_pictures
from ....operations.events.previewing import (
    Preview,
    columns_of,
    digest_of,
    import_previewed,
    preview_events,
    preview_json,
)
from ....readers import LARGEST_FILE, format_of
from ...reading_slots import TheSlot
from ...request_files import read_request
from ..callers import Caller, needs
from ..contents import described, raw_body
from ..description import BODY, answers
from ..models.imports import FileImported
from ..once import Keyed, answer_once
from ..parameters import EventName
from ..problems import which_is_meant
from .seen import seen_by

ENDINGS = {  # media types, and the ending of a file that is one; only what the content leaves open is told by it
    "application/octet-stream": "",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/yaml": ".yaml",  # RFC 9512
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
_FILE = {"type": "string", "format": "binary", "description": "The file. Its content tells the format."}

router = APIRouter(tags=["events"])
Drafting = Annotated[Caller, needs(Scope.EVENTS_WRITE, Scope.EVENTS_DRAFT)]  # what an author imports is a draft


@router.post(
    "/imports",
    responses=answers(200, 201, 409, 412, *BODY, gives=FileImported),
    openapi_extra=described(_FILE, *ENDINGS),
)
def import_file(  # noqa: PLR0913  # each is a parameter of the request
    caller: Drafting,
    body: Annotated[bytes, raw_body(*ENDINGS, limit=LARGEST_FILE)],
    _slot: TheSlot,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    dry_run: Annotated[bool, Query(description="Only say what an import would do.")] = False,
    preview: Annotated[str, Query(max_length=100, description="The `preview` of a dry run that was read.")] = "",
    match: Annotated[str | None, Header(alias="If-Match", description="The same as an ETag.")] = None,
    known_as: Annotated[EventName | None, Query(alias="id", description="The event that the file speaks of.")] = None,
    new: Annotated[bool, Query(description="Another event of the same name.")] = False,
    profile: Annotated[str | None, Query(max_length=100, description="The profile of these events.")] = None,
    account: Annotated[str | None, Query(max_length=100, description="The Zoom account of these events.")] = None,
    recording_visibility: Annotated[
        Literal["public", "members"] | None, Query(description="Who may see the recordings.")
    ] = None,
    *,
    keyed: Keyed,
) -> Response:
    """Import the events of a file, all or none of them. With `dry_run`, say what an import would do, and store nothing
    but its pictures.

    201 if an event was created. 412 if `preview` or `If-Match` names a preview, and an import would now do something
    else. 409 if it is not clear which event is meant. 422 with every mistake of the file.
    """
    name = f"request{ENDINGS[content_type.partition(';')[0].strip().lower()]}"
    announced = read_request(body, name, profile=profile, account=account, recording_visibility=recording_visibility)
    expected, kind = _expected(preview, match), format_of(body, name)
    announced = fetch_pictures(caller.context, announced)

    def act() -> Response:
        with which_is_meant():
            shown = import_previewed(caller.context, announced, caller.by, expected=expected, as_id=known_as, new=new)
        caller.operations.wake()
        return _answer(caller, shown, kind, dry_run=False)

    if not dry_run:
        return answer_once(caller, keyed, act)
    with which_is_meant():
        shown = preview_events(caller.context, announced, caller.by, as_id=known_as, new=new)
    return _answer(caller, shown, kind, dry_run=True)


def _expected(preview: str, match: str | None) -> frozenset[str] | None:
    """Return the digests of which one must be that of the preview now; None for any."""
    given = [preview] if preview else [] if match is None else match.split(",")
    digests = frozenset(part.strip().removeprefix("W/").strip('"') for part in given)
    return None if not given or "*" in digests else digests


def _answer(caller: Caller, shown: tuple[Preview, ...], kind: str, *, dry_run: bool) -> Response:
    documents = [preview_json(each) for each in shown]
    digest, created = digest_of(caller.context.box, documents), [each.id for each in shown if each.action == "created"]
    headers = {"Cache-Control": "no-store"} | ({"ETag": f'"{digest}"'} if dry_run else {})
    if created and not dry_run and len(shown) == 1:
        headers["Location"] = f"{caller.services.base_url}/api/v1/events/{created[0]}"
    document = {
        "dry_run": dry_run,
        "format": kind,
        "preview": digest,
        "columns": [{"column": column, "field": field} for column, field in columns_of(shown)],
        "events": [seen_by(caller.reader, document) for document in documents],
    }
    return JSONResponse(document, 201 if created and not dry_run else 200, headers)
