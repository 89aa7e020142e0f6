"""The webinars that the systems of homes make by themselves, as the records of an event name them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from ...planning import MadeThere
from ...store.home_records import load_namesakes, load_numbers
from ...store.webinars import load_owners
from ..context import Context
from .linked import place_of


def load_made_there(context: Context, connection: Connection, event_id: str) -> tuple[MadeThere, ...]:
    """Load the records of an event in those homes whose system makes the webinars itself."""
    makers = {name: made for name, home in context.homes.items() if (made := home.capabilities.makes_webinars)}
    rows = load_numbers(connection, event_id, makers) if makers else ()
    numbers = frozenset(number for _, number in rows if number is not None)
    others = _others(context, connection, event_id, numbers, makers) if numbers else {}
    return tuple(
        MadeThere(
            place=place_of(context.homes[name]),
            webinar_id=number,
            others=others.get(number, ()) if number is not None else (),
            hours=makers[name].hours,
            otherwise=makers[name].otherwise,
        )
        for name, number in rows
    )


def _others(
    context: Context, connection: Connection, event_id: str, numbers: frozenset[int], makers: Iterable[str]
) -> dict[int, tuple[str, ...]]:
    """Load the other events that have these webinars, or that are to come and name them."""
    named = load_namesakes(connection, numbers, makers, context.clock.now())
    pairs = {*named, *load_owners(connection, numbers)}
    return {
        number: tuple(sorted({event for of, event in pairs if of == number and event != event_id}))
        for number in numbers
    }
