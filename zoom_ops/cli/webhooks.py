"""`zoom-ops webhooks`: webhooks of other systems."""

from typing import Annotated

import typer

from .opening import As, actor, opened
from .output import AsJson, at, print_json, print_list, short_time, warn

app = typer.Typer(
    help="Webhooks: other systems that are told what happens; test, deliveries, retry.", invoke_without_command=True
)


@app.callback()
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List the webhooks, and whether they accept the messages."""
    from ..operations.webhooks.admin import show_webhooks

    if context.invoked_subcommand:
        return None
    with opened() as service:
        rows = show_webhooks(service.context)
    return print_list(
        rows,
        {
            "webhook": "name",
            "state": "state",
            "waiting": "waiting",
            "given up": "failed",
            "taken": "taken",
            "tried (UTC)": lambda row: short_time(row["latest"] and row["latest"]["tried_at"]),
            "last answer": lambda row: row["latest"] and row["latest"]["answer"],
            "reads as": "audience",
            "address": "url",
        },
        as_json=as_json,
        empty="There are no webhooks. They are settings: ZOOM_OPS_WEBHOOKS__…",
    )


@app.command("test")
def try_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The webhook, as `webhooks` lists it.")],
    by: As = None,
    as_json: AsJson = False,
) -> None:
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
def deliveries(
    failed: Annotated[bool, typer.Option("--failed", help="Only those that were given up.")] = False,
    webhook: Annotated[str | None, typer.Option("--webhook", help="Only those to this webhook.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the messages to webhooks, the newest first, with their state."""
    from ..operations.webhooks.admin import show_deliveries

    with opened() as service:
        rows = show_deliveries(service.context, failed=failed, webhook=webhook, limit=limit)
    return print_list(
        rows,
        {
            "message": "id",
            "since (UTC)": at("at"),
            "webhook": "webhook",
            "type": "type",
            "event": "event",
            "state": "state",
            "tried": "attempts",
            "again": at("next_at"),
            "last answer": "answer",
        },
        as_json=as_json,
        empty="There are no messages.",
    )


@app.command()
def retry(
    message: Annotated[str | None, typer.Argument(metavar="[MESSAGE]", help="The message's id.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that were given up.")] = False,
    by: As = None,
    as_json: AsJson = False,
) -> None:
    """Send a message again, whatever its state. The daemon does so at once."""
    from ..errors import BadInputError
    from ..operations.webhooks.admin import retry_delivery, retry_failed

    if (message is None) != failed:
        raise BadInputError("Name one message, or say --failed.")
    with opened() as service:
        count = 1 if message else retry_failed(service.context, actor(by))
        if message:
            retry_delivery(service.context, message, actor(by))
    if as_json:
        return print_json({"messages": count})
    return typer.echo(f"{count} messages are sent again." if count != 1 else "1 message is sent again.")
