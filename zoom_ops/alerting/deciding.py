"""What a target is told now: the one place that decides it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ..store.alerts import SEVERITIES, Severity
from .hours import Hours
from .problems import NEVER, Mute, Problem, Returns, Told, Window, find_mute, find_window
from .targets import Target

GATHERS: dict[Severity, timedelta] = {  # so long a problem gathers alerts before it is told
    "info": timedelta(seconds=60),
    "warning": timedelta(seconds=60),
    "critical": timedelta(seconds=15),
}
OVER_AFTER = timedelta(minutes=10)  # so long a problem stays away before it is over: it may come and go
LONGEST_OVER = timedelta(hours=1)  # one that keeps coming back has to stay away longer, up to this long
AGAIN_AFTER = timedelta(days=1)

What = Literal["begun", "worse", "still", "over"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that decides what is told."""

    problems: tuple[Problem, ...] = ()
    told: tuple[Told, ...] = ()
    mutes: tuple[Mute, ...] = ()
    windows: tuple[Window, ...] = ()
    returns: Mapping[str, Returns] = field(default_factory=dict)  # of the problems that came back lately


@dataclass(frozen=True, kw_only=True)
class News:
    """What a target is told of one problem."""

    what: What
    problem: Problem  # one that is over as it was told last
    ended: datetime | None = None  # of one that is over
    returns: Returns = NEVER


@dataclass(frozen=True, kw_only=True)
class Tidings:
    """What a target is told now, and what it is no longer told of."""

    news: tuple[News, ...] = ()
    forget: tuple[str, ...] = ()  # ids of muted problems that are over: nobody is told
    digest: bool = False

    def __bool__(self) -> bool:
        return bool(self.news or self.forget or self.digest)


def decide(target: Target, digest_at: datetime, known: Known, hours: Hours, now: datetime) -> Tidings:
    """Decide what a target is told now. `digest_at`: when it got its latest digest.

    - A problem is told once after it has gathered its alerts, again when it becomes worse, again every day.
    - It is told once that a told problem is over, when it has stayed away for some minutes. One that comes back sooner
      is not told anew: the next message counts how often it returned.
    - Nothing is told of a muted problem, or during a maintenance window; what still lasts is told afterwards.
    - In quiet hours only critical problems are told; the others wait.
    """
    told = {row.problem: row for row in known.told if row.target == target.id}
    lasting = {problem.id for problem in known.problems}
    ended = [row for row in told.values() if row.problem not in lasting]
    candidates = (*_of_lasting(target, told, known, now), *_of_ended(ended, known, now))
    quiet = hours.is_quiet(now)
    news = tuple(
        entry
        for entry in candidates
        if not find_window(known.windows, entry.problem.account, now)
        and not (quiet and entry.problem.severity != "critical")
    )
    forget = tuple(row.problem for row in ended if find_mute(known.mutes, row.problem, now))
    moment = hours.latest_digest(now)
    digest = moment is not None and digest_at < moment and not quiet and not find_window(known.windows, None, now)
    return Tidings(news=news, forget=forget, digest=digest)


def find_silence(known: Known, problem: str | None, account: str | None, now: datetime) -> Mute | Window | None:
    """Return what keeps a message from being sent now: the mute of its problem, or a maintenance window."""
    return find_mute(known.mutes, problem or "", now) or find_window(known.windows, account, now)


def over_after(returns: Returns) -> timedelta:
    """Return how long a problem has to stay away before it is over: longer each time that it came back."""
    return min(OVER_AFTER * (1 << min(returns.count, 10)), LONGEST_OVER)


def _of_lasting(target: Target, told: dict[str, Told], known: Known, now: datetime) -> Iterator[News]:
    for problem in known.problems:
        wanted = target.wants(problem.kind, problem.account, problem.cause, problem.severity)
        if not wanted or find_mute(known.mutes, problem.id, now):
            continue
        before, returns = told.get(problem.id), known.returns.get(problem.id, NEVER)
        if before is None:
            if problem.since + GATHERS[problem.severity] <= now:
                yield News(what="begun", problem=problem, returns=returns)
        elif SEVERITIES.index(problem.severity) > SEVERITIES.index(before.severity):
            yield News(what="worse", problem=problem, returns=returns)
        elif before.at + AGAIN_AFTER <= now:
            yield News(what="still", problem=problem, returns=returns)


def _of_ended(ended: list[Told], known: Known, now: datetime) -> Iterator[News]:
    for row in ended:
        returns = known.returns.get(row.problem, NEVER)
        if not find_mute(known.mutes, row.problem, now) and (row.ended or row.at) + over_after(returns) <= now:
            problem = Problem(
                kind=row.kind,
                account=row.account,
                cause=row.cause,
                severity=row.severity,
                count=0,
                since=row.since,
                summary=row.summary,
            )
            yield News(what="over", problem=problem, ended=row.ended, returns=returns)
