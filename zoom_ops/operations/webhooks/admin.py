"""Webhooks as operators see them: states, messages, tests, retries."""

from typing import Any

from ...clock import iso_text
from ...errors import BadInputError, NotFoundError
from ...happenings import TEST
from ...linear import split_url
from ...outgoing import Answer, Message, new_message_id
from ...store.alerts import clear_alert
from ...store.audit import Actor, record_audit
from ...store.webhook_deliveries import (
    Delivery,
    count_deliveries,
    end_stop,
    find_delivery,
    latest_attempt,
    list_deliveries,
    load_stops,
    send_again,
)
from ..context import Context
from .deliver import failed_alert, gone_alert

Document = dict[str, Any]
_ALL = 10_000


def show_webhooks(context: Context) -> list[Document]:
    """List the webhooks as JSON values: address, kinds of messages, audience, state, counts, latest attempt."""
    with context.database.read() as connection:
        stops, counts = load_stops(connection), count_deliveries(connection)
        latest = {name: latest_attempt(connection, name) for name in context.webhooks}
    shown = []
    for name, webhook in sorted(context.webhooks.items()):
        address = split_url(webhook.url)  # shown without its user and query: they may hold a password
        port = f":{address.port}" if address.port else ""
        delivery = latest[name]
        state = "new" if delivery is None else "working" if delivery.state == "taken" else "failing"
        shown.append(
            {
                "name": name,
                "url": f"{address.scheme}://{address.hostname}{port}{address.path}",
                "kinds": list(webhook.kinds),
                "audience": webhook.reader.role,
                "groups": list(webhook.reader.groups),
                "state": "stopped" if (name, webhook.url) in stops else state,
                **{kind: counts.get(name, {}).get(kind, 0) for kind in ("waiting", "failed", "taken")},
                "latest": delivery_json(delivery) if delivery else None,
            }
        )
    return shown


def try_webhook(context: Context, name: str, by: Actor) -> Answer:
    """Send a webhook a test message. If it is taken, end the webhook's stop and alerts. Raise NotFoundError."""
    if name not in context.webhooks:
        raise NotFoundError("webhook", name, context.webhooks)
    with context.database.read() as connection:
        now = context.database.now(connection)
    message = Message(id=new_message_id(), kind=TEST, at=now, content={"webhook": name})
    answer = context.sender.send(context.webhooks[name], message)
    with context.database.begin() as connection:
        record_audit(connection, by, "webhook_tested", ("webhook", name), now, status=answer.status)
        if answer.taken:
            end_stop(connection, name)
            clear_alert(connection, gone_alert(name).key, now)
            clear_alert(connection, failed_alert(name).key, now)
    return answer


def show_deliveries(
    context: Context, *, failed: bool = False, webhook: str | None = None, limit: int = 50, offset: int = 0
) -> list[Document]:
    """List messages as JSON values, the newest first; with `failed`, only those that were given up."""
    states = ("failed",) if failed else ()
    with context.database.read() as connection:
        deliveries = list_deliveries(connection, states=states, webhook=webhook, limit=limit, offset=offset)
    return [delivery_json(delivery) for delivery in deliveries]


def retry_delivery(context: Context, message_id: str, by: Actor) -> Document:
    """Queue a message again, whatever became of it; its id stays the same.

    Raise NotFoundError for an unknown message, BadInputError if its webhook is no longer in the settings.
    """
    with context.database.begin() as connection:
        delivery = find_delivery(connection, message_id)
        if delivery is None:
            raise NotFoundError("message", message_id)
        if delivery.webhook not in context.webhooks:
            raise BadInputError(f"There is no webhook {delivery.webhook!r} in the settings any more.")
        now = context.database.now(connection)
        send_again(connection, [message_id], now)
        record_audit(connection, by, "message_retried", ("webhook", delivery.webhook), now, messages=[message_id])
        return delivery_json(find_delivery(connection, message_id) or delivery)


def retry_failed(context: Context, by: Actor) -> int:
    """Queue the messages that were given up again, for webhooks that are in the settings; return how many."""
    with context.database.begin() as connection:
        failed = list_deliveries(connection, states=("failed",), limit=_ALL)
        ids = [delivery.id for delivery in failed if delivery.webhook in context.webhooks]
        now = context.database.now(connection)
        for name in sorted({delivery.webhook for delivery in failed if delivery.id in ids}):
            record_audit(connection, by, "message_retried", ("webhook", name), now, messages="all that were given up")
        return send_again(connection, ids, now)


def delivery_json(delivery: Delivery) -> Document:
    """Build the JSON of a message and its delivery."""
    return {
        "id": delivery.id,
        "webhook": delivery.webhook,
        "type": delivery.kind,
        "event": delivery.event_id,
        "at": iso_text(delivery.at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": iso_text(delivery.next_at),
        "tried_at": iso_text(delivery.tried_at),
        "status": delivery.status,
        "answer": delivery.answer,
    }
