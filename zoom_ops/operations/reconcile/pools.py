"""The hosts of an account, of which an event without a webinar needs one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import structlog
from sqlalchemy import Connection

from ...errors import PermanentError
from ...planning import HostOnOffer
from ...store.hosts.foreign import load_unlisted_hosts
from ...store.webinars import load_used_today
from ...webinars import Host
from ...zoom import Gateway, ZoomRefusedError
from ..context import Context
from .known import Shared

log = structlog.get_logger()

CHANGES_A_DAY = 100  # creates and updates of one host, says Zoom


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The hosts of an account, as far as they are known."""

    gateway: Gateway
    known: Mapping[str, Host]  # those that Zoom was asked about within a day, by e-mail address
    used: Mapping[str, int]  # creates and updates since 00:00 UTC
    unlisted: frozenset[str]  # whose lists of webinars are not known

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The hosts that Zoom has to be asked about."""
        return tuple(email for email in self.gateway.account.hosts if email not in self.known)

    @cached_property
    def offers(self) -> tuple[HostOnOffer, ...]:
        """The hosts with what is left of their day; raise PermanentError where none of them can hold a webinar."""
        account = self.gateway.account
        listed = [self.known.get(email, Host(email=email, id="", licensed=None, capacity=0)) for email in account.hosts]
        if listed and not any(map(_may_hold, listed)):
            hosts = ", ".join(account.hosts)
            raise PermanentError(
                f"No host of account {account.name} has a webinar licence: {hosts}. Give one of them a licence at "
                "Zoom, then read them again: zoom-ops doctor"
            )
        return tuple(
            HostOnOffer(
                email=host.email,
                licensed=host.licensed,
                capacity=host.capacity,
                active=host.active,
                left_today=CHANGES_A_DAY - self.used.get(host.email, 0),
                records=host.cloud_recording,
            )
            for host in listed
        )


def changes_left(used: int) -> int:
    """Return how many creates and updates Zoom still allows a host on a day on which it has used so many."""
    return max(0, CHANGES_A_DAY - used)


def load_pool(
    context: Context, connection: Connection, account: str, shared: Shared, asked: Mapping[str, Host]
) -> Pool:
    """Load the hosts of an account. `asked`: those that Zoom has just told of. `shared`: see `observe`."""
    pool = shared.once(account, _load, context, connection, account, shared.read)
    return replace(pool, known={**asked, **pool.known}) if asked else pool


def ask_for(gateway: Gateway, email: str) -> Host:
    """Get a host. An unknown one counts as unlicensed, so that the others go on."""
    try:
        return gateway.get_host(email)
    except ZoomRefusedError as error:
        log.warning("host_refused", account=gateway.account.name, reason=str(error))
        return Host(email=email, id="", licensed=False, capacity=0)


def _load(context: Context, connection: Connection, account: str, read: Collection[tuple[str, str]]) -> Pool:
    gateway, now = context.gateway(account), context.clock.now()
    unlisted = load_unlisted_hosts(connection, account, now)
    return Pool(
        gateway=gateway,
        known=gateway.load_hosts(connection),
        used=load_used_today(connection, account, now.date().isoformat()),
        unlisted=frozenset(host for host in unlisted if (account, host) not in read),
    )


def _may_hold(host: Host) -> bool:
    return host.active and host.licensed is not False
