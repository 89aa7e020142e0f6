"""Pictures that come with a form: kept at once, so that the form needs to say only which they are."""

import re
from collections.abc import Mapping

from ....errors import BadInputError, TemporaryError
from ....operations.context import Context
from ....operations.events.pictures import keep_picture
from ....store.pictures.kept import find_pictures
from .bodies import Posted
from .fields import PICTURE_FILE, PICTURE_GONE, Values

_FIELD = re.compile(r"image|performers-\d{1,3}-image")
_LOST = "This picture is no longer kept: choose it again."


def take_pictures(context: Context, posted: Posted) -> tuple[Values, Mapping[str, str]]:
    """Return what stands in a form once its pictures are kept or taken out, with a sentence for each that is refused.

    A picture that is refused leaves the one that was there.
    """
    values = {key: text for key, text in posted.values.items() if not key.endswith((PICTURE_FILE, PICTURE_GONE))}
    for key, text in posted.values.items():
        if text and key.endswith(PICTURE_GONE):
            values |= _without(key.removesuffix("-remove"))
    refused: dict[str, str] = {}
    for name, content in posted.pictures.items():
        key = name.removesuffix("-file")
        if not _FIELD.fullmatch(key):
            continue
        try:
            values[key] = keep_picture(context, content, "picture" if key == "image" else "portrait").digest
        except (BadInputError, TemporaryError) as error:
            refused[name] = str(error)
    lost = _find_lost(context, values)
    return values | dict.fromkeys(lost, ""), {f"{key}-file": _LOST for key in lost} | refused


def _without(key: str) -> Values:
    return {key: "", "image_alt": "", "image_decorative": ""} if key == "image" else {key: ""}


def _find_lost(context: Context, values: Values) -> tuple[str, ...]:
    """List the fields of pictures that a form says and that were thrown away, as it was open for very long."""
    said = {key: text for key, text in values.items() if text and _FIELD.fullmatch(key)}
    if not said:
        return ()
    with context.database.read() as connection:
        kept = find_pictures(connection, said.values())
    return tuple(key for key, text in said.items() if text not in kept)
