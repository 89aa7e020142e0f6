"""The checks of `doctor` at Zoom."""

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ZoomOpsError
from ..webinars import Host
from .accounts import ZoomAccount
from .endpoints import ENDPOINTS


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


def check_account(
    account: ZoomAccount, fetch_scopes: Callable[[], frozenset[str]], fetch_host: Callable[[str], Host]
) -> Report:
    """Check the credentials, the scopes and every host of an account. Changes nothing at Zoom."""
    try:
        scopes = fetch_scopes()
    except ZoomOpsError as error:
        return Report(account=account.name, findings=(Finding(subject="credentials", ok=False, sentence=str(error)),))
    accepted = Finding(subject="credentials", ok=True, sentence="Zoom accepts the credentials.")
    missing = sorted({f"{endpoint.granular}:admin" for endpoint in ENDPOINTS if not endpoint.is_granted(scopes)})
    sentence = "The Zoom app has every scope that is needed."
    if not scopes:
        sentence = "Zoom does not say which scopes the app has."
    elif missing:
        sentence = f"The Zoom app lacks the scopes {', '.join(missing)}."
    findings = [accepted, Finding(subject="scopes", ok=bool(scopes) and not missing, sentence=sentence)]
    for email in account.hosts:
        try:
            host = fetch_host(email)
        except ZoomOpsError as error:
            findings.append(Finding(subject=email, ok=False, sentence=str(error)))
            continue
        sentence = f"{email} has no webinar licence."
        if host.licensed:
            sentence = f"{email} can hold webinars with up to {host.capacity} attendees."
        findings.append(Finding(subject=email, ok=host.licensed, sentence=sentence))
        findings += check_recording(host)
    return Report(account=account.name, findings=tuple(findings))


def check_recording(host: Host) -> tuple[Finding, ...]:
    """Name a host that may hold webinars and may not record them to the cloud."""
    if not host.licensed or host.cloud_recording is not False:
        return ()
    sentence = (
        f"{host.email} has no right to record to the cloud: its webinars are not recorded. A Zoom administrator gives "
        f"it: User Management > Users > {host.email} > Settings > Recording > Cloud recording."
    )
    return (Finding(subject=f"{host.email}: recording", ok=False, sentence=sentence),)
