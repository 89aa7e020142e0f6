"""The days that English sentences name, such as "Tuesday" and "3 April 2027", as messages with their translations."""

from babel import Locale
from babel.dates import get_date_format, get_day_names, get_month_names

_ENGLISH = Locale("en")


def name_days(locale: Locale) -> dict[str, str]:
    """Return the translations of the weekdays, and of a date in each month."""
    days, months = get_day_names("wide", "format", locale), get_month_names("wide", "format", locale)
    pattern = str(get_date_format("long", locale).format)  # such as "%(d)s %(MMMM)s %(y)s"
    dates = {
        f"%(day)s {english} %(year)s": pattern % {"d": "%(day)s", "MMMM": months[month], "M": month, "y": "%(year)s"}
        for month, english in get_month_names("wide", "format", _ENGLISH).items()
    }
    return {english: days[day] for day, english in get_day_names("wide", "format", _ENGLISH).items()} | dates
