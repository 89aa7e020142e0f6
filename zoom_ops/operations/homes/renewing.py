"""New keys for links for members. The old ones open nothing from then on, and our links are written again in place."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection

from ...errors import BadInputError
from ...homes import with_keys
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.homes.entries import HomeEntry, change_entry, list_for_members, load_entries
from ...store.identity.member_seals import renew_event, renew_home
from ..context import Context
from ..reconcile.linked import place_of
from ..reconcile.member_keys import new_seal
from ..timeline import ring_records
from .admin import find_home


def renew_keys_of_home(context: Context, name: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Renew the keys of all links for members in a home; return these links. They are written again, old ones too.

    Raise NotFoundError for an unknown home.
    """
    find_home(context, name)
    with context.database.begin() as connection:
        links = _list_links(connection, name)
        renew_home(connection, name, new_seal())
        _write_again(context, connection, links, by, ("home", name))
    return links


def renew_keys_of_event(context: Context, event_id: str, by: Actor) -> tuple[HomeEntry, ...]:
    """Renew the keys of an event's links for members in all homes; return these links.

    Raise NotFoundError for an unknown event, BadInputError where none of its links for members has a key.
    """
    with context.database.begin() as connection:
        links = _links_with_keys(context, connection, event_id)
        renew_event(connection, event_id, new_seal())
        _write_again(context, connection, links, by, ("event", event_id))
    return links


def foresee_renewing_home(context: Context, name: str) -> tuple[str, ...]:
    """Say what `renew_keys_of_home` does. Raise what it raises."""
    find_home(context, name)
    with context.database.read() as connection:
        return _foresee(context, _list_links(connection, name))


def foresee_renewing_event(context: Context, event_id: str) -> tuple[str, ...]:
    """Say what `renew_keys_of_event` does. Raise what it raises."""
    with context.database.read() as connection:
        return _foresee(context, _links_with_keys(context, connection, event_id))


def has_keys(context: Context, event_id: str) -> bool:
    """Return whether an event has links for members with keys."""
    with context.database.read() as connection:
        return bool(_find_links(context, connection, event_id))


def sum_up(links: Collection[HomeEntry]) -> str:
    """Say what was done."""
    what = {0: "No link for members is", 1: "1 link for members is"}.get(
        len(links), f"{len(links)} links for members are"
    )
    return f"{what} written again. The keys before open nothing any more."


def _links_with_keys(context: Context, connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    load_event(connection, event_id)
    links = _find_links(context, connection, event_id)
    if not links:
        raise BadInputError(f"No link for members of event {event_id} has a key.")
    return links


def _find_links(context: Context, connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    using = with_keys(context.home_settings)
    entries = load_entries(connection, event_id) if using else ()
    return tuple(each for each in entries if each.visibility == "members" and each.home in using and _stands(each))


def _list_links(connection: Connection, home: str) -> tuple[HomeEntry, ...]:
    return tuple(each for each in list_for_members(connection, home) if _stands(each))


def _stands(link: HomeEntry) -> bool:
    return bool(link.written or link.seen)


def _write_again(
    context: Context, connection: Connection, links: Collection[HomeEntry], by: Actor, about: tuple[str, str]
) -> None:
    """Ask for the runs that write the links. Of one that people changed an operator is asked again."""
    for each in links:
        if each.left_alone:
            change_entry(connection, each.home, each.record, each.key, left_alone=False)
    record_audit(connection, by, "member_keys_renewed", about, context.database.now(connection), links=len(links))
    ring_records(context, connection, {(each.home, each.event_id) for each in links})


def _foresee(context: Context, links: Collection[HomeEntry]) -> tuple[str, ...]:
    """Say it for each home. There is one sentence more, so that an operator is always asked."""
    numbers = Counter(each.home for each in links)
    written = (
        f"{number} {'link for members gets' if number == 1 else 'links for members get'} a new address on "
        f"{place_of(context.homes[home])}."
        for home, number in sorted(numbers.items())
    )
    return (*written, "Whoever has an old address, also a member who saved it, opens nothing with it any more.")
