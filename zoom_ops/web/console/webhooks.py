"""Webhooks in the console: the systems that are told what happens, and the messages to them."""

from fastapi import Request, Response

from ...errors import BadInputError
from ...operations.views.events import names_of
from ...operations.webhooks.admin import retry_delivery, retry_failed, show_deliveries, show_webhooks, try_webhook
from ..dependencies import TheOperations
from .frame import TheActor, go_on, make_router, show
from .paging import PAGE_SIZE, read_number

router = make_router()


@router.get("/webhooks")
def list_webhooks(
    request: Request, operations: TheOperations, webhook: str = "", failed: str = "", page: str = "1"
) -> Response:
    """Show the webhooks with their states, and the messages to them, the newest first."""
    context = operations.context
    number, webhook = max(1, read_number(page, "page")), webhook if webhook in context.webhooks else ""
    deliveries = show_deliveries(
        context, failed=bool(failed), webhook=webhook or None, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE
    )
    values = {
        "webhooks": show_webhooks(context),
        "deliveries": deliveries[:PAGE_SIZE],
        "more": number + 1 if len(deliveries) > PAGE_SIZE else None,
        "webhook": webhook,
        "failed": bool(failed),
        "names": names_of(context.database, {row["event"] for row in deliveries if row["event"]}),
    }
    return show(request, "webhooks.html", values)


@router.post("/webhooks/{name}/test")
def send_test(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Send a webhook a test message now."""
    answer = try_webhook(operations.context, name, by)
    return go_on("/-/webhooks", f"{name} {'took' if answer.taken else 'did not take'} the message. {answer.whole}")


@router.post("/webhooks/retry")
def retry_all(operations: TheOperations, by: TheActor) -> Response:
    """Send all messages that were given up again."""
    count = retry_failed(operations.context, by)
    operations.wake()
    return go_on("/-/webhooks", f"{count} message{' is' if count == 1 else 's are'} sent again.")


@router.post("/deliveries/{message}/retry")
def retry(message: str, operations: TheOperations, by: TheActor) -> Response:
    """Send a message again, whatever became of it."""
    if not message.isprintable() or len(message) > 40:
        raise BadInputError("This cannot be the id of a message.")
    retry_delivery(operations.context, message, by)
    operations.wake()
    return go_on("/-/webhooks", "The message is sent again.")
