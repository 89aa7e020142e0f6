"""`zoom-ops webhooks`: webhooks of other systems."""

from typing import Annotated

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened
from .output import AsJson, Cell, Limit, at, print_json, print_list, print_result, short_time, warn

app = Noun(name="webhooks", help="List the systems that are told what happens; test them, and send messages again.")

MessageId = Annotated[str | None, typer.Argument(metavar="MESSAGE", help="The message's id.")]
AllFailed = Annotated[bool, typer.Option("--failed", help="All that were given up.")]
Failed = Annotated[bool, typer.Option("--failed", help="Only those that were given up.")]
To = Annotated[str | None, typer.Option("--webhook", metavar="WEBHOOK", help="Only those to this webhook.")]
Name = Annotated[str, typer.Argument(metavar="WEBHOOK", help="The webhook, as `webhooks` lists it.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the webhooks, and whether they accept the messages."""
    from ..operations.webhooks.admin import show_webhooks

    with opened() as service:
        rows = show_webhooks(service.context)
    columns: dict[str, Cell] = {
        "webhook": "name",
        "state": "state",
        "waiting": "waiting",
        "given up": "failed",
        "taken": "taken",
        "tried (UTC)": lambda row: short_time(row["latest"] and row["latest"]["tried_at"]),
        "last answer": lambda row: row["latest"] and row["latest"]["answer"],
        "reads as": "audience",
        "address": "url",
    }
    empty = "There are no webhooks. They are settings: ZOOM_OPS_WEBHOOKS__…"
    return print_list(rows, columns, as_json=as_json, empty=empty)


@app.command("test")
def try_(name: Name, by: As = None, as_json: AsJson = False) -> None:
    """Send a webhook a test message now, and print its answer."""
    from ..operations.webhooks.admin import try_webhook

    with opened() as service:
        answer = try_webhook(service.context, name, actor(by))
    if as_json:
        print_json({"webhook": name, "taken": answer.taken, "status": answer.status, "answer": answer.whole})
    elif answer.taken:
        typer.echo(f"{name} took the message. {answer.whole}")
    else:
        warn(f"{name} did not take the message. {answer.whole}")
    if not answer.taken:
        raise typer.Exit(1)


@app.command()
def deliveries(failed: Failed = False, webhook: To = None, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the messages to webhooks, the newest first, with their state."""
    from ..operations.webhooks.admin import show_deliveries

    with opened() as service:
        rows = show_deliveries(service.context, failed=failed, webhook=webhook, limit=limit)
    columns: dict[str, Cell] = {
        "message": "id",
        "since (UTC)": at("at"),
        "webhook": "webhook",
        "type": "type",
        "event": "event",
        "state": "state",
        "tried": "attempts",
        "again": at("next_at"),
        "last answer": "answer",
    }
    return print_list(rows, columns, as_json=as_json, empty="There are no messages.")


@app.command()
def retry(message: MessageId = None, failed: AllFailed = False, by: As = None, as_json: AsJson = False) -> None:
    """Send a message again, whatever its state. The daemon does so at once."""
    from ..errors import BadInputError
    from ..operations.webhooks.admin import retry_delivery, retry_failed

    if (message is None) != failed:
        raise BadInputError("Name one message, or say --failed.")
    with opened() as service:
        count = 1 if message else retry_failed(service.context, actor(by))
        if message:
            retry_delivery(service.context, message, actor(by))
    sentence = f"{count} messages are sent again." if count != 1 else "1 message is sent again."
    return print_result({"messages": count}, sentence, as_json=as_json)
