"""How long recordings took to their page: from the receipt of Zoom's notification to the commit of the publication."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....store.db.connect import Database
from ....store.effects import load_ended
from ....store.notifications import load_receipts
from ..events import names_of
from .spans import Span, begin_of

_LATEST = 60  # recordings
_COMPLETED = "recording.completed"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A recording that came to its page. `latency` is None where the sweep found it, before any notification."""

    event: str
    name: str
    at: datetime
    latency: timedelta | None


def latency_of(received: Iterable[datetime], published: datetime) -> timedelta | None:
    """Return the time from the receipt of the notification to the commit of the publication.

    Of several notifications the last one before the publication counts: only that one said that all was there. None
    if none came before it: the sweep found the recording.
    """
    before = [moment for moment in received if moment <= published]
    return published - max(before) if before else None


def share_within(latencies: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the latency that this share of all did not exceed (nearest rank); None if there are none."""
    ranked = sorted(latencies)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)] if ranked else None


def load_published(database: Database, span: Span, now: datetime) -> tuple[Published, ...]:
    """Load the recordings published in a span that ends now, at most the latest 60, the newest last.

    Only the first publication of a recording counts. A changed link or visibility is none.
    """
    with database.read() as connection:
        made = load_ended(connection, "PublishRecording", begin_of(span, now), limit=_LATEST)
        first = [row for row in made if row.action.get("old_visibility") is None]
        receipts = load_receipts(connection, sorted({row.subject for row in first}), _COMPLETED)
    received: dict[str, list[datetime]] = {}
    for row in receipts:
        received.setdefault(row.uuid, []).append(row.received_at)
    names = names_of(database, {row.subject for row in first})
    return tuple(
        Published(
            event=row.subject,
            name=names.get(row.subject, row.subject),
            at=row.resolved,
            latency=latency_of(received.get(row.action["recording_uuid"], ()), row.resolved),
        )
        for row in reversed(first)
    )
