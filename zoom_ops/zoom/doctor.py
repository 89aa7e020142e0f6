"""The checks of `doctor` at Zoom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..errors import ZoomOpsError
from ..webinars import Host
from .accounts import ZoomAccount
from .endpoints import ENDPOINTS

FetchHost: TypeAlias = Callable[[str], Host]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of one check, with a sentence."""

    subject: str  # "credentials", "scopes", or the host's address
    ok: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of all checks of one account."""

    account: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(finding.ok for finding in self.findings)


def check_account(account: ZoomAccount, fetch_scopes: Callable[[], frozenset[str]], fetch_host: FetchHost) -> Report:
    """Check the credentials, the scopes and every host of an account. Changes nothing at Zoom."""
    try:
        scopes = fetch_scopes()
    except ZoomOpsError as error:
        return Report(account=account.name, findings=(Finding(subject="credentials", ok=False, sentence=str(error)),))
    accepted = Finding(subject="credentials", ok=True, sentence="Zoom accepts the credentials.")
    hosts = tuple(_check_host(host, fetch_host) for host in account.hosts)
    return Report(account=account.name, findings=(accepted, _check_scopes(scopes), *hosts))


def _check_scopes(scopes: frozenset[str]) -> Finding:
    missing = sorted({f"{endpoint.granular}:admin" for endpoint in ENDPOINTS if not endpoint.is_granted(scopes)})
    if not scopes:
        return Finding(subject="scopes", ok=False, sentence="Zoom does not say which scopes the app has.")
    if missing:
        return Finding(subject="scopes", ok=False, sentence=f"The Zoom app lacks the scopes {', '.join(missing)}.")
    return Finding(subject="scopes", ok=True, sentence="The Zoom app has every scope that is needed.")


def _check_host(email: str, fetch_host: FetchHost) -> Finding:
    try:
        host = fetch_host(email)
    except ZoomOpsError as error:
        return Finding(subject=email, ok=False, sentence=str(error))
    if not host.licensed:
        return Finding(subject=email, ok=False, sentence=f"{email} has no webinar licence.")
    return Finding(subject=email, ok=True, sentence=f"{email} can hold webinars with up to {host.capacity} attendees.")
