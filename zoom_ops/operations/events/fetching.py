"""Pictures that a file names by their addresses: fetched once, before the file is saved. A failure is a note."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ...errors import BadInputError, TemporaryError
from ...events import Event, Picture, Portrait, ReviewNote
from ...linear import split_url
from ...picture_hosts import NotFetchedError, SilentHostError
from ...pictures import Kind
from ...readers import Announced, PictureAt
from ...store.audit import Actor
from ...store.pictures.kept import find_fetched
from ..context import Context
from .pictures import keep_picture

BUDGET_S = 30  # seconds that the pictures of one file may take together
_LATE = "the others of this file took too long: import it again"
_NO_TEXT = "This picture has no text for those who do not see it: say what it shows."
Fetched = Mapping[PictureAt, Picture | str]


def fetch_pictures(context: Context, announced: Iterable[Announced]) -> tuple[Announced, ...]:
    """Return the events of a file with the pictures that it names by their addresses.

    What was fetched from an address before is not fetched again. A picture that cannot be had is left out with a note;
    nothing is noted of one that merely stood on a page, where no host is named in the settings.
    """
    events = tuple(announced)
    fetched = fetch_all(context, events)
    return tuple(with_pictures(event, fetched) if event.pictures else event for event in events)


def fetch_picture(context: Context, url: str, kind: Kind, by: Actor | None = None) -> Picture:
    """Fetch a picture, whether or not it was fetched before, and keep it.

    Raise NotFetchedError, or the errors of `keep_picture`.
    """
    picture = keep_picture(context, context.picture_hosts.fetch(url), kind, f"{kind} {url}", by)
    return Picture(digest=picture.digest, width=picture.width, height=picture.height)


def fetch_all(context: Context, announced: Iterable[Announced]) -> Fetched:
    """Return each picture, or why there is none: empty for one that nobody asked for and that may not be fetched."""
    wanted = [each for event in announced for each in event.pictures]
    if not wanted:
        return {}
    ends = context.clock.elapsed() + BUDGET_S
    tried: dict[str, Picture | str] = {_key_of(each): found for each, found in find_known(context, wanted).items()}
    outcome: dict[PictureAt, Picture | str] = {**_find_foreign(context, wanted)}
    silent: dict[str, str] = {}
    for each in wanted:
        if each in outcome:
            continue
        if _key_of(each) not in tried:
            late = context.clock.elapsed() > ends
            tried[_key_of(each)] = _LATE if late else _try(context, each, silent)
        outcome[each] = tried[_key_of(each)]
    return outcome


def find_known(context: Context, wanted: Collection[PictureAt]) -> dict[PictureAt, Picture]:
    """Find the pictures that were fetched from their addresses before."""
    if not wanted:
        return {}
    with context.database.read() as connection:
        known = find_fetched(connection, {_key_of(each) for each in wanted})
    return {each: known[_key_of(each)] for each in wanted if _key_of(each) in known}


def with_pictures(announced: Announced, fetched: Fetched) -> Announced:
    """Return an event with those of its pictures that were fetched, and a note for each of the others."""
    event = announced.event
    for wanted in announced.pictures:
        found = fetched.get(wanted)
        if isinstance(found, Picture):
            event = _with_picture(event, wanted, found)
        elif found:
            reason = f"The picture was not fetched: {found.removesuffix('.')}."
            event = _noted(event, wanted, reason)
    return replace(announced, event=event, pictures=())


def note_foreign(context: Context, announced: Announced) -> Announced:
    """Return an event with notes for those of its pictures that may not be fetched; the others are still to be."""
    foreign = _find_foreign(context, announced.pictures)
    left = tuple(each for each in announced.pictures if each not in foreign)
    return replace(with_pictures(announced, foreign), pictures=left) if foreign else announced


def _find_foreign(context: Context, wanted: Iterable[PictureAt]) -> dict[PictureAt, str]:
    """Find the pictures that may not be fetched, with the reason; it is empty where nobody asked for the picture."""
    hosts = context.picture_hosts
    found = ((each, hosts.why_not(each.url)) for each in wanted)
    return {each: why_not if each.is_asked or hosts.names else "" for each, why_not in found if why_not}


def _try(context: Context, wanted: PictureAt, silent: dict[str, str]) -> Picture | str:
    """Fetch a picture, unless its host did not answer before; return it, or why there is none."""
    host = split_url(wanted.url).netloc
    if host in silent:
        return silent[host]
    try:
        return fetch_picture(context, wanted.url, wanted.kind)
    except SilentHostError as error:
        silent[host] = str(error)
        return silent[host]
    except (NotFetchedError, BadInputError, TemporaryError) as error:
        return str(error)


def _with_picture(event: Event, wanted: PictureAt, picture: Picture) -> Event:
    if wanted.person is None:
        pictured = event.model_copy(update={"image": picture.model_copy(update={"alt": wanted.text})})
        return pictured if wanted.text else _noted(pictured, wanted, _NO_TEXT)
    portrait = Portrait(digest=picture.digest)
    performers = tuple(
        person.model_copy(update={"image": portrait}) if number == wanted.person else person
        for number, person in enumerate(event.performers)
    )
    return event.model_copy(update={"performers": performers})


def _noted(event: Event, wanted: PictureAt, reason: str) -> Event:
    note = ReviewNote(field=wanted.field, text=wanted.url[:500], reason=reason)
    return event.model_copy(update={"needs_review": (*event.needs_review, note)})


def _key_of(wanted: PictureAt) -> str:
    return f"{wanted.kind} {wanted.url}"
