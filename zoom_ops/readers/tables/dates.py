"""Dates of figures, such as 3/4/2027: what they may mean, and how the whole column settles it."""

import re
from collections.abc import Iterable
from datetime import date

ORDERS = ("dmy", "mdy", "ymd")  # the last only where the year has two digits, as four in front are ISO 8601
_FIGURES = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d.]|[/-]\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2})[ -]([^\W\d_]{3,10}\.?)[ -](\d\d)(?!\d)")  # Excel's own 3-Apr-27
_PATTERN = re.compile(r"(?P<first>[^\W\d_]{1,4})[./-](?P<second>[^\W\d_]{1,4})[./-][^\W\d_]{1,4}")


def find_figures(text: str) -> re.Match[str] | None:
    """Find a date of figures in a cell."""
    return _FIGURES.search(text)


def write_year(text: str) -> tuple[str, str]:
    """Write the year of "3-Apr-27" in full. Return the text, and the doubt about it."""
    match = _SHORT_YEAR.search(text)
    if match is None:
        return text, ""
    full = f"{match[1]} {match[2]} 20{match[3]}"
    text = text[: match.start()] + full + text[match.end() :]
    return text, f"the year of {match[0]} is written with two digits; read as 20{match[3]}"


def names_order(pattern: str) -> bool:
    """Check whether a header names the order of its dates: "DD/MM/YYYY"."""
    return _PATTERN.fullmatch(pattern.strip().lower()) is not None


def settle_order(texts: Iterable[str], pattern: str = "") -> tuple[str, ...]:
    """List the orders of day, month and year that a column allows.

    Its header may name the order ("DD/MM/YYYY"); else a day after the twelfth settles it for all rows. If no order
    fits all rows, each row has to be read for itself, and all orders are listed.
    """
    if named := _PATTERN.fullmatch(pattern.strip().lower()):
        if len(named["first"]) == 4 or named["first"][0] == "y":
            return ("ymd",)
        return ("mdy",) if named["first"].startswith(("m", "м")) else ("dmy",)
    found = [match for text in texts if (match := _FIGURES.search(text))]
    fitting = tuple(order for order in ORDERS if all(_day(match, order) for match in found))
    return fitting or ORDERS


def days_of(match: re.Match[str], orders: Iterable[str]) -> tuple[date, ...]:
    """List the days that a date of figures may mean. Dots stand between day and month, never month and day."""
    readings = {order: day for order in orders if (day := _day(match, order))}
    if match[2] == "." and "dmy" in readings:
        readings.pop("mdy", None)
    return tuple(dict.fromkeys(readings.values()))


def _day(match: re.Match[str], order: str) -> date | None:
    first, _, second, third = match.groups()
    if order == "ymd" and len(third) == 4:
        return None
    parts = dict(zip(order, (first, second, third), strict=True))
    year = int(parts["y"]) if len(parts["y"]) == 4 else 2000 + int(parts["y"])
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
