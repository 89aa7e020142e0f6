"""An operator's decisions persist, and so do the records of them."""

from dataclasses import replace

from tests.builders import AN_OPERATOR, an_event
from tests.integration.service import Service
from zoom_ops.operations.admin.doctor import check_installation, remember_key
from zoom_ops.operations.events.importing import import_events
from zoom_ops.readers import read_events
from zoom_ops.store.db.encryption import SecretBox, make_key

TEXT = """Harbour Talks

Ships without smoke

31 January 2040, 08:30-09:45 EST, New York time
"""


def _read(service: Service) -> str:
    return import_events(service.context, read_events(TEXT.encode(), "talk.txt"), AN_OPERATOR)[0].id


def test_cancelled_event_stays_cancelled_when_its_text_is_imported_again(service: Service) -> None:
    event_id = _read(service)
    service.cancel(event_id)

    again = _read(service)

    assert again == event_id
    assert service.event(event_id).status == "cancelled"


def test_outcome_of_a_run_is_not_hidden_by_the_echo_of_its_own_change(service: Service) -> None:
    service.hear()
    service.add(an_event())
    service.settle()
    service.change(name="Tides of the day after")

    service.settle()

    outcomes = [str(run.outcome) for run in service.runs() if run.job == "create_webinars" and run.state == "done"]
    assert any("Changed the webinar" in (outcome or "") for outcome in outcomes)


def test_key_that_does_not_fit_is_told_by_the_check(service: Service) -> None:
    other = SecretBox([make_key()])
    remember_key(service.context.database, service.context.box)

    fitting = [check for check in check_installation(service.context) if check.what == "secret key"]
    wrong = [check for check in check_installation(replace(service.context, box=other)) if check.what == "secret key"]

    assert [check.ok for check in fitting] == [True]
    assert [check.ok for check in wrong] == [False]
