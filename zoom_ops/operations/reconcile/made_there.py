"""The webinars that homes make by themselves, or that people made, as the records of an event name them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from ...homes import EventRecords, MakesWebinars
from ...planning import MadeThere
from ...store.homes.webinars import load_namesakes, load_numbers
from ...store.webinars import load_owners
from ...webinars import Unclear
from ..context import Context
from .known import Shared
from .linked import place_of

_BY_PEOPLE = MakesWebinars(hours=0, otherwise="make")


def load_made_there(
    context: Context,
    connection: Connection,
    event_id: str,
    foreseen: tuple[str, int | Unclear | None] | None = None,
    shared: Shared | None = None,
) -> tuple[MadeThere, ...]:
    """Load the records of an event in those homes whose system makes the webinars itself, and those that name one.

    `foreseen`: a home and the number that its record names now, in place of what was read of it before. `shared`: what
    is loaded once for a look at many events.
    """
    once = (shared or Shared()).once
    makers = once("", _find_makers, context.homes)
    rows = load_numbers(connection, event_id, makers) if makers else ()
    if foreseen and foreseen[0] in makers:
        rows = (*(row for row in rows if row[0] != foreseen[0]), foreseen)
    rows = tuple((name, number) for name, number in rows if number is not None or makers[name] is not _BY_PEOPLE)
    numbers = frozenset(number for _, number in rows if isinstance(number, int))
    owners = load_owners(connection, numbers) if numbers else ()
    namesakes = once("", load_namesakes, connection, tuple(makers), context.clock.now()) if numbers else {}
    return tuple(
        MadeThere(
            place=place_of(context.homes[name]),
            **(
                {"webinar_id": number} | _others(event_id, number, owners, namesakes.get(number, ()))
                if isinstance(number, int)
                else {"unclear": number}
            ),
            hours=makers[name].hours,
            otherwise=makers[name].otherwise,
        )
        for name, number in rows
    )


def _find_makers(homes: Mapping[str, EventRecords]) -> dict[str, MakesWebinars]:
    return {name: made for name, home in homes.items() if (made := _maker_of(home))}


def _maker_of(home: EventRecords) -> MakesWebinars | None:
    can = home.capabilities
    return can.makes_webinars or (_BY_PEOPLE if can.names_webinars else None)


def _others(
    event_id: str, number: int, owners: Collection[tuple[int, str]], namesakes: Collection[str]
) -> dict[str, Any]:
    """Return the other event that has a webinar, and the other coming events whose records name it: fields."""
    has = sorted({owner for of, owner in owners if of == number} - {event_id})
    return {"owner": has[0] if has else None, "others": tuple(name for name in namesakes if name != event_id)}
