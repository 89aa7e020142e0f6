"""How long recordings took to their page: from the first notification that they were complete to their first link.

The publication's row holds it. The metric `zoom_ops_notification_to_page_seconds` counts the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....store.db.connect import Database
from ....store.published import load_first
from ..events import names_of
from .spans import Span, begin_of

_LATEST = 60  # recordings


@dataclass(frozen=True, kw_only=True)
class Published:
    """A recording that came to its page. `latency` is None where the sweep found it, before any notification."""

    event: str
    name: str
    at: datetime
    latency: timedelta | None


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
        rows = load_first(connection, begin_of(span, now), limit=_LATEST)
    names = names_of(database, {row.event_id for row in rows})
    return tuple(
        Published(
            event=row.event_id,
            name=names.get(row.event_id, row.event_id),
            at=row.first_at,
            latency=None if row.first_after_ms is None else timedelta(milliseconds=row.first_after_ms),
        )
        for row in reversed(rows)
    )
