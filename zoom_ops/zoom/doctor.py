"""The checks of `doctor` at Zoom. A check changes nothing there.

A check of an account is a function in `ACCOUNT_CHECKS`, a check of a host one in `HOST_CHECKS`. Each yields findings.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..errors import ZoomOpsError
from ..webinars import Host
from .accounts import ZoomAccount
from .endpoints import ENDPOINTS, GET_USER, GET_USER_SETTINGS
from .errors import ForbiddenError, ZoomRefusedError

CREDENTIALS, SCOPES, ADDRESS, OWNER = "credentials", "scopes", "IP address", "owner of the app"
_NO_PERMISSION = 200
_DOCUMENTED = (_NO_PERMISSION, 300, 1001, 1010, 1120, 2300)  # the codes for a user and their settings


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of one check, with a sentence. What was not `seen` is neither good nor bad."""

    subject: str  # "credentials", "scopes", a host's address, or "recordings of" it
    ok: bool
    sentence: str
    seen: bool = True


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of all checks of one account."""

    account: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return all(finding.ok for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What Zoom told of an account: the scopes of its token, and each host, or the error in its place."""

    account: ZoomAccount
    scopes: frozenset[str]
    hosts: tuple[tuple[str, Host | ZoomOpsError], ...]


def check_account(
    account: ZoomAccount,
    fetch_scopes: Callable[[], frozenset[str]],
    fetch_host: Callable[[str], Host],
    describe_recordings: Callable[[str], str],
) -> Report:
    """Check the credentials, the scopes and every host of an account. A failed check does not end the others."""
    try:
        scopes = fetch_scopes()
    except ZoomOpsError as error:
        refused = Finding(subject=CREDENTIALS, ok=False, sentence=str(error))
        return Report(account=account.name, findings=(refused, *_not_reached(account)))
    hosts = tuple(read_hosts(account.hosts, fetch_host))
    seen = Seen(account=account, scopes=scopes, hosts=hosts)
    findings = [finding for check in ACCOUNT_CHECKS for finding in check(seen)]
    for email, host in hosts:
        if isinstance(host, Host):
            findings += [finding for check in HOST_CHECKS for finding in check(host)]
            findings += (
                [_check_recordings(email, describe_recordings)] if host.active and host.licensed is not False else []
            )
        else:
            findings.append(_unknown_host(email, host, scopes))
    return Report(account=account.name, findings=tuple(findings))


def read_hosts(emails: Iterable[str], fetch_host: Callable[[str], Host]) -> Iterator[tuple[str, Host | ZoomOpsError]]:
    """Yield each host as Zoom describes it now, or the error in its place, which does not end the others."""
    for email in emails:
        try:
            yield email, fetch_host(email)
        except ZoomOpsError as error:
            yield email, error


def not_checked(subject: str, sentence: str) -> Finding:
    """Build the finding of what doctor cannot see. The sentence says what, why, and where to look instead."""
    return Finding(subject=subject, ok=True, sentence=f"not checked: {sentence}", seen=False)


def _check_scopes(seen: Seen) -> Iterator[Finding]:
    yield Finding(subject=CREDENTIALS, ok=True, sentence="Zoom accepts the credentials.")
    if not seen.scopes:
        sentence = "which scopes the app has, for Zoom does not say it. Compare the app's page Scopes with the README."
        yield not_checked(SCOPES, sentence)
        return
    missing = sorted({f"{one.granular}:admin" for one in ENDPOINTS if not one.is_granted(seen.scopes)})
    sentence = "The Zoom app has every scope that is needed."
    if missing:
        sentence = f"The Zoom app lacks the scopes {', '.join(missing)}. Add them on its page Scopes."
    yield Finding(subject=SCOPES, ok=not missing, sentence=sentence)
    yield from _doubtful_scopes(seen.scopes)


def _doubtful_scopes(scopes: frozenset[str]) -> Iterator[Finding]:
    for broad in sorted({one.find_substitute(scopes) or "" for one in ENDPOINTS} - {""}):
        names = sorted(f"{one.granular}:admin" for one in ENDPOINTS if one.find_substitute(scopes) == broad)
        sentence = f"whether the app has {', '.join(names)}: Zoom names only {broad}, which may stand for them."
        yield not_checked(SCOPES, f"{sentence} Its page Scopes shows it.")
    owners = sorted(f"{one.granular}:admin" for one in ENDPOINTS if one.is_owners_only(scopes))
    if owners:
        sentence = f"whether the app may act for every host: Zoom names {', '.join(owners)} without admin."
        yield not_checked(SCOPES, f"{sentence} If a host is refused, add them with admin.")


