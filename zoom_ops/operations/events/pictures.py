"""The pictures of an event: kept where a file names none, and only those that this service has."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from ...events import Event, Performer, Picture, Portrait, ReviewNote
from ...pictures import KeptPicture, Kind
from ...reencode import read_picture
from ...store.pictures.kept import find_pictures, save_picture
from ..context import Context
from .addresses import pair_names

_GONE = "This picture is not kept here: send it again."


def keep_picture(context: Context, content: bytes, kind: Kind, source: str | None = None) -> KeptPicture:
    """Read a picture that was sent, or fetched from a source, and keep it. Raise the errors of `read_picture`."""
    picture = read_picture(content, kind)
    with context.database.begin() as connection:
        save_picture(connection, picture, context.database.now(connection), source)
    return picture


def keep_portraits(event: Event, known: Sequence[Performer]) -> Event:
    """Give the people of whom a file says no picture the one that the record has for their name."""
    pairs = pair_names([person.name for person in event.performers], [person.name for person in known])
    performers = tuple(
        person
        if pair is None or "image" in person.model_fields_set
        else person.model_copy(update={"image": known[pair].image})
        for person, pair in zip(event.performers, pairs, strict=True)
    )
    return event.model_copy(update={"performers": performers})


def settle_pictures(connection: Connection, event: Event) -> Event:
    """Return an event with the sizes of its pictures; one that is not kept is left out, and a note says so."""
    if not event.pictures:
        return event
    kept = find_pictures(connection, event.pictures)
    notes = [
        ReviewNote(field=field, text=image.digest, reason=_GONE)
        for field, image in (("image", event.image), *_portraits(event))
        if image and image.digest not in kept
    ]
    changes = {
        "image": _sized(event.image, kept),
        "performers": tuple(
            person if person.image is None or person.image.digest in kept else person.model_copy(update={"image": None})
            for person in event.performers
        ),
        "needs_review": tuple(dict.fromkeys((*event.needs_review, *notes))),
    }
    return event.model_copy(update=changes)


def _portraits(event: Event) -> Iterator[tuple[str, Portrait | None]]:
    return ((f"performers.{number}.image", person.image) for number, person in enumerate(event.performers))


def _sized(image: Picture | None, kept: Mapping[str, Picture]) -> Picture | None:
    found = kept.get(image.digest) if image else None
    return found.model_copy(update={"alt": image.alt}) if image and found else None
