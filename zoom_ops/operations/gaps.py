"""What an installation still lacks: the one place that decides it, for `init`, `serve`, `doctor` and `status`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from shlex import quote
from typing import Literal

from sqlalchemy import Connection

from ..access import OPERATING
from ..alerting.targets import Wrong
from ..linear import split_url
from ..networks import is_in
from ..store.forwarding import load_forwarding
from ..store.identity.users import list_users
from .context import Context

Kind = Literal[
    "no_account",
    "no_default_account",
    "no_hosts",
    "no_webhook_secret",
    "no_user",
    "no_alert_target",
    "wrong_alert_target",
    "plain_http",
    "missing_proxy",
    "unnamed_proxy",
    "wrong_host",
    "readable_secret",
]
_NAMED = 3
_UNHEARD = "Zoom's notifications are refused, and only the sweep works"


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """What is known of a configured Zoom account."""

    name: str
    hosts: int
    has_webhook_secret: bool


@dataclass(frozen=True, kw_only=True)
class SetupFacts:
    """What is known of an installation."""

    accounts: tuple[AccountFacts, ...]
    can_sign_in: bool  # whether somebody may sign in to the console
    has_alert_target: bool  # one that can be used
    base_url: str
    has_default_account: bool = True
    wrong_targets: tuple[Wrong, ...] = ()  # entries that cannot be used
    forwarded_by: tuple[str, ...] = ()  # addresses of our own network that sent headers of a proxy, not believed
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks
    listens_openly: bool = False  # its port is reached from other machines
    exposed: tuple[str, ...] = ()  # files with secrets that every user of the machine may read
    misnamed: tuple[str, ...] = ()  # hosts that are not ours, for which a proxy asked lately


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that is missing: what follows, and the next action. `is_fault`: the service cannot do its work."""

    kind: Kind
    reason: str
    action: str
    account: str | None = None
    is_fault: bool = False

    @property
    def sentence(self) -> str:
        """The reason with the next action."""
        return f"{self.reason} {self.action}"


def find_gaps(facts: SetupFacts) -> tuple[Gap, ...]:
    """List what is missing, the worst first."""
    gaps = [gap for account in facts.accounts for gap in _of_account(account)]
    if not facts.accounts:
        gaps.append(
            Gap(
                kind="no_account",
                reason="No Zoom account is configured (ZOOM_OPS_ACCOUNTS__…).",
                action="No webinar is created. To set one up: zoom-ops init",
                is_fault=True,
            )
        )
    if len(facts.accounts) > 1 and not facts.has_default_account:
        gaps.append(
            Gap(
                kind="no_default_account",
                reason="There are several Zoom accounts, and none is the default: an event that names none waits.",
                action="Set default_account in settings.toml.",
            )
        )
    if not facts.can_sign_in:
        gaps.append(
            Gap(
                kind="no_user",
                reason="Nobody can sign in to the console.",
                action="To add somebody: zoom-ops users add NAME --role admin",
            )
        )
    gaps += _of_targets(facts)
    if _is_plain_and_public(facts.base_url):
        gaps.append(
            Gap(
                kind="plain_http",
                reason=f"{facts.base_url} is public and not encrypted: passwords can be read on the way.",
                action="Serve it by https, and set ZOOM_OPS_BASE_URL to that address.",
            )
        )
    gaps += _of_proxies(facts)
    if facts.exposed:
        gaps.append(
            Gap(
                kind="readable_secret",
                reason=f"Every user of this machine may read {_name(facts.exposed)}: there are secrets in it.",
                action=f"Take that right away: chmod o= {' '.join(map(quote, facts.exposed[:_NAMED]))}",
            )
        )
    return tuple(gaps)


def load_gaps(context: Context, connection: Connection) -> tuple[Gap, ...]:
    """Load what is known of this installation, and list what it lacks."""
    users, forwarding = list_users(connection), load_forwarding(connection, context.database.now(connection))
    accounts = tuple(gateway.account for _, gateway in sorted(context.gateways.items()))
    allowed = {split_url(f"//{name}").hostname for name in context.allowed_hosts}
    facts = SetupFacts(
        accounts=tuple(
            AccountFacts(name=one.name, hosts=len(one.hosts), has_webhook_secret=bool(one.webhook_secrets))
            for one in accounts
        ),
        can_sign_in=context.provider_admits or any(user.role in OPERATING and not user.blocked for user in users),
        has_alert_target=bool(context.alerting.targets),
        wrong_targets=context.alerting.wrong,
        base_url=context.base_url,
        has_default_account=context.default_account is not None,
        forwarded_by=forwarding.untrusted,
        trusted_proxies=context.trusted_proxies,
        misnamed=tuple(sorted({*forwarding.misnamed} - allowed)),
        listens_openly=context.listens_openly,
        exposed=tuple(map(str, context.find_exposed())),
    )
    return find_gaps(facts)


