"""Problems: open alerts of one kind, account and cause, which are told as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from ..store.alerts import Severity

_ID_LENGTH = 8
_AWAY = timedelta(seconds=60)  # a problem that comes back sooner was never over
_TOGETHER = timedelta(hours=1)  # one that comes back sooner has returned; later it is a new one

Span = tuple[datetime, datetime]  # from when until when a problem lasted


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem that lasts."""

    kind: str
    account: str | None = None
    cause: str = ""
    severity: Severity  # the worst of its alerts
    count: int  # of its alerts
    since: datetime  # when its first alert was raised
    summary: str  # what it is, in a few words

    @property
    def id(self) -> str:
        """The name by which operators mute it; the same problem has it again when it comes back."""
        return problem_id(self.kind, self.account, self.cause)


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How often a problem came back soon after its end, and when it first began."""

    count: int = 0
    since: datetime | None = None


NEVER = Returns()


@dataclass(frozen=True, kw_only=True)
class Told:
    """A problem that a target was told of."""

    problem: str
    target: str
    kind: str
    account: str | None = None
    cause: str = ""
    summary: str
    severity: Severity
    since: datetime
    at: datetime  # when it was told last
    ended: datetime | None = None  # when its last alert was cleared; None while it lasts


@dataclass(frozen=True, kw_only=True)
class Mute:
    """A problem that nobody is told of, and why."""

    problem: str
    kind: str
    account: str | None = None
    cause: str = ""
    note: str
    who: str
    at: datetime
    until: datetime | None = None  # None: until a day after the problem is over


@dataclass(frozen=True, kw_only=True)
class Window:
    """A maintenance window: while it lasts, nothing is told, or nothing of one account."""

    id: int
    begins: datetime
    ends: datetime
    note: str
    account: str | None = None
    who: str

    def lasts(self, now: datetime) -> bool:
        """Return whether it lasts."""
        return self.begins <= now < self.ends

    def covers(self, account: str | None) -> bool:
        """Return whether it is about this account."""
        return not self.account or self.account == account


def problem_id(kind: str, account: str | None, cause: str) -> str:
    """Build the id of a problem."""
    return sha256("\0".join((kind, account or "", cause)).encode()).hexdigest()[:_ID_LENGTH]


def count_returns(spans: Iterable[Span]) -> Returns:
    """Count how often a problem came back. `spans`: when its alerts were open; one that is open ends now."""
    lasted: list[Span] = []
    for begin, end in sorted(spans):
        if lasted and begin <= lasted[-1][1] + _AWAY:
            lasted[-1] = (lasted[-1][0], max(lasted[-1][1], end))
        else:
            lasted.append((begin, end))
    if not lasted:
        return NEVER
    first = len(lasted) - 1
    while first and lasted[first][0] <= lasted[first - 1][1] + _TOGETHER:
        first -= 1
    return Returns(count=len(lasted) - 1 - first, since=lasted[first][0])


def find_mute(mutes: Iterable[Mute], problem: str, now: datetime) -> Mute | None:
    """Find the mute of a problem, or None."""
    return next((mute for mute in mutes if mute.problem == problem and (not mute.until or now < mute.until)), None)


def find_window(windows: Iterable[Window], account: str | None, now: datetime) -> Window | None:
    """Find the window that lasts and covers an account, the one that ends last; or None."""
    lasting = [window for window in windows if window.lasts(now) and window.covers(account)]
    return max(lasting, key=lambda window: window.ends, default=None)
