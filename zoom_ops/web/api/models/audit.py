"""The audit log."""

from datetime import datetime
from typing import Any

from .base import Answer, Page


class AuditLine(Answer):
    """Who changed what, and when."""

    id: int
    at: datetime
    who: str
    how: str
    address: str | None
    what: str
    subject_kind: str
    subject: str
    detail: dict[str, Any]


class AuditPage(Page):
    """A page of the audit log."""

    audit: tuple[AuditLine, ...]
