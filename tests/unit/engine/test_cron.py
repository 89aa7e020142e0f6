"""Cron lines: what they name, in which zone, on days when clocks change, and those that are refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.engine.cron import parse_cron, simulate
from zoom_ops.engine.timetable import When, latest_fire, next_fire, turn_after, turn_of
from zoom_ops.errors import BadInputError
from zoom_ops.operations.views.schedules import write_when

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TICK = timedelta(microseconds=1)
ZONES = ("UTC", "Europe/Paris", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo")

moments = st.integers(0, 50 * 365 * 86_400_000).map(
    lambda ms: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
minutes = st.sampled_from(["0", "*", "*/15", "7,52", "10-20/5", "59"])
hours = st.sampled_from(["*", "0", "1", "1,2", "2", "0-23", "3-5", "*/6", "23"])
days = st.sampled_from(
    [("*", "*"), ("1", "*"), ("29-31", "*"), ("*", "0"), ("*", "5-7"), ("*", "MON-FRI"), ("13", "FRI")]
)
months = st.sampled_from(["*", "1,12", "3-10/2", "*/5"])
lines = st.builds(lambda m, h, d, month: f"{m} {h} {d[0]} {month} {d[1]}", minutes, hours, days, months)
ordinal_lines = st.builds(
    lambda m, h, d: f"{m} {h} {d}",
    minutes,
    hours,
    st.sampled_from(["L * *", "LW * *", "* 3 7L", "* * FRI#5", "L * 5L"]),
)
whens = st.one_of(
    st.builds(parse_cron, lines | ordinal_lines, st.sampled_from(ZONES)),
    st.timedeltas(timedelta(seconds=10), timedelta(days=7)).map(
        lambda span: timedelta(seconds=span // timedelta(seconds=1))
    ),
)


def turns(line: str, zone: str, begin: str, end: str) -> list[str]:
    """List the turns between two instants, by the clock of the zone."""
    cron, moment, found = parse_cron(line, zone), datetime.fromisoformat(begin), []
    while (moment := next_fire(cron, moment)) < datetime.fromisoformat(end):
        found.append(f"{moment.astimezone(ZoneInfo(zone)):%d %H:%M %Z}")
    return found


def weekdays(field: str) -> list[str]:
    """List the days of a week on which a line with this field has its turn."""
    cron = parse_cron(f"0 6 * * {field}", "UTC")
    noons = (MONDAY + timedelta(days=day, hours=12) for day in range(7))
    return [f"{noon:%a}" for noon in noons if latest_fire(cron, noon) > noon - timedelta(hours=12)]


@pytest.mark.parametrize("number", range(8))
def test_weekday_is_counted_from_sunday_as_in_cron(number: int) -> None:
    assert weekdays(str(number)) == [DAYS[number]]
    assert weekdays(DAYS[number].upper()) == [DAYS[number]]
    assert weekdays(DAYS[number].lower()) == [DAYS[number]]


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("MON-FRI", "Mon Tue Wed Thu Fri"),
        ("5-7", "Fri Sat Sun"),
        ("FRI-SUN", "Fri Sat Sun"),
        ("0-2", "Mon Tue Sun"),
        ("0,6", "Sat Sun"),
        ("6,7", "Sat Sun"),
        ("1,WED,5-6", "Mon Wed Fri Sat"),
        ("1-5/2", "Mon Wed Fri"),
        ("*/2", "Tue Thu Sat Sun"),
        ("0-7", "Mon Tue Wed Thu Fri Sat Sun"),
        ("*", "Mon Tue Wed Thu Fri Sat Sun"),
    ],
)
def test_weekdays_in_ranges_lists_and_steps(field: str, named: str) -> None:
    assert weekdays(field) == named.split()


def test_day_and_weekday_that_are_both_restricted_are_alternatives() -> None:
    found = turns("0 6 1,15 * MON", "UTC", "2026-12-01T00:00Z", "2026-12-20T00:00Z")

    assert found == ["01 06:00 UTC", "07 06:00 UTC", "14 06:00 UTC", "15 06:00 UTC"]


def test_hour_that_a_zone_skips_comes_at_the_moment_after_it() -> None:
    found = turns("30 2 * * *", "Europe/Paris", "2027-03-27T00:00Z", "2027-03-29T12:00Z")

    assert found == ["27 02:30 CET", "28 03:00 CEST", "29 02:30 CEST"]


def test_hour_that_comes_twice_has_its_turn_once() -> None:
    found = turns("30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-26T12:00Z")

    assert found == ["25 02:30 CEST", "26 02:30 CET"]
    assert turns("30 0-23 * * *", "Europe/Paris", "2026-10-25T00:00Z", "2026-10-25T03:00Z") == [
        "25 02:30 CEST", "25 03:30 CET",
    ]  # fmt: skip


def test_star_in_minute_or_hour_takes_both_hours_of_a_name_and_leaves_out_a_skipped_one() -> None:
    assert turns("*/30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-25T03:00Z") == [
        "25 02:00 CEST", "25 02:30 CEST", "25 02:00 CET", "25 02:30 CET",
    ]  # fmt: skip
    assert turns("0 */2 * * *", "Europe/Paris", "2027-03-28T00:00Z", "2027-03-28T05:00Z") == [
        "28 04:00 CEST", "28 06:00 CEST",
    ]  # fmt: skip


def test_date_that_loses_all_its_turns_has_one_after_the_skipped_hour() -> None:
    assert turns("*/30 2 * * *", "Europe/Paris", "2027-03-28T00:00Z", "2027-03-28T12:00Z") == ["28 03:00 CEST"]
    assert turns("*/30 2 * 3 7L", "Europe/Paris", "2027-01-01T00:00Z", "2028-01-01T00:00Z") == ["28 03:00 CEST"]


def test_hour_after_a_skipped_midnight_keeps_its_turns() -> None:
    found = turns("*/30 1 * * 5", "Africa/Cairo", "2027-04-29T12:00Z", "2027-05-06T12:00Z")

    assert found == ["30 01:00 EEST", "30 01:30 EEST"]


def test_line_for_every_hour_goes_on_by_real_time_when_clocks_change() -> None:
    assert turns("30 * * * *", "Europe/Paris", "2026-10-25T00:00Z", "2026-10-25T03:00Z") == [
        "25 02:30 CEST", "25 02:30 CET", "25 03:30 CET",
    ]  # fmt: skip
    assert turns("30 * * * *", "Europe/Paris", "2027-03-28T00:00Z", "2027-03-28T03:00Z") == [
        "28 01:30 CET", "28 03:30 CEST", "28 04:30 CEST",
    ]  # fmt: skip


def test_turns_keep_their_order_where_clocks_go_back_across_midnight() -> None:
    found = turns("45,0 * * * *", "America/St_Johns", "2009-11-01T01:40Z", "2009-11-01T04:40Z")

    assert found == [
        "31 23:45 NDT", "01 00:00 NDT", "31 23:45 NST", "01 00:00 NST", "01 00:45 NST", "01 01:00 NST",
    ]  # fmt: skip


def test_day_that_a_zone_skipped_has_its_turn_after_it() -> None:
    found = turns("0 6 * * *", "Pacific/Apia", "2011-12-29T00:00Z", "2011-12-31T20:00Z")

    assert [turn[:8] for turn in found] == ["29 06:00", "31 00:00", "31 06:00", "01 06:00"]


def test_last_day_and_numbered_weekday_of_a_month() -> None:
    assert turns("0 6 L * *", "UTC", "2027-01-01T00:00Z", "2027-03-01T00:00Z") == ["31 06:00 UTC", "28 06:00 UTC"]
    assert turns("0 6 * * MON#1", "UTC", "2027-01-01T00:00Z", "2027-03-01T00:00Z") == ["04 06:00 UTC", "01 06:00 UTC"]
    assert turns("0 6 * * 5L", "UTC", "2027-01-01T00:00Z", "2027-03-01T00:00Z") == ["29 06:00 UTC", "26 06:00 UTC"]


def test_longest_wait_is_40_years() -> None:
    cron = parse_cron("0 0 */28 2 MON#5", "UTC")  # a 29 February that is a Monday; 2100 has none

    assert next_fire(cron, datetime(2072, 3, 1, tzinfo=UTC)) == datetime(2112, 2, 29, tzinfo=UTC)
    assert latest_fire(cron, datetime(2112, 2, 28, tzinfo=UTC)) == datetime(2072, 2, 29, tzinfo=UTC)


def test_29_february_waits_for_a_leap_year() -> None:
    cron = parse_cron("0 0 29 2 *", "UTC")

    assert next_fire(cron, datetime(2096, 3, 1, tzinfo=UTC)) == datetime(2104, 2, 29, tzinfo=UTC)
    assert latest_fire(cron, datetime(2104, 2, 28, tzinfo=UTC)) == datetime(2096, 2, 29, tzinfo=UTC)


@given(line=lines, now=moments)
def test_turns_in_utc_are_those_of_apscheduler_with_its_own_weekdays(line: str, now: datetime) -> None:
    minute, hour, day, month, weekday = line.split()
    if day != "*" and weekday != "*":  # APScheduler wants both
        return
    its = {"0": "sun", "5-7": "fri-sun"}.get(weekday, weekday.lower())
    trigger = CronTrigger(minute=minute, hour=hour, day=day, month=month.lower(), day_of_week=its, timezone=UTC)

    assert next_fire(parse_cron(line, "UTC"), now) == trigger.get_next_fire_time(None, now + TICK)


@given(when=whens, now=moments)
def test_latest_and_next_turn_enclose_now_and_nothing_lies_between(when: When, now: datetime) -> None:
    latest, following = latest_fire(when, now), next_fire(when, now)

    assert latest <= now < following
    assert next_fire(when, latest) == following
    assert latest_fire(when, following) == following
    assert latest_fire(when, following - TICK) == latest
    assert latest.tzinfo is UTC is following.tzinfo


@given(when=whens, now=moments, seconds=st.integers(-3 * 86_400, 3 * 86_400))
def test_turn_of_another_clock_is_a_turn_and_the_same_for_all(when: When, now: datetime, seconds: int) -> None:
    fire_time = latest_fire(when, now + timedelta(seconds=seconds))

    turn = turn_of(when, fire_time, now)

    assert latest_fire(when, turn) == turn
    assert turn in (fire_time, latest_fire(when, now), next_fire(when, now))
    assert turn_of(when, latest_fire(when, now), now) == latest_fire(when, now)
    assert turn_after(when, latest_fire(when, now) - timedelta(days=99), now) == latest_fire(when, now)


@pytest.mark.parametrize(
    ("line", "zone", "sentence"),
    [
        ("0 0 30 2 *", "UTC", "'0 0 30 2 *' never comes: no month that it names has such a day. Give a day"),
        ("0 0 31 2,4,6,9,11 *", "UTC", "never comes: no month that it names has such a day."),
        ("0 0 */30 * MON#2", "UTC", "never comes: no month that it names has such a day."),
        ("0 6 * *", "UTC", "it has five fields, minute, hour, day, month and weekday"),
        ("0 6 * * * *", "UTC", "it has five fields"),
        ("@daily", "UTC", "'@daily' is no cron line: it has five fields"),
        (f"{'0,' * 97}0 6 * * *", "UTC", "it has five fields"),
        ("60 6 * * *", "UTC", "'60' is no minute of a cron line: it has 0 to 59;"),
        ("0 24 * * *", "UTC", "'24' is no hour of a cron line"),
        ("0 6 0 * *", "UTC", "'0' is no day of the month"),
        ("0 6 * 13 *", "UTC", "'13' is no month of a cron line: it has 1 to 12, or JAN to DEC;"),
        ("0 6 * * 8", "UTC", "it has 0 to 7, or SUN to SAT; 0 and 7 are Sunday;"),
        ("0 6 * * FOO", "UTC", "'FOO' is no day of the week"),
        ("0 6 * * 5-1", "UTC", "'5-1' is no day of the week"),
        ("*/0 6 * * *", "UTC", "'*/0' is no minute"),
        ("1,, 6 * * *", "UTC", "'1,,' is no minute"),
        ("٣ 6 * * *", "UTC", "'٣' is no minute"),
        ("0 6 * * 1#6", "UTC", "'1#6' is no day of the week"),
        ("0 6 LX * *", "UTC", "'LX' is no day of the month of a cron line: it has 1 to 31, or L for the last;"),
        ("0 6 * * *", "Europe/Pris", "There is no time zone 'Europe/Pris'"),
        ("0 6 * * *", "Europe/Pris", "Did you mean Europe/Paris"),
        ("0 6 * * *", "Paris", "Did you mean Europe/Paris"),
        ("0 6 * * *", "../etc/passwd", "There is no time zone '../etc/passwd'"),
    ],
)  # fmt: skip
def test_line_that_cannot_be_meant_is_refused_in_a_sentence(line: str, zone: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_cron(line, zone)

    assert sentence in str(refused.value)


@given(line=st.text("0123456789*/-,SUNMoctlLW #?٣ \t\n", max_size=40), now=moments)
def test_rubbish_is_refused_or_has_turns(line: str, now: datetime) -> None:
    try:
        cron = parse_cron(line, "Europe/Paris")
    except BadInputError:
        return

    assert latest_fire(cron, now) <= now < next_fire(cron, now)
    assert write_when(cron).endswith(", Europe/Paris")


@given(fields=st.tuples(minutes, hours, days, months), zone=st.sampled_from(ZONES), now=moments)
def test_turn_is_what_the_line_says_by_the_clock_of_its_zone_or_follows_a_gap(
    fields: tuple[str, str, tuple[str, str], str], zone: str, now: datetime
) -> None:
    minute, hour, (day, weekday), month = fields
    cron = parse_cron(f"{minute} {hour} {day} {month} {weekday}", zone)

    turn = next_fire(cron, now)
    local, before = (moment.astimezone(ZoneInfo(zone)) for moment in (turn, turn - timedelta(hours=3)))

    if local.utcoffset() == before.utcoffset():
        assert local.minute in simulate(cron.line).minutes
        assert local.hour in simulate(cron.line).hours
        assert local.month in simulate(cron.line).months


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 6 * * 1-5", "at 06:00 on Monday through Friday, Europe/Paris"),
        ("0 6 * * fri-sun", "at 06:00 on Friday through Sunday, Europe/Paris"),
        ("0 6,18 * * *", "at 06:00 and 18:00 every day, Europe/Paris"),
        ("*/10 * * * *", "every 10th minute of every hour, Europe/Paris"),
        ("*/22 * * * *", "every 22nd minute of every hour, Europe/Paris"),
        ("* * * * *", "every minute, Europe/Paris"),
        ("15 * * * SAT,SUN", "at minute 15 of every hour on Saturday and Sunday, Europe/Paris"),
        ("0,30 8-17 * * *", "at minutes 0 and 30 past every hour from 8 through 17, Europe/Paris"),
        ("0 6 11,21,31 * *", "at 06:00 on the 11th, the 21st, and the 31st day of month, Europe/Paris"),
        ("0 6 1 1-3 *", "at 06:00 on the first day of every month from January through March, Europe/Paris"),
        ("0 6 1 * MON", "at 06:00 on the first day of month and on Monday, Europe/Paris"),
        ("0 6 * * 1#1", "at 06:00 on the first Monday of the month, Europe/Paris"),
    ],
)
def test_line_is_told_in_words(line: str, words: str) -> None:
    assert write_when(parse_cron(line, "europe/paris")) == words
