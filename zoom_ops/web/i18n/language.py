"""A language of the pages: texts, dates, numbers, durations, lists."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from gettext import NullTranslations
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date, format_skeleton, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape

from .phrasebook import Phrasebook

_UNITS = ((10**9, "gigabyte"), (10**6, "megabyte"), (10**3, "kilobyte"))


@cache
def open_locale(name: str) -> Locale:
    """Open a locale with data of its own.

    Babel shares data between locales, and stores resolved references in it. The locale that writes a month first
    would decide how the others write it (python-babel's issue 1234, open in 2.18).
    """
    locale = Locale.parse(name)
    data = localedata.load(str(locale))  # the dictionary that Babel caches
    data.update(deepcopy(data))
    return locale


@dataclass(frozen=True, kw_only=True, eq=False)
class Language:
    """One language. The English text is the key of a message; `%(name)s` in it is the place of a value.

    Messages and an operator's words are plain text: pages escape them.
    """

    code: str  # as in `?lang=` and <html lang>
    name: str  # in the language itself
    locale_name: str  # of CLDR's data
    browser_locale: str  # the BCP 47 tag for dates that the browser writes
    day_format: str = "full"
    names_zones: bool = False  # whether its readers know the English abbreviations of zones
    organisation: str | None = None  # the name of the site, if it differs in this language
    catalog: NullTranslations = field(default_factory=NullTranslations, repr=False)
    phrasebook: Phrasebook | None = field(default=None, repr=False)  # None: sentences stay English

    @cached_property
    def locale(self) -> Locale:
        """CLDR's data of the language, loaded when it is first used: it takes a megabyte."""
        return open_locale(self.locale_name)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction of its script."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    def say(self, text: str, /, **values: object) -> str:
        """Return a text in this language. If a value is markup, the result is markup with all else escaped."""
        return _fill(self.catalog.gettext(text), values)

    def say_many(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """Return a text in the plural form of a number; `%(num)s` in it is the number."""
        return _fill(self.catalog.ngettext(singular, plural, count), {"num": self.write_number(count), **values})

    def tell(self, sentence: str) -> Markup:
        """Return an English sentence that another part of the service has written, in this language, as markup.

        A sentence without a translation is marked as English.
        """
        return self.phrasebook.tell(sentence) if self.phrasebook else escape(sentence)

    def write_number(self, number: float) -> str:
        """Render a number, with the digits 0 to 9 in every language."""
        return format_decimal(number, locale=self.locale, numbering_system="latn")

    def write_list(self, texts: Iterable[str]) -> str:
        """Render a list as one text, as in "one, two and three"."""
        return format_list(list(texts), locale=self.locale)

    def write_size(self, size: int) -> str:
        """Render a number of bytes, as in "1.2 MB". The smallest unit is the kilobyte."""
        factor, unit = next((pair for pair in _UNITS if size >= pair[0]), _UNITS[-1])
        number = size / factor
        rounded = max(round(number, 1), 0.1) if number < 10 else round(number)
        return format_unit(rounded, f"digital-{unit}", "short", locale=self.locale, numbering_system="latn")

    def write_duration(self, minutes: int) -> str:
        """Render a duration, as in "1 h 15 min"; empty for 0."""
        full, rest = divmod(minutes, 60)
        hours = self.say_many("%(num)s h", "%(num)s h", full) if full else ""
        left = self.say_many("%(num)s min", "%(num)s min", rest) if rest else ""
        return self.say("%(hours)s %(minutes)s", hours=hours, minutes=left) if hours and left else hours or left

    def write_days(self, count: int) -> str:
        """Render a number of days, as in "4 days"."""
        return format_timedelta(timedelta(days=count), granularity="day", threshold=float("inf"), locale=self.locale)

    def write_day(self, day: date) -> str:
        """Render a day with its weekday, as in "Tuesday 31 January 2023"."""
        return _write_date(self, day, self.day_format)

    def write_short_day(self, day: date) -> str:
        """Render a day with its weekday, both short, as in "Tue, 31 Jan 2023"."""
        return format_skeleton("yMMMEd", day, locale=self.locale)

    def write_date(self, day: date) -> str:
        """Render a date, as in "31 January 2023"."""
        return _write_date(self, day, "long")

    def write_month(self, day: date) -> str:
        """Render the short name of a month, as in "Jan"."""
        return _write_date(self, day, "LLL")

    def write_span(self, start: datetime, end: datetime, zone: str) -> tuple[str, str]:
        """Render a span as two texts: the day, and the hours with the zone's abbreviation."""
        begins, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
        before, after = self._name_offset(begins), self._name_offset(ends)
        first, last = _write_hours(begins), f"{_write_hours(ends)} {after}"
        if before != after:  # the clocks change during the span
            first += f" {before}"
        day = self.write_day(begins)
        if begins.date() != ends.date():
            return day, self.say("%(first)s – %(day)s, %(last)s", first=first, day=self.write_day(ends), last=last)
        return day, f"{first}–{last}"

    def write_moment(self, moment: datetime, zone: str) -> str:
        """Render a moment: day, time and the zone's abbreviation."""
        local = moment.astimezone(ZoneInfo(zone))
        return self.join_day(self.write_day(local), f"{_write_hours(local)} {self._name_offset(local)}")

    def join_day(self, day: str, hours: str) -> str:
        """Join a day and its hours to one text."""
        return self.say("%(day)s, %(hours)s", day=day, hours=hours)

    def name_zone(self, zone: str) -> str:
        """Return the name of a zone by its city, as in "New York time"; a zone without a city keeps its id."""
        area = zone.partition("/")[0]
        if area in (zone, "Etc"):
            return zone
        city = get_timezone_location(zone, locale=self.locale, return_city=True).rpartition("/")[2]
        return self.say("%(city)s time", city=city)

    def name_language(self, code: str) -> str:
        """Return the name of a language in this one, as in "French"; an unknown code stays as it is."""
        try:
            return Locale.parse(code, sep="-").get_display_name(self.locale) or code
        except (UnknownLocaleError, ValueError):
            return code

    def _name_offset(self, local: datetime) -> str:
        """Return the zone's abbreviation if readers know it, otherwise its offset from UTC."""
        name = local.tzname() or ""
        if name == "UTC" or (self.names_zones and name.isalpha()):
            return name
        offset = local.strftime("%z")
        minutes = "" if offset[3:5] == "00" else f":{offset[3:5]}"
        return f"UTC{offset[0].replace('-', '−')}{int(offset[1:3])}{minutes}"


ENGLISH = Language(
    code="en",
    name="English",
    locale_name="en_GB",
    browser_locale="en-GB",
    day_format="EEEE d MMMM y",
    names_zones=True,
)


def _write_hours(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"  # quicker than strftime: lists write many


def _write_date(language: Language, day: date, pattern: str) -> str:
    return _write_kept_date(language, day.date() if isinstance(day, datetime) else day, pattern)


@lru_cache(maxsize=2000)
def _write_kept_date(language: Language, day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=language.locale)


def _fill(text: str, values: dict[str, Any]) -> str:
    if any(hasattr(value, "__html__") for value in values.values()):
        return escape(text) % values
    return text % values
