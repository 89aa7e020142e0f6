"""Try the credentials of a Zoom account before they are written anywhere, and look which hosts it has."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...clock import SystemClock
from ...store.db.connect import open_database
from ...store.db.encryption import SecretBox, make_key
from ...store.db.migrate import upgrade
from ...webinars import Host
from ...zoom import Callbacks, Gateway, MissingScopesError, Waits, ZoomAccount, ZoomRefusedError, open_gateway

MOST = 200  # users whose licences are asked for, one call each


@dataclass(frozen=True, kw_only=True)
class AccountTrial:
    """What Zoom said of an account: its users who may hold webinars; and in a sentence, why they may be not all."""

    hosts: tuple[Host, ...]
    note: str = ""


def try_account(account: ZoomAccount, watch: Callable[[int], None] = lambda _: None) -> AccountTrial:
    """Get a token and list the users with a webinar licence. `watch` gets the number of users so far.

    Raises the errors of `Gateway`: CredentialError where Zoom refuses the credentials, TemporaryError where it cannot
    be reached.
    """
    with _trial_gateway(account) as gateway:
        gateway.fetch_scopes()
        hosts: list[Host] = []
        try:
            for number, host in enumerate(gateway.iter_users(), start=1):
                watch(number)
                hosts += [host] if host.active and host.licensed is not False else []
                if number == MOST:
                    return AccountTrial(
                        hosts=_sorted(hosts), note=f"The account has more users: only the first {MOST} were looked at."
                    )
        except (MissingScopesError, ZoomRefusedError) as error:
            return AccountTrial(hosts=_sorted(hosts), note=f"Zoom does not list the users: {error}")
    return AccountTrial(hosts=_sorted(hosts))


def check_hosts(account: ZoomAccount, emails: tuple[str, ...]) -> tuple[str, ...]:
    """Ask Zoom for each host. Return a sentence for each that holds no webinar. Raises the errors of `Gateway`."""
    with _trial_gateway(account) as gateway:
        gateway.fetch_scopes()
        return tuple(sentence for email in emails if (sentence := _doubt(gateway, email)))


def describe_host(host: Host) -> str:
    """Say what a host may hold."""
    if host.licensed is None:
        return f"{host.email} (perhaps: Zoom names {', '.join(host.licences) or 'no licence'})"
    return f"{host.email} (up to {host.capacity} attendees)" if host.capacity else host.email


def _sorted(hosts: list[Host]) -> tuple[Host, ...]:
    return tuple(sorted(hosts, key=lambda host: (host.licensed is None, host.email)))


def _doubt(gateway: Gateway, email: str) -> str:
    try:
        host = gateway.fetch_host(email)
    except (MissingScopesError, ZoomRefusedError) as error:
        return f"{email}: {error}"
    if not host.active:
        return f"{email} is deactivated at Zoom."
    return f"{email} has no webinar licence at Zoom." if host.licensed is False else ""


@contextmanager
def _trial_gateway(account: ZoomAccount) -> Iterator[Gateway]:
    """Open a gateway on a database for the moment: nothing is known yet of where this installation has its own."""
    with tempfile.TemporaryDirectory(prefix="zoom_ops-init-", ignore_cleanup_errors=True) as folder:
        clock, box = SystemClock(), SecretBox((make_key(),))
        with closing(open_database(f"sqlite:///{Path(folder) / 'trial.db'}", clock)) as database:
            upgrade(database, box)
            gateway = open_gateway(
                account, database=database, box=box, clock=clock, waits=Waits(),
                callbacks=Callbacks(on_call=lambda _: None),
            )  # fmt: skip
            with gateway.heard_by(lambda _: None):
                yield gateway
