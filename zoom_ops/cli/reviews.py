"""`zoom-ops events review`: what waits for approval."""

from typing import Any

from .events import app
from .opening import opened
from .output import AsJson, Cell, at, print_list, warn


@app.command()
def review(as_json: AsJson = False) -> None:
    """List the events that wait for approval: doubtful fields of their import, and recordings."""
    from ..operations.events.decisions import list_to_review, review_json

    with opened() as service:
        queue = list_to_review(service.context)
    rows = [review_json(entry) for entry in queue.entries]
    columns: dict[str, Cell] = {"start": at("start"), "event": "event", "what to look at": _doubts}
    print_list(rows, columns, as_json=as_json, empty="Nothing waits for approval.")
    if queue.cut and not as_json:
        warn("There are more. Approve some of these first: zoom-ops events approve EVENT")


def _doubts(row: dict[str, Any]) -> str:
    """Say what waits: each doubtful field, and the recordings with the field that approves them."""
    count = row["recordings"]
    return "; ".join(
        (
            *(f"{note['field']}: {note['reason']}" for note in row["needs_review"]),
            *([f"{count} recording{'' if count == 1 else 's'} (--field {row['approval']})"] if count else []),
            *(finding["finding"] for finding in row["findings"]),
        )
    )
