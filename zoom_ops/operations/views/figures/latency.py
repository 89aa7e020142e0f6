"""How long recordings took to their page: from the first notification that they were complete to their first link.

The metric `zoom_ops_notification_to_page_seconds` measures the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from ....store.db.connect import Database
from ....store.effects import load_ended
from ....store.notifications import load_completions
from ..events import names_of
from .spans import Span, begin_of

_LATEST = 60  # recordings
_WITHDRAWALS = 1_000  # of their events


@dataclass(frozen=True, kw_only=True)
class Published:
    """A recording that came to its page. `latency` is None where the sweep found it, before any notification."""

    event: str
    name: str
    at: datetime
    latency: timedelta | None


def latency_of(received: datetime | None, published: datetime) -> timedelta | None:
    """Return the time from the receipt of the first notification to the commit of the publication.

    None if none came before it: the sweep found the recording.
    """
    return published - received if received and received <= published else None


def share_within(latencies: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the latency that this share of all did not exceed (nearest rank); None if there are none."""
    ranked = sorted(latencies)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)] if ranked else None


def load_published(database: Database, span: Span, now: datetime) -> tuple[Published, ...]:
    """Load the recordings published in a span that ends now, at most the latest 60, the newest last.

    Only the first publication of a recording counts: no changed link or visibility, and none that came back after a
    withdrawal.
    """
    with database.read() as connection:
        made = load_ended(connection, "PublishRecording", since=begin_of(span, now), limit=_LATEST)
        subjects = {row.subject for row in made}
        withdrawals = load_ended(connection, "WithdrawRecording", subjects=subjects, limit=_WITHDRAWALS)
        withdrawn = {_key(row): row.resolved for row in withdrawals}  # for the first time, for the last one wins
        first = [row for row in made if _is_first(row, withdrawn.get(_key(row)))]
        received = load_completions(connection, subjects)
    names = names_of(database, {row.subject for row in first})
    return tuple(
        Published(
            event=row.subject,
            name=names.get(row.subject, row.subject),
            at=row.resolved,
            latency=latency_of(received.get(_key(row)), row.resolved),
        )
        for row in reversed(first)
    )


def _is_first(row: Row[Any], withdrawn: datetime | None) -> bool:
    return row.action.get("old_visibility") is None and not (withdrawn and withdrawn <= row.resolved)


def _key(row: Row[Any]) -> tuple[str, str]:
    return row.subject, row.action["recording_uuid"]
