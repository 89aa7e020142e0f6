"""Monitoring in the console: hosts, accounts, notifications."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from ...errors import BadInputError, ZoomOpsError
from ...operations.admin.accounts import MOST_READ, pause_account, read_hosts_again, resume_account
from ...operations.notifications.admin import replay, replay_all, show_notification
from ...operations.views.accounts import show_accounts
from ...operations.views.events import names_of
from ...operations.views.hosts import HostFilter, describe_licence, show_hosts
from ...operations.views.notifications.lists import NotificationQuery, list_notifications
from ...operations.views.notifications.replays import find_replayable, plan_replay
from ..dependencies import TheOperations
from .confirming import Question, ask_first, name_effects
from .frame import TheActor, TheForm, go_on, make_router, refuse_filter, show
from .options import event_of
from .paging import PAGE_SIZE, read_number

_AT_ONCE = 200  # notifications
_NAMED = 3  # hosts
_BOOKED = 20  # bookings of a host that are shown

router = make_router()


@router.get("/hosts")
def list_hosts(request: Request, operations: TheOperations, q: str = "", account: str = "", only: str = "") -> Response:
    """Show the accounts, and the filtered hosts with their webinars and their remaining changes of the day."""
    filters = HostFilter(account=account, text=q.strip()[:320], troubled=only == "trouble")
    accounts, hosts = show_accounts(operations.context), show_hosts(operations.context, filters, each=_BOOKED)
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


@router.post("/accounts/{name}/hosts")
def read_again(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Ask Zoom anew about the hosts of an account; what waits for it tries again."""
    read = read_hosts_again(operations.context, name, by)
    operations.wake()
    said = (
        str(each) if isinstance(each, ZoomOpsError) else f"{email}: {describe_licence(each)}." for email, each in read
    )
    told = " ".join(dict.fromkeys(list(said)[:_NAMED]))
    count = "1 host" if len(read) == 1 else f"{len(read)} hosts"
    rest = f" At most {MOST_READ} are read at once." if len(read) == MOST_READ else ""
    return go_on("/-/hosts", f"Zoom was asked again about {count} of account {name}. {told}{rest}")


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


@router.post("/notifications/replay")
def ring_all_again(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Ring once more the jobs of all notifications that match the filters of the list and belong to an event."""
    context = operations.context
    query = _query(*(form.get(name, "") for name in ("account", "event", "since", "failed")))
    query = replace(query, event=event_of(operations, query.event))
    where = f"/-/notifications?{urlencode(query.words)}"
    rows = list_notifications(context.database, query, tuple(context.gateways), limit=_AT_ONCE + 1)
    numbers = find_replayable(context, rows[:_AT_ONCE])
    if not numbers:
        return go_on(where, "None of them belongs to an event here: there is nothing to ring.")
    planned = plan_replay(context, numbers, operations.jobs)
    effects = planned.tell(names_of(context.database, [event for event, _ in planned.rings]))
    question = Question(
        title=f"Run the jobs of {_count(len(numbers))} again?",
        button="Run them",
        back=where,
        more=_leave_out(len(rows), len(numbers)),
    )
    if confirmation := ask_first(request, form, effects, question):
        return confirmation
    rung = replay_all(context, numbers, by)
    operations.wake()
    return go_on(where, f"The jobs of {_count(rung)} run again.")


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
    effects = name_effects(operations.context.database, planned.impact)
    if confirmation := ask_first(request, form, effects, question):
        return confirmation
    event = replay(operations.context, notification, by)
    operations.wake()
    return go_on(f"/-/events/{event}#runs", "Its jobs run again.")


def _count(notifications: int) -> str:
    return "1 notification" if notifications == 1 else f"{notifications} notifications"


def _leave_out(found: int, rung: int) -> str:
    """Say which of the notifications that match are not rung; empty where all are."""
    if found > _AT_ONCE:
        return f"More than {_AT_ONCE} match: these are of the newest {_AT_ONCE}. Then look at the list again."
    none = found - rung
    return f"{none} more {'is' if none == 1 else 'are'} of no event here: nothing is rung for that." if none else ""