def _check_address(seen: Seen) -> Iterator[Finding]:
    """Say what a list of allowed IP addresses may block. Zoom documents no code for it: all is refused, unlike else."""
    errors = [host for _, host in seen.hosts if isinstance(host, ZoomOpsError)]
    if errors and len(errors) == len(seen.hosts) and all(map(_may_be_blocked, errors)):
        sentence = (
            "Zoom gives a token and refuses every call: the account may accept approved IP addresses only. Add the "
            "address of this server to the app (Basic Information, IP Addresses), and have an administrator approve it."
        )
        yield Finding(subject=ADDRESS, ok=False, sentence=sentence)
    elif len(errors) == len(seen.hosts):
        yield not_checked(ADDRESS, "whether Zoom accepts calls from this server's IP address: no host could be read.")


def _check_owner(_seen: Seen) -> Iterator[Finding]:
    sentence = (
        "who owns the app, and what their role allows. The app has the rights of its owner, and ends when the owner "
        "leaves. Look in Zoom's portal under User Management, Roles."
    )
    yield not_checked(OWNER, sentence)


def _check_licence(host: Host) -> Iterator[Finding]:
    if host.active and host.licensed is None:
        named = ", ".join(host.licences) or "no licence"
        sentence = f"whether {host.email} can hold webinars: Zoom names {named}. The first webinar tries it."
        yield not_checked(host.email, sentence)
    else:
        yield Finding(subject=host.email, ok=host.active and bool(host.licensed), sentence=_sentence(host))


def _sentence(host: Host) -> str:
    if not host.active:
        return f"{host.email} is deactivated at Zoom."
    if not host.licensed:
        return f"{host.email} has no webinar licence."
    if not host.capacity:
        return f"{host.email} can hold webinars; Zoom does not say for how many attendees."
    return f"{host.email} can hold webinars with up to {host.capacity} attendees."


def _check_right(host: Host) -> Iterator[Finding]:
    """Name a host that may hold webinars and may not record them to the cloud."""
    if host.active and host.licensed is not False and host.cloud_recording is False:
        sentence = (
            f"{host.email} has no right to record to the cloud: its webinars are not recorded. A Zoom administrator "
            f"gives it: User Management > Users > {host.email} > Settings > Recording > Cloud recording."
        )
        yield Finding(subject=f"{host.email}: recording", ok=False, sentence=sentence)


ACCOUNT_CHECKS: tuple[Callable[[Seen], Iterator[Finding]], ...] = (
    _check_scopes,
    _check_address,
    _check_owner,
)
HOST_CHECKS: tuple[Callable[[Host], Iterator[Finding]], ...] = (_check_licence, _check_right)


def _not_reached(account: ZoomAccount) -> Iterator[Finding]:
    reason = "for without credentials Zoom tells nothing. Correct them first."
    yield not_checked(SCOPES, f"which scopes the app has, {reason}")
    for email in account.hosts:
        yield not_checked(email, f"whether {email} can hold webinars, {reason}")


def _unknown_host(email: str, error: ZoomOpsError, scopes: frozenset[str]) -> Finding:
    needed = [one for one in (GET_USER, GET_USER_SETTINGS) if scopes and not one.is_granted(scopes)]
    if needed:  # the check of the scopes says it already
        names = ", ".join(f"{one.granular}:admin" for one in needed)
        return not_checked(email, f"whether {email} can hold webinars: the app lacks {names}.")
    hint = ""
    if isinstance(error, ZoomRefusedError) and error.code == _NO_PERMISSION:
        hint = " The role of the app's owner may not see this user: User Management, Roles, in Zoom's portal."
    return Finding(subject=email, ok=False, sentence=f"{error}{hint}")


def _may_be_blocked(error: ZoomOpsError) -> bool:
    if isinstance(error, ZoomRefusedError):
        return error.code not in _DOCUMENTED
    return isinstance(error, ForbiddenError)


def _check_recordings(email: str, describe: Callable[[str], str]) -> Finding:
    """Say whether visitors will meet open recordings. Restricted ones are no fault: an account may want them so."""
    try:
        return Finding(subject=f"recordings of {email}", ok=True, sentence=describe(email))
    except ZoomOpsError as error:
        return not_checked(f"recordings of {email}", f"whether the recordings of {email} will be open: {error}")
