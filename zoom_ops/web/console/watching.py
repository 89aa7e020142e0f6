"""Monitoring in the console: hosts, accounts, notifications."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from ...errors import BadInputError
from ...operations.admin.accounts import pause_account, resume_account
from ...operations.notifications.admin import replay, show_notification
from ...operations.views.accounts import show_accounts
from ...operations.views.events import names_of
from ...operations.views.hosts import HostFilter, show_hosts
from ...operations.views.notifications.lists import NotificationQuery, list_notifications
from ...operations.views.notifications.replays import plan_replay
from ..dependencies import TheOperations
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, refuse_filter, show
from .options import event_of
from .paging import PAGE_SIZE, read_number

router = make_router()


@router.get("/hosts")
def list_hosts(request: Request, operations: TheOperations, q: str = "", account: str = "", only: str = "") -> Response:
    """Show the accounts, and the filtered hosts with their webinars and their remaining changes of the day."""
    filters = HostFilter(account=account, text=q.strip()[:320], troubled=only == "trouble")
    accounts, hosts = show_accounts(operations.context), show_hosts(operations.context, filters)
    shown = [row for row in accounts if account in ("", row["name"])]
    return show(request, "hosts.html", {"accounts": accounts, "shown": shown, "hosts": hosts, "filters": filters})


@router.post("/accounts/{name}/pause")
def pause(name: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Pause an account, with a note: no call goes to Zoom, and its runs wait."""
    pause_account(operations.context, name, form.get("note", ""), by)
    return go_on("/-/hosts", f"Account {name} is paused: no call goes to Zoom until it is resumed.")


@router.post("/accounts/{name}/resume")
def resume(name: str, operations: TheOperations, by: TheActor) -> Response:
    """End the pause of an account, or let a stopped one make a trial call; its waiting runs try again."""
    resumed = resume_account(operations.context, name, by)
    operations.wake()
    if resumed.was_paused:
        return go_on("/-/hosts", f"Account {name} calls Zoom again. What waited for it goes on.")
    return go_on("/-/hosts", f"Account {name} makes a trial call, and what waits for it tries again.")


def _query(account: str = "", event: str = "", since: str = "", failed: str = "") -> NotificationQuery:
    return NotificationQuery(account=account, event=event.strip(), since=since.strip(), failed=bool(failed))


@router.get("/notifications")
def list_received(
    request: Request, operations: TheOperations, query: Annotated[NotificationQuery, Depends(_query)], before: str = ""
) -> Response:
    """Show the received notifications, filtered."""
    latest = read_number(before, "notification") if before else None
    context, accounts = operations.context, tuple(operations.context.gateways)
    try:
        query = replace(query, event=event_of(operations, query.event))
        rows = list_notifications(context.database, query, accounts, before=latest, limit=PAGE_SIZE + 1)
    except BadInputError as error:
        return refuse_filter(request, "notifications.html", {"query": query, "accounts": accounts}, error)
    names = names_of(context.database, {row.event_id for row in rows if row.event_id})
    values = {"rows": rows[:PAGE_SIZE], "more": len(rows) > PAGE_SIZE, "query": query, "accounts": accounts}
    return show(request, "notifications.html", values | {"address": urlencode(query.words), "names": names})


@router.get("/notifications/{number}")
def show_one(request: Request, number: str, operations: TheOperations) -> Response:
    """Show a notification, with its secrets hidden."""
    row, body = show_notification(operations.context, read_number(number, "notification"))
    names = names_of(operations.context.database, filter(None, (row.event_id,)))
    return show(request, "notification.html", {"row": row, "body": body, "names": names})


@router.post("/notifications/{number}/replay")
def ring_again(request: Request, number: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Ring the jobs of a notification once more."""
    notification = read_number(number, "notification")
    question = Question(
        title=f"Run the jobs of notification {notification} again?",
        button="Run them",
        back=f"/-/notifications/{notification}",
    )
    planned = plan_replay(operations.context, (notification,), operations.jobs)
    if confirmation := ask_first(request, form, planned.impact.sentences, question):
        return confirmation
    event = replay(operations.context, notification, by)
    operations.wake()
    return go_on(f"/-/events/{event}#runs", "Its jobs run again.")
