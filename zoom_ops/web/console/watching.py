"""What operators watch: hosts, accounts, alerts, and Zoom's notifications."""

from urllib.parse import urlencode

from fastapi import Request, Response

from ...operations.admin.accounts import resume_account
from ...operations.notifications.admin import replay, show_letter, show_mail
from ...operations.views.accounts import show_accounts
from ...operations.views.alerts import dismiss_alert, list_alert_kinds, show_alerts
from ...operations.views.hosts import HostsWanted, show_hosts
from ...operations.views.impact import foresee_replay
from ..dependencies import TheDesk, check_slug
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, show
from .paging import PAGE_SIZE, read_number

router = make_router()


@router.get("/hosts")
def list_hosts(request: Request, desk: TheDesk, q: str = "", account: str = "", only: str = "") -> Response:
    """Show the accounts, and the hosts that are wanted with their webinars and what is left of the day."""
    wanted = HostsWanted(account=account, text=q.strip()[:320], troubled=only == "trouble")
    accounts, hosts = show_accounts(desk.context), show_hosts(desk.context, wanted)
    shown = [one for one in accounts if account in ("", one["name"])]
    return show(request, "hosts.html", {"accounts": accounts, "shown": shown, "hosts": hosts, "wanted": wanted})


@router.post("/accounts/{name}/resume")
def resume(name: str, desk: TheDesk, by: TheActor) -> Response:
    """Let a stopped account make a trial call."""
    resume_account(desk.context, name, by)
    desk.wake()
    return go_on("/-/hosts", f"Account {name} may make a trial call; what waits for it looks again.")


@router.get("/alerts")
def list_all(
    request: Request, desk: TheDesk, kind: str = "", q: str = "", over: str = "", before: str = ""
) -> Response:
    """Show the alerts, the newest first: of a kind, with some words, also those that are over."""
    latest = read_number(before, "alert") if before else None
    wanted = {"kinds": (kind,) if kind else (), "words": q[:200], "cleared": bool(over)}
    alerts = show_alerts(desk.context, **wanted, before=latest, limit=PAGE_SIZE + 1)
    asked = {name: value for name, value in (("kind", kind), ("q", q[:200]), ("over", over and "1")) if value}
    values = {"alerts": alerts[:PAGE_SIZE], "more": len(alerts) > PAGE_SIZE, "kinds": list_alert_kinds(desk.context)}
    return show(request, "alerts.html", values | {"asked": asked, "query": urlencode(asked)})


@router.post("/alerts/{number}/dismiss")
def dismiss(number: str, desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Clear an alert by an operator's word."""
    event = form.get("event", "")
    back = f"/-/events/{check_slug(event)}" if event else "/-/alerts"
    dismiss_alert(desk.context, read_number(number, "alert"), by)
    return go_on(back, "The alert is dismissed; it comes back only if its cause shows itself anew.")


@router.get("/notifications")
def list_notifications(request: Request, desk: TheDesk, before: str = "", event: str = "") -> Response:
    """Show the notifications received."""
    latest = read_number(before, "notification") if before else None
    wanted = check_slug(event) if event else None
    rows = show_mail(desk.context, before=latest, event_id=wanted, limit=PAGE_SIZE + 1)
    values = {"rows": rows[:PAGE_SIZE], "more": len(rows) > PAGE_SIZE, "event": event}
    return show(request, "notifications.html", values)


@router.get("/notifications/{number}")
def show_one(request: Request, number: str, desk: TheDesk) -> Response:
    """Show a notification, what is secret in it hidden."""
    row, body = show_letter(desk.context, read_number(number, "notification"))
    return show(request, "notification.html", {"row": row, "body": body})


@router.post("/notifications/{number}/replay")
def ring_again(request: Request, number: str, desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Ring once more the jobs that a notification rang."""
    letter = read_number(number, "notification")
    question = Question(title="Ring its jobs once more?", button="Ring them", back=f"/-/notifications/{letter}")
    if asked := ask_first(request, form, foresee_replay(desk.context, letter, desk.jobs).sentences, question):
        return asked
    event = replay(desk.context, letter, by)
    desk.wake()
    return go_on(f"/-/events/{event}#runs", "Its jobs were rung once more.")
