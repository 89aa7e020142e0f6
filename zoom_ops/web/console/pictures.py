"""The pictures that stand in a form, for who writes events: also those that no event shows yet."""

from fastapi import Response

from ...errors import NotFoundError
from ...store.pictures.kept import load_picture
from ..dependencies import TheOperations, editor_of
from ..security_headers import PICTURE_ONLY
from .frame import make_router

router = make_router(editor_of, speaks=True)


@router.get("/pictures/{digest}.jpg")
def give_picture(digest: str, operations: TheOperations) -> Response:
    """Return a picture in its small size."""
    with operations.context.database.read() as connection:
        content = load_picture(connection, digest, small=True)
    if content is None:
        raise NotFoundError("picture", digest[:100])
    return Response(content, media_type="image/jpeg", headers=PICTURE_ONLY)
