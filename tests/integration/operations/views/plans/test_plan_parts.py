"""The plan of very many events: it is read in parts, so that it takes no more memory than the plan of a few hundred."""

from datetime import timedelta

import pytest

from tests.builders import END, START, WEBINAR_ID, a_webinar, an_event
from tests.integration.service import Service
from zoom_ops.operations.reconcile import candidates
from zoom_ops.operations.reconcile.known import Shared
from zoom_ops.operations.views.plans import plan
from zoom_ops.operations.views.plans.choices import chooser
from zoom_ops.operations.views.plans.choices.choice import PlanQuery
from zoom_ops.operations.views.plans.choices.chooser import Chooser
from zoom_ops.operations.views.plans.plan import plan_events
from zoom_ops.store.events import load_event
from zoom_ops.store.webinars import save_binding

IDS = [f"day-{number}" for number in range(9)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_plan_that_is_read_in_parts_is_the_same_and_holds_few_events(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = service.context
    for number, event_id in enumerate(IDS):
        days = timedelta(days=number)
        service.write(an_event(id=event_id, start=START + days, end=END + days, display_times=(), performers=()))
    with context.database.begin() as connection:
        for number, event_id in enumerate(IDS[:4]):  # theirs are not created, but changed
            values = {"known": (), "asked": (), "refused": (), "origin": "created"}
            webinar = a_webinar(id=WEBINAR_ID + number)
            save_binding(connection, context.box, event_id, webinar, service.clock.now(), **values)
    queries = [PlanQuery(), PlanQuery(kind="webinar"), PlanQuery(kind="CreateWebinar"), PlanQuery(days=11)]
    whole = [plan_events(context, limit=3, chooser=Chooser(context, query)) for query in queries]
    for module, name in ((candidates, "_PART"), (candidates, "_MOST_KEPT"), (chooser, "_PART"), (plan, "MOST_PLANNED")):
        monkeypatch.setattr(module, name, 2)

    for query, expected in zip(queries, whole, strict=True):
        shared = Shared()
        in_parts = plan_events(context, limit=3, chooser=Chooser(context, query), shared=shared)
        held = shared.each(IDS, load_event, lambda _: {})

        assert in_parts == expected
        assert expected.plans
        assert len(held) <= len(expected.plans) + 4
