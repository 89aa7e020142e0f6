"""The state of the Zoom accounts and of their hosts, for operators."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ...clock import iso_text
from ...store.account_stops import Stop, load_stops
from ...store.hosts import HostFacts, load_host_facts
from ...store.tables import token
from ...store.zoom_calls import count_calls
from ..context import Context
from ..reconcile.observe import CHANGES_A_DAY

Document = dict[str, Any]
_FEW = 10  # changes of a host left today


def show_accounts(context: Context) -> list[Document]:
    """List the accounts as JSON values: state with time and reason, OAuth token, today's calls and errors (UTC day)."""
    now = context.clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    fingerprints = {name: gateway.fingerprint for name, gateway in context.gateways.items()}
    with context.database.read() as connection:
        stops = load_stops(connection)
        counts = count_calls(connection, today)
        rows = connection.execute(select(token))
        tokens = {row.account: row for row in rows if row.fingerprint == fingerprints.get(row.account)}
        at = context.database.now(connection)
    # a 404 of Zoom's is no error: the object does not exist yet
    errors = [c for c in counts if c.status is None or c.strange or (c.status >= 400 and c.status != 404)]
    return [
        {
            "name": name,
            **_stop_json([stop for stop in stops if stop.account == name]),
            "token_expires_in_s": round((tokens[name].expires_at - at).total_seconds()) if name in tokens else None,
            "calls_today": sum(count.calls for count in counts if count.account == name),
            "errors_today": sum(count.calls for count in errors if count.account == name),
        }
        for name in sorted(context.gateways)
    ]


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
        return max(0, CHANGES_A_DAY - self.facts.used_today)

    @property
    def is_troubled(self) -> bool:
        """Whether the host may get no webinar: no licence, fewer than 10 changes left today, or not in the settings."""
        return self.facts.licensed is False or self.left_today < _FEW or not self.in_pool


def show_hosts(context: Context, filters: HostFilter) -> tuple[HostShown, ...]:
    """List the matching hosts by account. Hosts that the settings name come first."""
    now = context.clock.now()
    shown: list[HostShown] = []
    with context.database.read() as connection:
        for account, gateway in sorted(context.gateways.items()):
            facts, pool = load_host_facts(connection, account, now), gateway.account.hosts
            for email in dict.fromkeys((*pool, *sorted(facts))):
                known = facts.get(email, HostFacts())
                if email in pool or known.bookings:
                    shown.append(HostShown(account=account, email=email, facts=known, in_pool=email in pool))
    return tuple(host for host in shown if filters.include(host))


def _stop_json(stops: list[Stop]) -> Document:
    """Describe the stops of an account. A stop of the entire account sorts before the stops of single verbs."""
    if not stops:
        return {"state": "working", "since": None, "reason": None, "retry_at": None, "stopped_for": []}
    first = stops[0]
    return {
        "state": "partly stopped" if first.verb else "stopped",
        "since": iso_text(first.since),
        "reason": first.sentence,
        "retry_at": iso_text(first.retry_at),
        "stopped_for": [stop.verb for stop in stops if stop.verb],
    }
