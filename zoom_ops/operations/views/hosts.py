"""The hosts as operators see them: their licences, their webinars, and what is left of their day."""

from dataclasses import dataclass

from ...store.hosts import HostFacts, load_host_facts
from ..context import Context
from ..reconcile.observe import CHANGES_A_DAY

_FEW = 10  # changes


@dataclass(frozen=True, kw_only=True)
class HostFilter:
    """Which hosts are wanted: of an account, with a text in the address, only those in trouble; all by default."""

    account: str = ""
    text: str = ""
    troubled: bool = False

    def include(self, host: "HostShown") -> bool:
        """Tell whether a host is one of them."""
        named = self.account in ("", host.account) and self.text.lower() in host.email.lower()
        return named and (host.is_troubled or not self.troubled)


@dataclass(frozen=True, kw_only=True)
class HostShown:
    """A host of an account."""

    account: str
    email: str
    facts: HostFacts
    in_pool: bool  # named by the settings

    @property
    def left_today(self) -> int:
        """How many creates and updates Zoom still allows today (UTC)."""
        return max(0, CHANGES_A_DAY - self.facts.used_today)

    @property
    def is_troubled(self) -> bool:
        """Whether it may be given no webinar: it has no licence, little is left of its day, or it left the settings."""
        return self.facts.licensed is False or self.left_today < _FEW or not self.in_pool


def show_hosts(context: Context, wanted: HostFilter) -> tuple[HostShown, ...]:
    """List the hosts that are wanted, account by account, those of the settings first."""
    now = context.clock.now()
    shown: list[HostShown] = []
    with context.database.read() as connection:
        for account, gateway in sorted(context.gateways.items()):
            facts, pool = load_host_facts(connection, account, now), gateway.account.hosts
            for email in dict.fromkeys((*pool, *sorted(facts))):
                known = facts.get(email, HostFacts())
                if email in pool or known.bookings:
                    shown.append(HostShown(account=account, email=email, facts=known, in_pool=email in pool))
    return tuple(host for host in shown if wanted.include(host))
