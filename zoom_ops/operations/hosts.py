"""The hosts as operators see them: their licences, their webinars, and what is left of their day."""

from dataclasses import dataclass

from ..store.hosts import HostFacts, load_host_facts
from .context import Context
from .observing import CHANGES_A_DAY


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


def show_hosts(context: Context) -> tuple[HostShown, ...]:
    """List the hosts of every account, those of the settings first."""
    now = context.clock.now()
    shown: list[HostShown] = []
    with context.database.read() as connection:
        for account, gateway in sorted(context.gateways.items()):
            facts, pool = load_host_facts(connection, account, now), gateway.account.hosts
            for email in dict.fromkeys((*pool, *sorted(facts))):
                known = facts.get(email, HostFacts())
                if email in pool or known.bookings:
                    shown.append(HostShown(account=account, email=email, facts=known, in_pool=email in pool))
    return tuple(shown)
