"""The languages of the pages: each formats days, numbers, durations and lists as its readers do."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.i18n.language import ENGLISH

LANGUAGES = load_languages()
DAY = date(2040, 1, 31)


def in_each(write: str, *args: object) -> dict[str, object]:
    """Format the same value in each language."""
    return {code: getattr(language, write)(*args) for code, language in LANGUAGES.items()}


WRITE_ALL = """
import json, sys
from datetime import UTC, date, datetime
from zoom_ops.web.i18n.catalogs import load_languages

languages, moment = load_languages(), datetime(2040, 1, 31, 20, 30, tzinfo=UTC)

def write(language):
    yield from (language.write_number(1234567.8), language.write_list("abc"), language.write_size(3_400_000))
    yield from (language.write_duration(75), language.write_moment(moment, "America/New_York"))
    for month in range(1, 13):
        day = date(2040, month, 28)
        yield from (language.write_day(day), language.write_date(day), language.write_month(day))
    yield from map(language.name_language, languages)
    yield from map(language.name_zone, ("Europe/Zurich", "America/New_York", "Asia/Shanghai", "Africa/Cairo"))

print(json.dumps({code: list(write(languages[code])) for code in sys.argv[1:]}))
"""


def write_all(*codes: str) -> dict[str, list[str]]:
    """Format many values in these languages, one after the other, in a separate process."""
    ended = subprocess.run([sys.executable, "-c", WRITE_ALL, *codes], check=True, capture_output=True, text=True)
    written: dict[str, list[str]] = json.loads(ended.stdout)
    return written


def test_languages_are_the_six_of_the_united_nations() -> None:
    assert {code: language.direction for code, language in LANGUAGES.items()} == {
        "en": "ltr", "fr": "ltr", "es": "ltr", "ar": "rtl", "zh": "ltr", "ru": "ltr",
    }  # fmt: skip


def test_day_is_written_with_its_weekday() -> None:
    assert in_each("write_day", DAY) == {
        "en": "Tuesday 31 January 2040",
        "fr": "mardi 31 janvier 2040",
        "es": "martes, 31 de enero de 2040",
        "ar": "الثلاثاء، 31 يناير 2040",
        "zh": "2040年1月31日星期二",
        "ru": "вторник, 31 января 2040\u202fг.",
    }


def test_date_and_month_are_written() -> None:
    dates, months = in_each("write_date", DAY), in_each("write_month", DAY)

    assert (dates["en"], dates["zh"], dates["ru"]) == ("31 January 2040", "2040年1月31日", "31 января 2040\u202fг.")
    assert list(months.values()) == ["Jan", "janv.", "ene", "يناير", "1月", "янв."]


@pytest.mark.process
def test_languages_are_written_the_same_in_whatever_order() -> None:
    written = write_all(*LANGUAGES)

    assert written == write_all(*reversed(LANGUAGES))
    assert [code for code in written if written[code] == written["en"]] == ["en"]


def test_span_is_written_in_24_hours_and_by_the_distance_from_utc_where_abbreviations_are_unknown() -> None:
    span = (datetime(2040, 1, 31, 20, 30, tzinfo=UTC), datetime(2040, 1, 31, 21, 45, tzinfo=UTC), "America/New_York")

    hours = {code: language.write_span(*span)[1] for code, language in LANGUAGES.items()}

    assert hours == {"en": "15:30–16:45 EST"} | dict.fromkeys(("fr", "es", "ar", "zh", "ru"), "15:30–16:45 UTC−5")


def test_span_over_midnight_names_the_other_day() -> None:
    span = (datetime(2040, 3, 5, 23, 30, tzinfo=UTC), datetime(2040, 3, 6, 1, 0, tzinfo=UTC), "UTC")

    hours = {code: language.write_span(*span)[1] for code, language in LANGUAGES.items()}

    assert hours["ar"] == "23:30 – الثلاثاء، 6 مارس 2040، 01:00 UTC"
    assert hours["zh"] == "23:30 – 2040年3月6日星期二 01:00 UTC"


@pytest.mark.parametrize(
    ("start", "end", "zone", "hours"),
    [
        ("2040-03-11T06:30", "2040-03-11T07:30", "America/New_York", "01:30 UTC−5–03:30 UTC−4"),
        ("2040-11-04T05:30", "2040-11-04T06:30", "America/New_York", "01:30 UTC−4–01:30 UTC−5"),
        ("2040-03-05T10:00", "2040-03-05T11:00", "Asia/Kathmandu", "15:45–16:45 UTC+5:45"),
        ("2040-03-05T10:00", "2040-03-05T11:00", "Africa/Abidjan", "10:00–11:00 UTC+0"),
    ],
)
def test_span_is_right_where_the_clocks_change(start: str, end: str, zone: str, hours: str) -> None:
    begins, ends = (datetime.fromisoformat(f"{moment}Z") for moment in (start, end))

    assert {LANGUAGES[code].write_span(begins, ends, zone)[1] for code in ("fr", "ar", "zh")} == {hours}


def test_moment_has_day_time_and_zone() -> None:
    moment = (datetime(2040, 7, 1, 22, 0, tzinfo=UTC), "Europe/Zurich")

    written = in_each("write_moment", *moment)

    assert (written["en"], written["es"], written["ar"]) == (
        "Monday 2 July 2040, 00:00 CEST",
        "lunes, 2 de julio de 2040, 00:00 UTC+2",
        "الاثنين، 2 يوليو 2040، 00:00 UTC+2",
    )


def test_zone_is_named_after_its_city() -> None:
    assert in_each("name_zone", "America/New_York") == {
        "en": "New York time",
        "fr": "Heure de New York",
        "es": "Hora de Nueva York",
        "ar": "توقيت نيويورك",
        "zh": "纽约时间",
        "ru": "Время: Нью-Йорк",
    }


def test_arabic_has_a_form_for_each_kind_of_number() -> None:
    hours = [LANGUAGES["ar"].write_duration(60 * count) for count in (1, 2, 3, 11, 100, 103)]

    assert hours == ["ساعة واحدة", "ساعتان", "3 ساعات", "11 ساعة", "100 ساعة", "103 ساعات"]


def test_duration_is_written_in_hours_and_minutes() -> None:
    assert in_each("write_duration", 135) == {
        "en": "2 h 15 min",
        "fr": "2 h 15 min",
        "es": "2 h 15 min",
        "ar": "ساعتان و15 دقيقة",
        "zh": "2小时15分钟",
        "ru": "2 ч 15 мин",
    }


def test_numbers_and_sizes_are_in_the_same_digits_everywhere() -> None:
    numbers, sizes = in_each("write_number", 12345), in_each("write_size", 1_234_567)

    assert list(numbers.values()) == ["12,345", "12\u202f345", "12.345", "12,345", "12,345", "12\xa0345"]
    assert (sizes["en"], sizes["fr"], sizes["ar"], sizes["ru"]) == ("1.2 MB", "1,2\u202fMo", "1.2 م.ب", "1,2 МБ")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0.1 kB"),
        (999, "1 kB"),
        (12_345, "12 kB"),
        (9_950_000, "9.9 MB"),
        (3 * 10**9, "3 GB"),
        (10**13, "10,000 GB"),
    ],
)
def test_size_is_written_with_the_unit_that_suits_it(size: int, words: str) -> None:
    assert ENGLISH.write_size(size) == words


def test_list_is_written_with_the_words_between() -> None:
    names = ("A", "B", "C")

    assert list(in_each("write_list", names).values()) == [
        "A, B and C", "A, B et C", "A, B y C", "A وB وC", "A、B和C", "A, B и C",
    ]  # fmt: skip


def test_what_is_said_is_plain_text_and_markup_only_by_its_values() -> None:
    plain = ENGLISH.say("<i> %(name)s", name="<b>")
    markup = ENGLISH.say("<i> %(name)s %(other)s", name=Markup("<b>Amara</b>"), other="<u>")

    assert (plain, type(plain)) == ("<i> <b>", str)
    assert markup == Markup("&lt;i&gt; <b>Amara</b> &lt;u&gt;")


def test_text_goes_with_its_number() -> None:
    texts = [ENGLISH.say_many("%(num)s event", "%(num)s events", count) for count in (1, 1200)]

    assert texts == ["1 event", "1,200 events"]
