"""Calls to Zoom against its limits: a second's by label and account, a day's changes by host."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ....store.webinars import load_used_today
from ....store.zoom_calls import count_busiest, load_window, mark_calls
from ....zoom import PER_SECOND, Label, label_patterns
from ...context import Context
from .kept import kept_of
from .spans import Span, begin_of

_OTHERWISE: Label = "LIGHT"  # most are; only the others are looked for
_PATTERNS = label_patterns(besides=_OTHERWISE)
_Counts = Mapping[tuple[str, str], tuple[int, int]]  # by account and label: in all, and in the busiest second
_HOSTS = 10  # of an account, those with most changes


@dataclass(frozen=True, kw_only=True)
class LabelUse:
    """The calls of a rate-limit label: how many in all, how many in the busiest second, how many a second may hold."""

    label: str
    calls: int
    most: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class AccountUse:
    """What an account has used of its limits."""

    account: str
    plan: str
    labels: tuple[LabelUse, ...]
    hosts: tuple[tuple[str, int], ...]  # with the changes of today (UTC), the most first
    since: datetime | None = None  # the calls are counted from then on, where too many were made to count


def load_limits(context: Context, span: Span, now: datetime) -> tuple[AccountUse, ...]:
    """Load the calls of a span that ends now against Zoom's limits, and the changes of today, by account."""
    with context.database.read() as connection:
        found, cut = _count_calls(context, connection, begin_of(span, now))
        used = {name: load_used_today(connection, name, now.date().isoformat()) for name in context.gateways}
    accounts = []
    for name, gateway in sorted(context.gateways.items()):
        rates = PER_SECOND[gateway.account.plan]
        uses = {label: found.get((name, label), (0, 0)) for label in rates}
        labels = tuple(LabelUse(label=k, calls=uses[k][0], most=uses[k][1], limit=rates[k]) for k in rates)
        changed = {host: count for host, count in used[name].items() if count}
        hosts = sorted(changed.items(), key=lambda pair: (-pair[1], pair[0]))[:_HOSTS]
        use = AccountUse(account=name, plan=gateway.account.plan, labels=labels, hosts=tuple(hosts), since=cut)
        accounts.append(use)
    return tuple(accounts)


def _count_calls(context: Context, connection: Connection, since: datetime) -> tuple[_Counts, datetime | None]:
    """Count the calls since a moment, and those that are over only once while they stay the same.

    Where there were more than are counted, return also since when they are.
    """
    window = load_window(connection)
    cut = window.since if window.since and window.since > since else None
    begin = cut or since
    if window.until is None or window.until <= begin:
        return count_busiest(connection, begin, None, _PATTERNS, _OTHERWISE), cut
    key = ("calls", begin, window.until, mark_calls(connection, window, begin))
    over = kept_of(context.database).get(
        key, lambda: count_busiest(connection, begin, window.until, _PATTERNS, _OTHERWISE)
    )
    return _join(over, count_busiest(connection, window.until, None, _PATTERNS, _OTHERWISE)), cut


def _join(before: _Counts, after: _Counts) -> _Counts:
    """Join the counts of two times that share no second."""
    counted = {key: (before.get(key, (0, 0)), after.get(key, (0, 0))) for key in {*before, *after}}
    return {key: (first[0] + then[0], max(first[1], then[1])) for key, (first, then) in counted.items()}
