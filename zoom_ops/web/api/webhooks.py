"""Webhooks: other systems that are told what happens, and what they were told."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from ...identity import Scope
from ...operations.webhooks.admin import retry_delivery, show_deliveries, show_webhooks, try_webhook
from .callers import Caller, needs
from .description import answers, list_of, page_of
from .names import MessageName, OwnName
from .paging import Window, answer_page, window

router = APIRouter(tags=["webhooks"])
Reading = Annotated[Caller, needs(Scope.WEBHOOKS_READ)]
Writing = Annotated[Caller, needs(Scope.WEBHOOKS_WRITE)]


@router.get("/webhooks", responses=answers(200, gives=list_of("webhooks")))
def list_all(caller: Reading) -> Response:
    """List the webhooks, and whether they take what they are told."""
    return JSONResponse({"webhooks": show_webhooks(caller.context)})


@router.post("/webhooks/{name}/test", responses=answers(200, 400, 404))
def send_test(name: Annotated[OwnName, Path(description="The webhook's name.")], caller: Writing) -> Response:
    """Send a webhook a test message now, and tell what it answers; this may take as long as it does."""
    answer = try_webhook(caller.context, name, caller.by)
    return JSONResponse({"webhook": name, "taken": answer.taken, "status": answer.status, "answer": answer.whole})


@router.get("/deliveries", responses=answers(200, 400, gives=page_of("deliveries")))
def list_deliveries(
    request: Request,
    caller: Reading,
    page: Annotated[Window, Depends(window)],
    failed: Annotated[bool, Query(description="Only messages that were given up.")] = False,
    webhook: Annotated[OwnName | None, Query(description="Only those to this webhook.")] = None,
) -> Response:
    """List what was told to whom, the newest first, and what became of it."""
    found = show_deliveries(caller.context, failed=failed, webhook=webhook, limit=page.size + 1, offset=page.offset)
    return answer_page(request, "deliveries", found[: page.size], len(found) > page.size, page=page.number + 1)


@router.post("/deliveries/{message}/retry", status_code=202, responses=answers(202, 400, 404, 422))
def retry(message: Annotated[MessageName, Path(description="The message's id.")], caller: Writing) -> Response:
    """Have a message sent again, whatever became of it."""
    again = retry_delivery(caller.context, message, caller.by)
    caller.operations.wake()
    return JSONResponse(again, 202)
