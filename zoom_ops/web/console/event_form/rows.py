"""Rows of a list in the form: one more, one less, one up or down."""

from collections.abc import Callable

from .fields import LISTS, Rows, Values, count_rows, number_below
from .filling import add_row


def change_rows(values: Values, order: str) -> tuple[Values, str] | None:
    """Carry out the order of a button, such as `up-performers-3`; return the values and the field to go on with.

    None for a button that is not about rows.
    """
    what, _, where = order.partition("-")
    name, _, number = where.partition("-")
    rows = next((each for each in LISTS if each.name == name), None)
    if rows is None:
        return None
    if what == "add":
        added = count_rows(values, rows)
        return (add_row(values, rows), rows.key(added, rows.fields[0].name)) if added < rows.at_most else (values, "")
    change = _CHANGES.get(what)
    row = number_below(count_rows(values, rows), number)
    if change is None or row is None:
        return None
    entries = _take_out(values, rows)
    goal = change(entries, row)
    rest = {key: text for key, text in values.items() if rows.parse(key) is None}
    put_back = {rows.key(at, field): text for at, entry in enumerate(entries) for field, text in entry.items()}
    return rest | put_back, rows.key(goal, rows.fields[0].name) if entries else f"add-{rows.name}"


def _remove(entries: list[Values], row: int) -> int:
    del entries[row]
    return max(0, min(row, len(entries) - 1))


def _up(entries: list[Values], row: int) -> int:
    return _swap(entries, row, max(0, row - 1))


def _down(entries: list[Values], row: int) -> int:
    return _swap(entries, row, min(len(entries) - 1, row + 1))


def _swap(entries: list[Values], row: int, other: int) -> int:
    entries[row], entries[other] = entries[other], entries[row]
    return other


_CHANGES: dict[str, Callable[[list[Values], int], int]] = {"remove": _remove, "up": _up, "down": _down}


def _take_out(values: Values, rows: Rows) -> list[Values]:
    entries: list[Values] = [{} for _ in range(count_rows(values, rows))]
    for key, text in values.items():
        if place := rows.parse(key):
            number, field = place
            if number < len(entries):
                entries[number][field] = text
    return entries
