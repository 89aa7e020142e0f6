"""The Zoom hosts, for operators: licences, webinars, remaining changes today."""

from dataclasses import dataclass
from typing import Any

from ...store.hosts.facts import HostFacts, load_host_facts
from ...webinars import Host
from ..context import Context
from ..reconcile.pools import changes_left

_FEW = 10  # changes of a host left today


@dataclass(frozen=True, kw_only=True)
class HostFilter:
    """Filter of hosts by account, by a text in the e-mail address, or only troubled hosts. The default is all hosts."""

    account: str = ""
    text: str = ""
    troubled: bool = False

    def include(self, host: "HostShown") -> bool:
        """Return whether the filter matches a host."""
        matches = self.account in ("", host.account) and self.text.lower() in host.email.lower()
        return matches and (host.is_troubled or not self.troubled)


@dataclass(frozen=True, kw_only=True)
class HostShown:
    """A host of an account."""

    account: str
    email: str
    facts: HostFacts
    in_pool: bool  # named by the settings

    @property
    def left_today(self) -> int:
        """The number of creates and updates that Zoom still allows today (UTC day)."""
        return changes_left(self.facts.used_today)

    @property
    def is_usable(self) -> bool:
        """Whether Zoom lets the host hold webinars, as far as is known."""
        host = self.facts.host
        return host is None or (host.active and host.licensed is not False)

    @property
    def licence(self) -> str:
        """What the host may hold, in a few words."""
        return describe_licence(self.facts.host)

    @property
    def is_troubled(self) -> bool:
        """Whether the host may get no webinar: no licence, fewer than 10 changes left today, or not in the settings."""
        return not self.is_usable or self.left_today < _FEW or not self.in_pool


def show_hosts(context: Context, filters: HostFilter, *, each: int | None = None) -> tuple[HostShown, ...]:
    """List the matching hosts by account, with `each` bookings at most. Hosts that the settings name come first."""
    now = context.clock.now()
    shown: list[HostShown] = []
    with context.database.read() as connection:
        for account, gateway in sorted(context.gateways.items()):
            facts, pool = load_host_facts(connection, account, now, each=each), gateway.account.hosts
            for email in dict.fromkeys((*pool, *sorted(facts))):
                known = facts.get(email, HostFacts())
                if email in pool or known.bookings or known.foreign:
                    shown.append(HostShown(account=account, email=email, facts=known, in_pool=email in pool))
    return tuple(host for host in shown if filters.include(host))


def describe_host(host: HostShown) -> dict[str, Any]:
    """Describe a host as JSON, with the times that our events and the webinars of others take."""
    return {
        "account": host.account,
        "email": host.email,
        "in_pool": host.in_pool,
        "licence": host.licence,
        "capacity": host.facts.host.capacity if host.facts.host else None,
        "left_today": host.left_today,
        "bookings": [
            {"event": row.event_id, "start": row.start_at.isoformat(), "end": row.end_at.isoformat()}
            for row in host.facts.bookings
        ],
        "foreign": [
            {
                "webinar": webinar.webinar_id,
                "topic": webinar.topic,
                "times": [{"start": start.isoformat(), "end": end.isoformat()} for start, end in webinar.times],
            }
            for webinar in host.facts.foreign
        ],
    }


def describe_licence(host: Host | None) -> str:
    """Say in a few words what a host may hold, as Zoom last said; None: it was not asked yet."""
    if host is None:
        return "not looked at yet"
    if not host.active:
        return "deactivated at Zoom"
    if host.licensed is None:
        return "licence unknown: tried when needed"
    if not host.licensed:
        return "no webinar licence"
    return f"webinars for {host.capacity:,}" if host.capacity else "webinars for an unknown number"
