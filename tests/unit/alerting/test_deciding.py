"""What is told when: no flood, once a problem, over only if told, quiet hours, mutes, windows, digests."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from zoom_ops.alerting.deciding import GATHERS, OVER_AFTER, Known, News, decide
from zoom_ops.alerting.hours import Hours, Quiet, parse_quiet
from zoom_ops.alerting.problems import Mute, Problem, Returns, Span, Told, Window, count_returns
from zoom_ops.alerting.targets import Target, Wish
from zoom_ops.store.alerts import SEVERITIES, Severity

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZURICH = ZoneInfo("Europe/Zurich")
EVERYTHING = Target(id="t", label="mailto #1", url="mailto://", wishes=(Wish(),))
HOURS = Hours(quiet=None)
MOST_AN_HOUR = 12  # messages of one problem that comes and goes and changes its severity


def a_problem(kind: str = "event_late", **changes: object) -> Problem:
    """Build a problem that began at NOW."""
    given = {"kind": kind, "account": "main", "severity": "warning", "count": 1, "since": NOW, "summary": kind}
    return Problem(**given | changes)  # type: ignore[arg-type]


def a_mute(problem: Problem, **changes: object) -> Mute:
    """Build a mute of a problem."""
    given = {"problem": problem.id, "kind": problem.kind, "note": "known", "who": "an operator", "at": NOW}
    return Mute(**given | changes)  # type: ignore[arg-type]


def a_window(begins: datetime, ends: datetime, account: str | None = None) -> Window:
    """Build a maintenance window."""
    return Window(id=1, begins=begins, ends=ends, note="Zoom is upgraded", account=account, who="an operator")


@dataclass
class Operator:
    """Somebody at a target: remembers what was told, as the database does."""

    target: Target = EVERYTHING
    hours: Hours = HOURS
    told: dict[str, Told] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)
    digests: list[datetime] = field(default_factory=list)
    ended: dict[str, datetime] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)  # of all problems, by id
    moments: list[datetime] = field(default_factory=list)  # of what was heard

    def look(
        self, now: datetime, *problems: Problem, mutes: Iterable[Mute] = (), windows: Iterable[Window] = ()
    ) -> list[tuple[str, str]]:
        """Decide what is told now, and take it."""
        lasting = {problem.id for problem in problems}
        self.ended = {key: at for key, at in self.ended.items() if key not in lasting}
        for row in self.told.values():
            if row.problem not in lasting:
                self.ended.setdefault(row.problem, now)
        told = tuple(replace(row, ended=self.ended.get(row.problem)) for row in self.told.values())
        self._note_spans(problems, now)
        returns = {problem: count_returns(spans) for problem, spans in self.spans.items()}
        known = Known(problems=problems, told=told, mutes=tuple(mutes), windows=tuple(windows), returns=returns)
        last = self.digests[-1] if self.digests else NOW
        tidings = decide(self.target, last, known, self.hours, now)
        for news in tidings.news:
            self._take(news, now)
        for problem in tidings.forget:
            del self.told[problem]
        self.digests += [now] if tidings.digest else []
        heard = [(news.what, news.problem.kind) for news in tidings.news]
        self.heard += heard
        self.moments += [now] * len(heard)
        return heard

    def _note_spans(self, problems: Iterable[Problem], now: datetime) -> None:
        for problem in problems:
            spans = self.spans.setdefault(problem.id, [])
            if spans and spans[-1][0] == problem.since:
                spans.pop()
            spans.append((problem.since, now))

    def _take(self, news: News, now: datetime) -> None:
        problem = news.problem
        if news.what == "over":
            del self.told[problem.id]
            return
        self.told[problem.id] = Told(
            problem=problem.id, target=self.target.id, kind=problem.kind, account=problem.account, cause=problem.cause,
            summary=problem.summary, severity=problem.severity, since=problem.since, at=now,
        )  # fmt: skip


def test_problem_is_told_once_after_it_has_gathered_its_alerts() -> None:
    operator = Operator()

    assert operator.look(NOW + timedelta(seconds=59), a_problem()) == []
    assert operator.look(NOW + MINUTE, a_problem()) == [("begun", "event_late")]
    assert operator.look(NOW + 2 * MINUTE, a_problem(count=500)) == []


def test_critical_problem_gathers_shortly() -> None:
    assert Operator().look(NOW + timedelta(seconds=15), a_problem(severity="critical")) == [("begun", "event_late")]


def test_problem_is_told_again_when_it_becomes_worse_and_every_day() -> None:
    operator = Operator()
    operator.look(NOW + MINUTE, a_problem())

    assert operator.look(NOW + HOUR, a_problem(severity="critical")) == [("worse", "event_late")]
    assert operator.look(NOW + 2 * HOUR, a_problem()) == []
    assert operator.look(NOW + HOUR + DAY, a_problem(severity="critical")) == [("still", "event_late")]


def test_over_is_told_once_and_only_if_the_problem_was_told() -> None:
    told, untold = Operator(), Operator()
    told.look(NOW + MINUTE, a_problem())

    told.look(NOW + HOUR)
    assert told.look(NOW + HOUR + OVER_AFTER) == [("over", "event_late")]
    assert told.look(NOW + 2 * HOUR) == []
    untold.look(NOW, a_problem())
    assert untold.look(NOW + HOUR) == []


@pytest.mark.parametrize(("away", "heard"), [(1, 1), (9, 1), (15, 3), (35, 5)])
def test_problem_that_comes_and_goes_is_told_ever_less(away: int, heard: int) -> None:
    """It lasts for two minutes each time, and stays away for so many."""
    operator = Operator()
    for minute in range(12 * 60):
        began = minute - minute % (away + 2)
        here = (a_problem(since=NOW + began * MINUTE),) if minute - began < 2 else ()
        operator.look(NOW + minute * MINUTE, *here)

    assert len(operator.heard) == heard
    assert operator.heard[0] == ("begun", "event_late")


def test_returns_are_counted_from_the_first_begin() -> None:
    spans = [(NOW + minutes * MINUTE, NOW + (minutes + 5) * MINUTE) for minutes in (0, 90, 100, 101, 110)]

    assert count_returns(spans) == Returns(count=2, since=NOW + 90 * MINUTE)
    assert count_returns([]) == count_returns([(NOW, NOW + HOUR)][:0]) == Returns()
    assert count_returns(spans[:1]).count == 0


@given(
    spells=st.lists(
        st.tuples(st.integers(10, 3_000), st.integers(10, 7_000), st.sampled_from(SEVERITIES)), min_size=1, max_size=30
    ),
    stays=st.booleans(),
)
def test_nobody_is_flooded_by_a_problem_that_comes_and_goes_and_the_last_message_is_true(
    spells: list[tuple[int, int, Severity]], stays: bool
) -> None:
    operator, now, since = Operator(), NOW, NOW
    for number, (lasts, away, severity) in enumerate(spells):
        since, last = now, number == len(spells) - 1
        steps = [GATHERS[severity], *(timedelta(seconds=lasts * part / 4) for part in (1, 2, 3, 4))]
        for step in sorted(step for step in steps if step <= timedelta(seconds=lasts)):
            operator.look(since + step, a_problem(since=since, severity=severity))
        now = since + timedelta(seconds=lasts)
        for part in range(0 if stays and last else 8):
            operator.look(now + timedelta(seconds=away * part / 8 + 1))
        now += timedelta(seconds=away)
    here = (a_problem(since=since, severity=spells[-1][2]),) if stays else ()
    for minutes in range(0, 180, 5):
        operator.look(now + minutes * MINUTE, *here)

    for moment in operator.moments:
        assert sum(moment <= other < moment + HOUR for other in operator.moments) <= MOST_AN_HOUR
    assert (operator.heard[-1][0] != "over") == stays if operator.heard else not stays


def test_first_message_of_a_critical_problem_is_never_delayed() -> None:
    operator = Operator()
    for start in range(0, 24 * 60, 90):
        began = NOW + start * MINUTE
        heard = operator.look(began + GATHERS["critical"], a_problem(severity="critical", since=began))
        assert heard == [("begun", "event_late")]
        operator.look(began + 10 * MINUTE)
        operator.look(began + 80 * MINUTE)


def test_muted_problem_is_told_by_nothing_not_even_that_it_is_over() -> None:
    operator, problem = Operator(), a_problem()
    operator.look(NOW + MINUTE, problem)

    mutes = [a_mute(problem)]
    assert operator.look(NOW + 2 * DAY, replace(problem, severity="critical"), mutes=mutes) == []
    assert operator.look(NOW + 3 * DAY, mutes=mutes) == []
    assert operator.told == {}


def test_problem_is_told_when_its_mute_ends() -> None:
    operator, problem = Operator(), a_problem()
    mutes = [a_mute(problem, until=NOW + 7 * DAY)]

    assert operator.look(NOW + 6 * DAY, problem, mutes=mutes) == []
    assert operator.look(NOW + 7 * DAY, problem, mutes=mutes) == [("begun", "event_late")]


def test_window_silences_everything_and_what_lasts_is_told_when_it_ends() -> None:
    operator = Operator()
    windows = [a_window(NOW, NOW + HOUR)]
    first, second = a_problem("first", severity="critical"), a_problem("second", severity="critical")

    assert operator.look(NOW + 30 * MINUTE, first, second, windows=windows) == []
    assert operator.look(NOW + HOUR, second, windows=windows) == [("begun", "second")]


def test_window_of_one_account_leaves_the_others() -> None:
    windows = [a_window(NOW, NOW + HOUR, "main")]
    problems = (a_problem("ours"), a_problem("theirs", account="other"), a_problem("disk", account=None))

    heard = Operator().look(NOW + 2 * MINUTE, *problems, windows=windows)

    assert heard == [("begun", "theirs"), ("begun", "disk")]


def test_quiet_hours_let_through_what_is_critical() -> None:
    operator = Operator(hours=Hours(zone=ZURICH, quiet=parse_quiet("22:00-07:00")))
    night, morning = datetime(2040, 1, 25, 2, tzinfo=ZURICH), datetime(2040, 1, 25, 7, tzinfo=ZURICH)
    problems = (a_problem("slow"), a_problem("stopped", severity="critical"))

    assert operator.look(night, *problems) == [("begun", "stopped")]
    assert operator.look(morning, *problems) == [("begun", "slow")]


def test_target_hears_of_its_account_and_of_what_has_none_but_not_of_itself() -> None:
    target = replace(EVERYTHING, wishes=(Wish(severity="warning", account="main"),))
    problems = (
        a_problem("ours"),
        a_problem("mild", severity="info"),
        a_problem("theirs", account="other"),
        a_problem("disk", account=None),
        a_problem("alert_target_failing", account=None, cause="t"),
        a_problem("alert_target_failing", account=None, cause="another"),
    )

    heard = [kind for _, kind in Operator(target=target).look(NOW + HOUR, *problems)]

    assert heard == ["ours", "disk", "alert_target_failing"]


@given(
    zone=st.sampled_from(["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
    first=st.dates(date(2011, 12, 1), date(2030, 1, 1)),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_digest_comes_once_a_day_also_when_the_clocks_change(zone: str, first: date, at: time) -> None:
    hours = Hours(zone=ZoneInfo(zone), digest_at=at)
    begin = datetime.combine(first, time(), UTC)
    moments = {hours.latest_digest(begin + step * HOUR / 4) for step in range(4 * 24 * 10)}

    days = sorted(moment.astimezone(hours.zone).date() for moment in moments if moment)
    assert len(days) == len(set(days))
    assert 10 <= len(days) <= 12
    assert all(before < after for before, after in pairwise(days))


def test_digest_keeps_its_local_hour() -> None:
    hours = Hours(zone=ZURICH, digest_at=time(8))

    winter, summer = datetime(2040, 3, 24, 12, tzinfo=UTC), datetime(2040, 3, 26, 12, tzinfo=UTC)

    assert hours.latest_digest(winter) == datetime(2040, 3, 24, 7, tzinfo=UTC)
    assert hours.latest_digest(summer) == datetime(2040, 3, 26, 6, tzinfo=UTC)


def test_digest_waits_for_the_end_of_quiet_hours_and_of_a_window() -> None:
    hours = Hours(digest_at=time(12, 30), quiet=Quiet(begin=time(12), end=time(13)))
    operator, windows = Operator(hours=hours), [a_window(NOW + HOUR, NOW + 2 * HOUR)]

    for minutes in range(0, 24 * 60, 5):
        operator.look(NOW + minutes * MINUTE, windows=windows)

    assert operator.digests == [NOW + 2 * HOUR]


@given(
    steps=st.lists(
        st.tuples(st.integers(5, 7_200), st.sets(st.integers(0, 3)), st.sampled_from(SEVERITIES)), max_size=40
    ),
    quiet=st.booleans(),
    windowed=st.booleans(),
)
def test_nobody_hears_more_than_they_must(
    steps: list[tuple[int, set[int], Severity]], quiet: bool, windowed: bool
) -> None:
    operator = Operator(hours=Hours(quiet=parse_quiet("22:00-07:00") if quiet else None))
    windows = [a_window(NOW + HOUR, NOW + 5 * HOUR)] if windowed else []
    now, since, state = NOW, dict[int, datetime](), dict[str, str]()
    for seconds, numbers, severity in steps:
        now += timedelta(seconds=seconds)
        since = {number: since.get(number, now) for number in numbers}
        problems = [a_problem(f"p{number}", since=at, severity=severity) for number, at in sorted(since.items())]
        heard = operator.look(now, *problems, windows=windows)
        assert not (heard and windowed and windows[0].lasts(now))
        for what, kind in heard:
            before = state.get(kind, "over")
            assert (what == "begun") == (before == "over"), "begun only after over, and the rest only after begun"
            state[kind] = what
            lasting = {problem.kind: problem for problem in problems}
            assert (what == "over") == (kind not in lasting)
            if what == "begun":
                assert lasting[kind].since + GATHERS[severity] <= now
    now += 3 * DAY
    assert {kind for kind, what in state.items() if what != "over"} == {row.kind for row in operator.told.values()}
