"""`zoom-ops notifications`: what Zoom told us."""

import json
from typing import Annotated, Any

import typer

from .asking import Yes, agreed, conclude
from .grammar.groups import Noun
from .grammar.mistakes import LARGEST
from .opening import As, actor, opened, opened_storage
from .output import AsJson, Cell, Limit, at, print_json, print_list

app = Noun(name="notifications", help="List what Zoom told us; show it, and ring its jobs once more.")

OfAccount = Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Only those of this account.")]
OfEvent = Annotated[str | None, typer.Option("--event", metavar="EVENT", help="Only those of this event.")]
Since = Annotated[str | None, typer.Option(metavar="WHEN", help="Only those received since then: 2h, 7d, 2027-01-31.")]
Failed = Annotated[
    bool, typer.Option("--failed", help="Only those that came to nothing: of no event here, or its run is in trouble.")
]
Number = Annotated[int, typer.Argument(metavar="NOTIFICATION", help="The number of the notification.", max=LARGEST)]
Numbers = Annotated[
    list[int], typer.Argument(metavar="NOTIFICATION", help="The numbers of the notifications.", max=LARGEST)
]


@app.command("list")
def list_(
    account: OfAccount = None,
    event: OfEvent = None,
    since: Since = None,
    failed: Failed = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the notifications that Zoom sent, the newest first."""
    from ..operations.views.notifications.lists import NotificationQuery, list_notifications, notification_json

    query = NotificationQuery(account=account or "", event=event or "", since=since or "", failed=failed)
    with opened_storage() as storage:
        rows = list_notifications(storage.database, query, storage.settings.accounts, limit=limit)
    columns: dict[str, Cell] = {
        "notification": "id",
        "received (UTC)": at("received"),
        "kind": "kind",
        "account": "account",
        "webinar": "webinar",
        "event": "event",
        "state": "state",
    }
    empty = "There are no such notifications." if query.words else "Zoom has sent no notification yet."
    return print_list([notification_json(row) for row in rows], columns, as_json=as_json, empty=empty)


@app.command()
def show(notification: Number, as_json: AsJson = False) -> None:
    """Show a notification, and the jobs that it rings. Whatever may be secret in it is hidden."""
    from ..operations.views.notifications.replays import describe_notification

    with opened() as service:
        document = describe_notification(service.context, notification)
    if as_json:
        return print_json(document)
    for name in ("id", "kind", "state", "account", "event", "webinar", "uuid", "occurred", "received"):
        if document[name] is not None:
            typer.echo(f"{name:<10} {document[name]}")
    typer.echo(f"{'rings':<10} {', '.join(document['rings']) or 'no job'}")
    return typer.echo(json.dumps(document["body"], indent=2))


@app.command("replay")
def ring_again(notifications: Numbers, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Ring the jobs of notifications once more. Show first what that does."""
    from ..operations.notifications.admin import replay
    from ..operations.views.notifications.replays import plan_replay

    numbers = tuple(dict.fromkeys(notifications))
    with opened() as service:
        planned = plan_replay(service.context, numbers, service.jobs)
        ordered = agreed(planned.sentences, "Ring them?", yes=yes, as_json=as_json)
        for number in numbers if ordered else ():
            replay(service.context, number, actor(as_name))
    document: dict[str, Any] = {
        "notifications": list(numbers),
        "ordered": ordered,
        "rings": [{"event": event, "jobs": list(jobs)} for event, jobs in planned.rings],
        "effects": list(planned.impact.sentences),
    }
    conclude(document, "The daemon does that.", agreed=ordered, as_json=as_json)
