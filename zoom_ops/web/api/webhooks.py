"""Endpoints of outgoing webhooks: list, test, deliveries."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.webhooks.admin import retry_delivery, retry_failed, show_deliveries, show_webhooks, try_webhook
from .callers import Caller, needs
from .description import answers, list_of, page_of
from .parameters import MessageName, OwnName, Window, answer_page

router = APIRouter(tags=["webhooks"])
Reading = Annotated[Caller, needs(Scope.WEBHOOKS_READ)]
Writing = Annotated[Caller, needs(Scope.WEBHOOKS_WRITE)]


@router.get("/webhooks", responses=answers(200, gives=list_of("webhooks")))
def list_all(caller: Reading) -> Response:
    """List the webhooks, and whether they accept their messages."""
    return JSONResponse({"webhooks": show_webhooks(caller.context)})


@router.post("/webhooks/{name}/test", responses=answers(200, 400, 404))
def send_test(name: Annotated[OwnName, Path(description="The webhook's name.")], caller: Writing) -> Response:
    """Send a test message to a webhook now, and return its answer; the request lasts until the webhook answers."""
    answer = try_webhook(caller.context, name, caller.by)
    return JSONResponse({"webhook": name, "taken": answer.taken, "status": answer.status, "answer": answer.whole})


@router.get("/deliveries", responses=answers(200, 400, gives=page_of("deliveries")))
def list_deliveries(
    request: Request,
    caller: Reading,
    window: Annotated[Window, Depends()],
    failed: Annotated[bool, Query(description="Only messages that were given up.")] = False,
    webhook: Annotated[OwnName | None, Query(description="Only those to this webhook.")] = None,
) -> Response:
    """List the messages that were sent to webhooks, the newest first, with their outcome."""
    size = window.per_page
    rows = show_deliveries(caller.context, failed=failed, webhook=webhook, limit=size + 1, offset=window.offset)
    return answer_page(request, "deliveries", rows[:size], len(rows) > size, page=window.page + 1)


@router.post("/deliveries/retry", status_code=202, responses=answers(202))
def retry_all(caller: Writing) -> Response:
    """Send all messages that were given up again, and return how many."""
    count = retry_failed(caller.context, caller.by)
    caller.operations.wake()
    return JSONResponse({"messages": count}, 202)


@router.post("/deliveries/{message}/retry", status_code=202, responses=answers(202, 400, 404, 422))
def retry(message: Annotated[MessageName, Path(description="The message's id.")], caller: Writing) -> Response:
    """Send a message again, whatever its outcome was."""
    again = retry_delivery(caller.context, message, caller.by)
    caller.operations.wake()
    return JSONResponse(again, 202)
