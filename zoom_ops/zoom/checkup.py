"""What `doctor` finds at Zoom."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at, and a sentence on how it is."""

    subject: str  # "credentials", "scopes", or the host's address
    ok: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that was looked at in one account."""

    account: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing needs to be mended."""
        return all(finding.ok for finding in self.findings)
