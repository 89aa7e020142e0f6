"""The pictures of an event and its people, at addresses that change with their content."""

import re

from fastapi import APIRouter, Request, Response

from ...errors import NotFoundError
from ..dependencies import TheSlug, reader_of, services_of
from ..rendering import is_known
from ..security_headers import PICTURE_ONLY, unindexed

router = APIRouter()
_KEPT = {  # a browser may keep for a day what it has seen; a cache of many asks each second
    "listed": "public, max-age=86400, s-maxage=1",
    "unlisted": "private, max-age=86400",
    "draft": "private, no-store",
}
_NAME = re.compile(r"([0-9a-f]{32})(-small)?")


@router.api_route("/events/{slug}/pictures/{name}.jpg", methods=["GET", "HEAD"])
def give_picture(request: Request, slug: TheSlug, name: str) -> Response:
    """Return a picture of an event or of one of its people to who may see the event."""
    if not (found := _NAME.fullmatch(name)):
        raise NotFoundError("picture", name)
    programme, reader = services_of(request).programme, reader_of(request)
    event, content = programme.get_picture(slug, reader, found[1], small=bool(found[2]))
    tag = f'"{name}-{event.visibility}"'
    headers = {"ETag": tag, "Cache-Control": _KEPT[event.visibility], **PICTURE_ONLY, **unindexed(event)}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/jpeg", headers=headers)
