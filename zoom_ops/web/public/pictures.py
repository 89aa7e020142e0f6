"""The pictures of an event and its people, at addresses that change with their content."""

import re

from fastapi import APIRouter, Request, Response

from ...errors import NotFoundError
from ..dependencies import TheSlug, reader_of, services_of
from ..security_headers import PICTURE_ONLY, unindexed

router = APIRouter()
_KEPT_FOR_S = 86_400  # by caches: a portrait that somebody wants taken out is gone there, too, the day after
_NAME = re.compile(r"([0-9a-f]{32})(-small)?")


@router.api_route("/events/{slug}/pictures/{name}.jpg", methods=["GET", "HEAD"])
def give_picture(request: Request, slug: TheSlug, name: str) -> Response:
    """Return a picture of an event or of one of its people to who may see the event."""
    if not (found := _NAME.fullmatch(name)):
        raise NotFoundError("picture", name)
    programme, reader = services_of(request).programme, reader_of(request)
    event, content = programme.get_picture(slug, reader, found[1], small=bool(found[2]))
    kept = "private, no-store" if event.visibility == "draft" else f"public, max-age={_KEPT_FOR_S}"
    headers = {"Cache-Control": kept, **PICTURE_ONLY, **unindexed(event)}
    return Response(content, media_type="image/jpeg", headers=headers)
