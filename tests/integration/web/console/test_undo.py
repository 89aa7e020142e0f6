"""Undo of the latest edit: it gives back what stood before, as long as nothing of the edit went outside."""

import pytest

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, a_note, an_event
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.integration.web.console.forms import open_form, press
from tests.web_site import Visitor
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.store.approvals import approved_texts
from zoom_ops.store.audit import iter_audit
from zoom_ops.store.events import load_event, save_event
from zoom_ops.web.console.event_form.doubts import key_of

PATH = f"/-/events/{EVENT_ID}/undo"


@pytest.fixture
def service(make_service: MakeService) -> Service:
    return make_service(settings=WITHOUT_TLS)


def test_edit_is_undone_with_the_doubt_that_it_answered(service: Service, operator: Visitor) -> None:
    event = an_event(performers=(AMARA,), needs_review=(a_note(field="name", reason="Which line?"),))
    service.add(event)
    form = open_form(operator.get(f"/-/events/{EVENT_ID}/edit"))
    press(form, operator, "check", **{"name": "High water", key_of(event.needs_review[0]): "right"}).send(
        operator, "save"
    )

    assert PATH in operator.get(f"/-/events/{EVENT_ID}").text
    question = open_form(operator.get(PATH))
    rows = [row.get_text("|", strip=True) for row in question.page.select("table.diff tbody tr")]
    assert rows[0] == "Title|High water|Tides of Tomorrow"
    assert question.send(operator, "").status_code == 303

    with service.app.context.database.read() as connection:
        assert load_event(connection, EVENT_ID) == event.model_copy(update={"visibility": "draft"})
        assert approved_texts(connection, (EVENT_ID,)) == frozenset()
        line = list(iter_audit(connection))[-1]
    assert (line.what, line.detail["changes"][0]) == ("edit_undone", "name: High water → Tides of Tomorrow")
    assert PATH not in operator.get(f"/-/events/{EVENT_ID}").text


@pytest.mark.parametrize("after", ["sent to Zoom", "written again", "never edited"])
def test_what_went_outside_or_was_written_again_cannot_be_undone(
    service: Service, operator: Visitor, after: str
) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    if after != "never edited":
        patch_event(service.app.context, EVENT_ID, {"name": "High water"}, AN_OPERATOR, None)
        assert operator.get(PATH).status_code == 200
    if after == "sent to Zoom":
        service.settle()
    if after == "written again":
        with service.app.context.database.begin() as connection:
            save_event(connection, load_event(connection, EVENT_ID), service.app.context.clock.now())

    answer = operator.get(PATH)
    assert answer.status_code == (409 if after == "sent to Zoom" else 404)
    assert ("edit the event again instead" in answer.text) == (after == "sent to Zoom")
    assert PATH not in operator.get(f"/-/events/{EVENT_ID}").text