def _of_account(account: AccountFacts) -> list[Gap]:
    setting = f"ZOOM_OPS_ACCOUNTS__{account.name.upper()}__"
    gaps = []
    if not account.hosts:
        gaps.append(
            Gap(
                kind="no_hosts",
                account=account.name,
                reason=f"{setting}HOSTS names nobody.",
                action="No webinar is created. Name users with a webinar licence.",
                is_fault=True,
            )
        )
    if not account.has_webhook_secret:
        gaps.append(
            Gap(
                kind="no_webhook_secret",
                account=account.name,
                reason=f"{setting}WEBHOOK_SECRET is missing: {_UNHEARD}.",
                action="It is the Secret Token on the app's page Feature: set it.",
                is_fault=True,
            )
        )
    return gaps


def find_untold(has_target: bool, wrong: Collection[Wrong]) -> Gap | None:
    """Say that nobody is told of problems, where no target can be used; `wrong`: entries that cannot be."""
    if has_target:
        return None
    why = "no entry of ZOOM_OPS_ALERT_TO can be used" if wrong else "ZOOM_OPS_ALERT_TO is not set"
    verb = "Correct it" if wrong else "Set it to an Apprise URL"
    return Gap(
        kind="no_alert_target",
        reason=f"Nobody is told of problems, for {why}.",
        action=f"{verb} and restart, then: zoom-ops alerts test",
    )


def _of_targets(facts: SetupFacts) -> Iterator[Gap]:
    """Yield what is missing so that somebody is told of problems; nothing of an address but its scheme."""
    if untold := find_untold(facts.has_alert_target, facts.wrong_targets):
        yield untold
    for wrong in facts.wrong_targets:
        yield Gap(
            kind="wrong_alert_target",
            reason=f"ZOOM_OPS_ALERT_TO: {wrong.label} cannot be used: {wrong.why}",
            action="Correct it and restart, then: zoom-ops alerts test",
        )


def _of_proxies(facts: SetupFacts) -> Iterator[Gap]:
    """Yield each proxy whose word about who asks is not taken."""
    for address in facts.forwarded_by:
        if is_in(address, facts.trusted_proxies):
            continue  # it was named since then
        yield Gap(
            kind="missing_proxy",
            reason=f"{address} passes requests on, and is not in ZOOM_OPS_TRUSTED_PROXIES: all who come through it "
            "have one address, and the wrong passwords of one slow down everybody.",
            action=f'Add "{address}" to it, and restart. If that is no proxy, somebody there forges X-Forwarded-For.',
        )
    if facts.misnamed:
        yield Gap(
            kind="wrong_host",
            reason=f"A proxy asks for the host {_name(facts.misnamed)}, which is none of ours: who comes so gets 421.",
            action="Let it pass on the header Host (nginx: proxy_set_header Host $host;). If the host is right, add it "
            "to ZOOM_OPS_ALLOWED_HOSTS and restart.",
        )
    if not facts.forwarded_by and not facts.trusted_proxies and (why := _why_in_front(facts)):
        yield Gap(
            kind="unnamed_proxy",
            reason=f"{why}, and ZOOM_OPS_TRUSTED_PROXIES names no proxy: limits count all who come through one as one "
            "reader.",
            action="Name the addresses of the proxy there, and restart. If there is none, readers need one.",
        )


def _why_in_front(facts: SetupFacts) -> str:
    """Say why there has to be a proxy; empty where readers may well come by themselves."""
    address = split_url(facts.base_url)
    if address.scheme == "https":
        return f"{facts.base_url} is https, which a proxy in front speaks"
    host = address.hostname or ""
    if not facts.listens_openly or host in ("localhost", "127.0.0.1", "::1"):
        return ""
    return "The port (ZOOM_OPS_LISTEN) is open to other machines"


def _name(names: Sequence[str]) -> str:
    """Name a few of them."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _is_plain_and_public(base_url: str) -> bool:
    """Return whether an address is http and not of this machine or its network, as is a name without a dot."""
    address = split_url(base_url)
    host = address.hostname or ""
    if address.scheme != "http" or not set(".:") & set(host.strip(".")):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return not host.endswith((".localhost", ".local", ".internal", ".test"))
