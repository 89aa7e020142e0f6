"""The pictures of an event: kept where a file names none, and only those that this service has."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ...errors import BadInputError
from ...events import Event, Performer, Picture, Portrait, ReviewNote
from ...pictures import KeptPicture, Kind
from ...pictures.reader import read_apart
from ...store.audit import Actor
from ...store.db.locks import exclude_others
from ...store.pictures.kept import count_sent, find_pictures, save_picture
from ..context import Context
from .addresses import pair_names

_MOST_A_DAY = 100  # pictures of one author: 27 MB
_GONE = "This picture is not kept here: send it again."


def keep_picture(
    context: Context, content: bytes, kind: Kind, source: str | None = None, by: Actor | None = None
) -> KeptPicture:
    """Read a picture that was sent, or fetched from a source, and keep it. Raise the errors of `read_apart`.

    An author (`by`) may send a hundred within a day; raise BadInputError for more.
    """
    author = by.name if by and not by.publishes else None
    with context.database.read() as connection:  # before it is read, which takes long
        _refuse_more(connection, author, context.database.now(connection))
    picture = read_apart(content, kind)
    with context.database.begin() as connection:
        if author:
            exclude_others(connection, f"pictures:{author}")
        now = context.database.now(connection)
        _refuse_more(connection, author, now)
        save_picture(connection, picture, now, source, author)
    return picture


def _refuse_more(connection: Connection, author: str | None, now: datetime) -> None:
    if author and count_sent(connection, author, now - timedelta(days=1)) >= _MOST_A_DAY:
        raise BadInputError("You have sent a hundred pictures within a day: send this one tomorrow.")


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
