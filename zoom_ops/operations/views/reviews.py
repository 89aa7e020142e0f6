"""What waits for a decision of an operator, as JSON values: doubts, recordings, links that people changed in homes."""

from typing import Any

from ..context import Context
from ..events.decisions import ToReview, list_to_review
from ..reconcile.link_decisions import Drifted, drift_json, list_drifted


def list_reviews(context: Context) -> tuple[list[dict[str, Any]], bool]:
    """List the events that wait for a decision, and whether there are more than were read.

    `links`: those that people changed in a home, with ours beside theirs.
    """
    queue = list_to_review(context)
    drifted = {each.event: each for each in list_drifted(context)}
    rows = [_review_json(entry, drifted.pop(entry.event.id, None)) for entry in queue.entries]
    return [*rows, *map(_drift_alone, drifted.values())], queue.cut


def _review_json(entry: ToReview, drifted: Drifted | None) -> dict[str, Any]:
    document = entry.event.to_json()
    return {
        "event": entry.event.id,
        **{name: document[name] for name in ("name", "start", "needs_review")},
        "recordings": len(entry.recordings),
        "approval": entry.approval,
        "findings": [{"recording": uuid, "finding": str(found)} for uuid, found in entry.findings.items()],
        "links": drift_json(drifted) if drifted else [],
    }


def _drift_alone(drifted: Drifted) -> dict[str, Any]:
    nothing = {"needs_review": [], "recordings": 0, "approval": None, "findings": []}
    about = {"event": drifted.event, "name": drifted.name, "start": drifted.start.isoformat()}
    return about | nothing | {"links": drift_json(drifted)}
