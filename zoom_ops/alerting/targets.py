"""Where operators are told: the entries of ALERT_TO, each an Apprise URL with who wants what before it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from urllib.parse import unquote

from ..store.alerts import SEVERITIES, Severity

_WISH = re.compile(r"(?P<severity>[a-z]+)?(?:@(?P<account>[A-Za-z0-9_-]+))?=(?P<url>\S.*)", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,19}(?=://)", re.IGNORECASE)
FAILING, WRONG = "alert_target_failing", "alert_target_wrong"  # kinds of alerts about targets
_SECOND = re.compile(r"[,;\s]\s*(?:[a-z@][A-Za-z0-9@_-]*=)?[a-z][a-z0-9+.-]{0,19}://", re.IGNORECASE)
_SHORTEST = 3  # of the parts of an address that are hidden


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a target is told: problems of at least this severity, of one account only or of all.

    Problems without an account concern everybody.
    """

    severity: Severity = "info"
    account: str | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where operators are told. It is known by a digest of its address."""

    id: str
    label: str  # such as `slack #2`: scheme and number of the entry
    url: str = field(repr=False)
    wishes: tuple[Wish, ...]

    def wants(self, kind: str, account: str | None, cause: str, severity: Severity) -> bool:
        """Return whether it is told of a problem. It is not told of its own failure."""
        if kind in (FAILING, WRONG) and cause == self.id:
            return False
        return any(
            SEVERITIES.index(severity) >= SEVERITIES.index(wish.severity)
            and (wish.account is None or account in (None, "", wish.account))
            for wish in self.wishes
        )


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """An entry that cannot be used, and why; neither says anything of its address but the scheme."""

    id: str
    label: str
    why: str

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        return (
            f"ALERT_TO: {self.label} cannot be used: {self.why} Correct it, start the service again, and try it: "
            "zoom-ops alerts test"
        )


def read_targets(entries: Sequence[str], accounts: Collection[str]) -> tuple[tuple[Target, ...], tuple[Wrong, ...]]:
    """Read the entries of ALERT_TO: the targets and the wrong entries. Entries with one address are one target."""
    targets: dict[str, Target] = {}
    wrong: list[Wrong] = []
    for number, entry in enumerate(entries, start=1):
        severity, account, url = _divide(entry)
        scheme = _SCHEME.match(url)
        label = f"{scheme[0].lower() if scheme else 'entry'} #{number}"
        target_id = sha256(url.encode()).hexdigest()[:16]
        if why := _find_fault(severity, account, url, accounts):
            wrong.append(Wrong(id=target_id, label=label, why=why))
            continue
        wish = Wish(severity=next((name for name in SEVERITIES if name == severity), "info"), account=account or None)
        known = targets.get(target_id)
        wishes = (*(known.wishes if known else ()), wish)
        targets[target_id] = Target(id=target_id, label=known.label if known else label, url=url, wishes=wishes)
    return tuple(targets.values()), tuple(wrong)


def hide_address(text: str, url: str) -> str:
    """Replace the parts of an address in a text by dots."""
    _scheme, separator, rest = url.partition("://")
    rest = rest if separator else url
    parts = {part for form in (rest, unquote(rest)) for part in (form, *re.split(r"[:/@?&=,#\s]+", form))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST:
            text = re.sub(re.escape(part), "…", text, flags=re.IGNORECASE)
    return text


def _divide(entry: str) -> tuple[str, str, str]:
    """Divide an entry into severity, account and address."""
    match = _WISH.fullmatch(entry.strip())
    if match is None:
        return "", "", entry.strip()
    return match["severity"] or "", match["account"] or "", match["url"].strip()


def _find_fault(severity: str, account: str, url: str, accounts: Collection[str]) -> str:
    if severity and severity not in SEVERITIES:
        return f"before its = stands no severity: expected one of {', '.join(SEVERITIES)}, such as critical=URL."
    if account and account not in accounts:
        near = get_close_matches(account, accounts, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"after its @ stands an account that is not in the settings.{hint}"
    if _SECOND.search(url):
        return "it has several addresses: write each on a line of its own."
    return ""
