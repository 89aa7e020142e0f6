"""`zoom-ops events review`, `publish`, `unlist`, `delete`: decisions of operators about an event."""

from typing import Annotated, Any

import typer

from .asking import Yes, agreed, conclude
from .events import EventId, app
from .opening import As, actor, opened
from .output import AsJson, Cell, at, print_list, print_result, warn


@app.command()
def review(as_json: AsJson = False) -> None:
    """List the events that wait for a decision: doubts of their import, recordings, links that people changed."""
    from ..operations.views.reviews import list_reviews

    with opened() as service:
        rows, more = list_reviews(service.context)
    columns: dict[str, Cell] = {"start": at("start"), "event": "event", "what to look at": _doubts}
    print_list(rows, columns, as_json=as_json, empty="Nothing waits for a decision.")
    if more and not as_json:
        warn("There are more. Approve some of these first: zoom-ops events approve EVENT")


@app.command()
def publish(
    event: EventId,
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Only whoever has its address sees it.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Publish a draft, or put an unlisted event on the lists. Its webinar is made as usual."""
    from ..operations.events.publishing import publish_event

    with opened() as service:
        published = publish_event(service.context, event, actor(as_name), unlisted=unlisted)
    return print_result({"id": event, "visibility": published.visibility}, published.sentence, as_json=as_json)


@app.command()
def unlist(
    event: EventId,
    draft: Annotated[bool, typer.Option("--draft", help="A draft again, if nothing of it went outside.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Take an event off every list and feed: whoever has its address still sees it."""
    from ..operations.events.publishing import unlist_event

    with opened() as service:
        published = unlist_event(service.context, event, actor(as_name), draft=draft)
    return print_result({"id": event, "visibility": published.visibility}, published.sentence, as_json=as_json)


@app.command()
def delete(event: EventId, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Delete a draft, or an event of which nothing went outside, once that is agreed to. Others can be cancelled."""
    from ..operations.events.publishing import delete_event, describe_deletion, get_deletable

    with opened() as service:
        record = get_deletable(service.context, event, actor(as_name))
        agrees = agreed((describe_deletion(record),), f"Delete {event}?", yes=yes, as_json=as_json)
        if agrees:
            delete_event(service.context, event, actor(as_name))
    conclude({"id": event, "deleted": agrees}, f"{event} is deleted.", agreed=agrees, as_json=as_json)


def _doubts(row: dict[str, Any]) -> str:
    """Say what waits: each doubtful field, the recordings with the field that approves them, and changed links."""
    count = row["recordings"]
    return "; ".join(
        (
            *(f"{note['field']}: {note['reason']}" for note in row["needs_review"]),
            *([f"{count} recording{'' if count == 1 else 's'} (--field {row['approval']})"] if count else []),
            *(finding["finding"] for finding in row["findings"]),
            *(link["sentence"] for link in row["links"]),
        )
    )
