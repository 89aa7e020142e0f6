"""No page of the console weighs more than it may, also with full lists and a long event."""

from datetime import timedelta

import pytest

from tests.builders import AMARA, END, EVENT_ID, JONAS, MEI, START, YUSUF, a_note, an_attachment, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService
from tests.web_states import DESCRIPTION, LONG_NAME
from tests.weight import ALLOWED, weigh

PAGES = (
    "/-/", "/-/drafts", "/-/events", "/-/events/new", "/-/events/paste", f"/-/events/{EVENT_ID}",
    f"/-/events/{EVENT_ID}/edit", f"/-/events/{EVENT_ID}/cancel", "/-/plan", "/-/review", "/-/runs", "/-/jobs",
    "/-/people", "/-/hosts", "/-/alerts", "/-/notifications", "/-/homes", "/-/webhooks", "/-/audit", "/-/settings",
    "/-/users", "/-/users/1", "/-/sessions", "/-/tokens", "/-/backups",
)  # fmt: skip


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_page_weighs_more_than_is_allowed(make_service: MakeService) -> None:
    service = make_service(settings=WITHOUT_TLS)
    crowd = tuple(person for _ in range(10) for person in (AMARA, JONAS, MEI, YUSUF))
    links = tuple(an_attachment(title=f"Paper {number}") for number in range(20))
    long = an_event(
        name=LONG_NAME, description=DESCRIPTION * 5, performers=crowd, attachments=links, needs_review=(a_note(),)
    )
    service.add(long)
    for number in range(60):
        days = timedelta(days=number)
        service.add(
            an_event(id=f"event-{number}", name=LONG_NAME, start=START + days, end=END + days, display_times=())
        )

    with visit_pages(service) as served:
        visitor = sign_in(service, served.visitor, "admin")
        weights = {path: weigh(visitor, path) for path in PAGES}

    assert {path: weight for path, weight in weights.items() if weight > ALLOWED} == {}
