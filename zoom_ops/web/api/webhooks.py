"""Endpoints of outgoing webhooks: list, test, deliveries."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.webhooks import admin
from .callers import Caller, needs
from .description import answers
from .models.webhooks import Delivery, DeliveryPage, MessagesRetried, WebhookPage, WebhookTest
from .parameters import MessageName, OwnName, ThePage, answer_page, answer_rows

router = APIRouter(tags=["webhooks"])
Reading = Annotated[Caller, needs(Scope.WEBHOOKS_READ)]
Writing = Annotated[Caller, needs(Scope.WEBHOOKS_WRITE)]


@router.get("/webhooks", responses=answers(200, gives=WebhookPage))
def list_webhooks(caller: Reading, window: ThePage) -> Response:
    """List the webhooks, and whether they accept their messages."""
    return answer_rows(window, "webhooks", admin.show_webhooks(caller.context))


@router.post("/webhooks/{name}/test", responses=answers(200, 404, gives=WebhookTest))
def test_webhook(name: Annotated[OwnName, Path(description="The webhook's name.")], caller: Writing) -> Response:
    """Send a test message to a webhook now, and return its answer; the request lasts until the webhook answers."""
    answer = admin.try_webhook(caller.context, name, caller.by)
    return JSONResponse({"webhook": name, "taken": answer.taken, "status": answer.status, "answer": answer.whole})


@router.get("/deliveries", responses=answers(200, gives=DeliveryPage))
def list_deliveries(
    caller: Reading,
    window: ThePage,
    failed: Annotated[bool, Query(description="Only messages that were given up.")] = False,
    webhook: Annotated[OwnName | None, Query(description="Only those to this webhook.")] = None,
) -> Response:
    """List the messages that were sent to webhooks, the newest first, with their outcome."""
    size = window.per_page
    rows = admin.show_deliveries(caller.context, failed=failed, webhook=webhook, limit=size + 1, offset=window.offset)
    return answer_page(window, "deliveries", rows[:size], following=len(rows) > size)


@router.post("/deliveries/retry", status_code=202, responses=answers(202, gives=MessagesRetried))
def retry_deliveries(caller: Writing) -> Response:
    """Send all messages that were given up again, and return how many."""
    count = admin.retry_failed(caller.context, caller.by)
    caller.operations.wake()
    return JSONResponse({"messages": count}, 202)


@router.post("/deliveries/{message}/retry", status_code=202, responses=answers(202, 404, 422, gives=Delivery))
def retry_delivery(message: Annotated[MessageName, Path(description="The message's id.")], caller: Writing) -> Response:
    """Send a message again, whatever its outcome was."""
    again = admin.retry_delivery(caller.context, message, caller.by)
    caller.operations.wake()
    return JSONResponse(again, 202)
