"""Every time on a page of the console has its moment, so that a reader elsewhere has their own beside it."""

import re
from datetime import timedelta

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, START, YUSUF, a_note, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import CREATE, MakeService, Service
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.jobs.schedules import pause_job

PAGES = (
    "/-/", "/-/drafts", "/-/events", f"/-/events/{EVENT_ID}", "/-/events/refused", "/-/plan", "/-/review", "/-/runs",
    "/-/runs/1", "/-/jobs", "/-/people", "/-/hosts", "/-/hosts/calendar?week=2040-01-31", "/-/figures", "/-/alerts",
    "/-/notifications", "/-/homes", "/-/webhooks", "/-/audit", "/-/settings", "/-/users", "/-/users/1", "/-/sessions",
    "/-/tokens", "/account",
)  # fmt: skip
HIDDEN = r"<(time|title|textarea|code|pre|script|option)\b.*?</\1>|<[^>]*>"
SCHEDULE = r"at 02:20 every day, UTC|00:00(?: to 24:00)? UTC|\|08:00\|"  # of each day, and a setting


def test_every_time_has_its_moment(make_service: MakeService) -> None:
    service = make_service(settings=WITHOUT_TLS)
    _fill(service)

    with visit_pages(service) as served:
        visitor = sign_in(service, served.visitor, "admin")
        bare = {path: _find_bare(visitor.get(path).text) for path in PAGES}

    assert {path: found for path, found in bare.items() if found} == {}


def _fill(service: Service) -> None:
    """Leave an event that was held, a refused one, and everything that pauses, waits, is muted or late."""
    service.add(an_event(performers=(AMARA, YUSUF), needs_review=(a_note(),)))
    service.settle()
    service.zoom.hold()
    service.settle()
    service.zoom.fault(CREATE, "http", status=400)
    next_day = {"start": START + timedelta(days=1), "end": END + timedelta(days=1), "display_times": ()}
    service.add(an_event(id="refused", performers=(AMARA,), **next_day))
    service.settle()
    service.zoom.mend()
    service.change(EVENT_ID, name="Tides of the Day after Tomorrow")
    pause_account(service.context, "main", "the hosts move", AN_OPERATOR)
    service.settle()
    pause_job(service.app.database, service.app.get_job("create_webinars"), "the hosts move", AN_OPERATOR)
    service.tick("watch_events")
    service.settle()


def _find_bare(page: str) -> list[str]:
    """Find the times of a page that stand outside of a `<time>`, each with what is around it."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main
    text = re.sub(r"\s+", " ", re.sub(HIDDEN, "|", main[0], flags=re.DOTALL))
    return re.findall(r".{0,30}\b[0-9]{2}:[0-9]{2}\b.{0,20}", re.sub(SCHEDULE, "", text))
