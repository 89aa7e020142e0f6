"""Pictures that come with a form: kept at once, so that the form needs to say only which they are."""

import re
from collections.abc import Mapping

from ....errors import BadInputError, TemporaryError
from ....operations.context import Context
from ....operations.events.fetching import fetch_picture, find_known
from ....operations.events.pictures import keep_picture
from ....picture_hosts import NotFetchedError
from ....pictures import Kind
from ....readers import Announced
from ....store.audit import Actor
from ....store.pictures.kept import find_pictures
from .bodies import Posted
from .fields import LONGEST_LINE, PICTURE_FILE, PICTURE_GONE, PICTURE_URL, Values

_FIELD = re.compile(r"(image|performers-\d{1,3}-image)(-file|-url)?")
_MOST_FETCHED = 5  # pictures at one press of a button: each may take some seconds
_MORE = "Five pictures are fetched at once: check again for the others."
_MOST_SENT = 20  # pictures at one press of a button: a small file can take two seconds
_TOO_MANY = "Twenty pictures are taken at once: send this one after the others."
_LOST = "This picture is no longer kept: choose it again."


def take_pictures(context: Context, posted: Posted, by: Actor) -> tuple[Values, Mapping[str, str]]:
    """Return what stands in a form once its pictures are kept or taken out, with a sentence for each that is refused.

    A picture that is refused leaves the one that was there. Its address stands in the form as long as it is refused.
    """
    values = {key: text for key, text in posted.values.items() if not key.endswith((PICTURE_FILE, PICTURE_GONE))}
    for key, text in posted.values.items():
        name = key.removesuffix("-remove")
        if text and key.endswith(PICTURE_GONE) and f"{name}-file" not in posted.pictures:  # else it is replaced
            values |= _without(name)
    refused: dict[str, str] = {}
    given = [(name, each) for name, each in posted.pictures.items() if _FIELD.fullmatch(name)]
    addresses = _addresses(values, posted.pictures)
    refused |= {name: _MORE for name, _ in addresses[_MOST_FETCHED:]}
    refused |= {name: _TOO_MANY for name, _ in given[_MOST_SENT:]}
    sources: list[tuple[str, bytes | str]] = [*addresses[:_MOST_FETCHED], *given[:_MOST_SENT]]
    for number, (name, source) in enumerate(sources):
        try:
            values[_FIELD.sub(r"\1", name)] = _keep(context, name, source, by)
            values = {key: text for key, text in values.items() if key != name}
        except BadInputError as error:
            refused[name] = str(error)
        except NotFetchedError as error:
            refused[name] = f"The picture was not fetched: {error}."
        except TemporaryError as error:  # the others would wait as long, and keep a thread from the pages
            refused |= {left: str(error) for left, _ in sources[number:]}
            break
    lost = _find_lost(context, values)
    return values | dict.fromkeys(lost, ""), {f"{key}-file": _LOST for key in lost} | refused


def fill_addresses(context: Context, announced: Announced) -> Values:
    """Return what stands in the form of the pictures that a file names and that may be fetched.

    One that was fetched from its address before is taken as it is kept.
    """
    wanted = [each for each in announced.pictures if not context.picture_hosts.why_not(each.url)]
    kept = find_known(context, wanted)
    fields = {each: each.field.replace(".", "-") for each in wanted}
    values = {fields[e]: kept[e].digest for e in wanted if e in kept}
    values |= {f"{fields[e]}-url": e.url for e in wanted if e not in kept}
    text = next((each.text for each in wanted if each.person is None), None)
    return values if text is None else values | {"image_alt": text}


def _addresses(values: Values, files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """List the addresses that are typed, where no file is sent for the same picture."""
    typed = [
        (key, text.strip()[:LONGEST_LINE])
        for key, text in values.items()
        if text.strip() and key.endswith(PICTURE_URL) and _FIELD.fullmatch(key)
    ]
    return [(key, url) for key, url in typed if f"{key.removesuffix('-url')}-file" not in files]


def _keep(context: Context, name: str, source: bytes | str, by: Actor) -> str:
    kind: Kind = "picture" if name.startswith("image") else "portrait"
    if isinstance(source, bytes):
        return keep_picture(context, source, kind, by=by).digest
    return fetch_picture(context, source, kind, by).digest


def _without(key: str) -> Values:
    return {key: "", "image_alt": "", "image_decorative": ""} if key == "image" else {key: ""}


def _find_lost(context: Context, values: Values) -> tuple[str, ...]:
    """List the fields of pictures that a form says and that were thrown away, as it was open for very long."""
    said = {key: text for key, text in values.items() if text and (place := _FIELD.fullmatch(key)) and not place[2]}
    if not said:
        return ()
    with context.database.read() as connection:
        kept = find_pictures(connection, said.values())
    return tuple(key for key, text in said.items() if text not in kept)
