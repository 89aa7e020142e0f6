"""Calls to Zoom against its limits: a second's by label and account, a day's changes by host."""

from dataclasses import dataclass
from datetime import datetime

from ....store.webinars import load_used_today
from ....store.zoom_calls import count_busiest
from ....zoom import PER_SECOND, Label, label_patterns
from ...context import Context
from .spans import Span, begin_of

_OTHERWISE: Label = "LIGHT"  # most are; only the others are looked for
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
        found, cut = count_busiest(connection, begin_of(span, now), label_patterns(besides=_OTHERWISE), _OTHERWISE)
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
