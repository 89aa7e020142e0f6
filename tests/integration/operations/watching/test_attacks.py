"""Guessed passwords become an alert, and the alert ends after the attack."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.integration.operations.watching.test_watch import pass_round, told
from tests.integration.served import WITHOUT_TLS, visit_pages
from tests.integration.service import MakeService, Service
from tests.waiting import wait_until
from zoom_ops.errors import TemporaryError
from zoom_ops.identity.refused import record_refusal
from zoom_ops.operations.refusals import RefusalReporter
from zoom_ops.operations.views.dashboard import load_dashboard
from zoom_ops.operations.views.status import load_status
from zoom_ops.store.audit import CODE_REFUSED, Actor, record_audit
from zoom_ops.store.db.connect import Database
from zoom_ops.store.refusals import KEPT, Refused, load_refusals

ATTACKED = [("sign_in_attack", None, None)]


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service that is told early."""
    return make_service(settings=WITHOUT_TLS | {"ZOOM_OPS_ALERT_REFUSALS": "20"})


def reporter_of(service: Service) -> RefusalReporter:
    return RefusalReporter(service.app.refusals, service.clock, service.app.database)


def stored(service: Service) -> list[Refused]:
    with service.app.database.read() as connection:
        return list(load_refusals(connection, service.app.database.now(connection) - KEPT))


@pytest.mark.both_databases
def test_guessed_passwords_are_an_alert_until_a_while_after_the_last(service: Service) -> None:
    reporter, raised = reporter_of(service), []
    with visit_pages(service) as pages, capture_logs() as lines:
        for number in range(20):
            pages.visitor.post("/sign-in", data={"login": "amara", "password": "not the right one"})
            if number == 18:
                reporter.report()
                pass_round(service)
                raised.append(told(service))
        reporter.end()
    assert load_status(service.context).refused == "Within the last hour sign-ins 20; many of them to 127.0.0.1."
    assert load_dashboard(service.context, ()).refused == load_status(service.context).refused
    for _ in range(20):
        pass_round(service)
        raised.append(told(service))

    rounds = raised.count(ATTACKED)
    assert raised == [[], *[ATTACKED] * rounds, *[[]] * (20 - rounds)]
    assert 9 <= rounds <= 15
    refused = [line for line in lines if line["event"] == "refused"]
    assert {line["address"] for line in refused} == {"127.0.0.1"}
    assert sum(line["count"] for line in refused) == 20


def test_wrong_codes_are_an_alert_that_leads_to_their_lines(service: Service) -> None:
    by, raised = Actor(name="amara", how="session", address="192.0.2.7"), []
    for _ in range(5):
        pass_round(service)
        raised.append(told(service))
        with service.app.database.begin() as connection:
            record_refusal(connection, by, CODE_REFUSED, "amara", service.clock.now())
    pass_round(service)
    needs = load_dashboard(service.context, ()).needs
    raised.append(told(service))
    service.clock.advance(timedelta(hours=1))
    pass_round(service)
    later = told(service)
    with service.app.database.begin() as connection:
        for hours in range(5):
            record_refusal(connection, by, CODE_REFUSED, "amara", service.clock.now() - timedelta(hours=hours))
    pass_round(service)

    assert raised == [[]] * 5 + [[("sign_in_attack", None, "user amara")]]
    assert [(need.about, need.address) for need in needs] == [("user amara", "/-/audit?what=second_factor_refused")]
    assert (later, told(service)) == ([], [("sign_in_attack", None, "user amara")])


def test_second_factor_from_a_new_network_is_an_alert_until_it_is_gone(service: Service) -> None:
    def note(what: str, **detail: object) -> list[tuple[str, str | None, str | None]]:
        with service.app.database.begin() as connection:
            by = Actor(name="amara", how="session", address="203.0.113.7")
            record_audit(connection, by, what, ("user", "amara"), service.clock.now(), **detail)
        pass_round(service)
        return told(service)

    usual = note("second_factor_added", sessions_ended=0)
    odd = note("second_factor_added", sessions_ended=0, new_network="203.0.113.7")
    reset = note("second_factor_reset", sessions_ended=1)
    again = note("second_factor_added", sessions_ended=0, new_network="203.0.113.7")
    service.clock.advance(timedelta(days=7))
    pass_round(service)

    alert = [("sign_in_attack", None, "second factor of amara")]
    assert (usual, odd, reset, again, told(service)) == ([], alert, [], alert, [])


def test_refusals_are_kept_while_the_database_takes_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    reporter = reporter_of(service)

    def fail(*_: object, **__: object) -> None:
        raise TemporaryError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "begin", fail)
        for number in range(40):
            service.app.refusals.note("connection", f"192.0.2.{number}")
        reporter.report()
    assert stored(service) == []
    service.app.refusals.note("connection", "192.0.2.7")
    reporter.report()
    within_ten_seconds = stored(service)
    service.clock.advance(timedelta(seconds=10))
    reporter.report()

    assert within_ten_seconds == []
    assert sum(row.count for row in stored(service)) == 41
    assert len(stored(service)) == 6  # five networks by name, and the others together


def test_thread_reports_what_is_refused_and_stops_with_the_rest(service: Service) -> None:
    reporter = reporter_of(service)
    reporter.start()
    with capture_logs():
        service.app.refusals.note("stream", "192.0.2.7")
        reporter.stop()
        wait_until(lambda: stored(service))

    assert [(row.kind, row.network, row.count) for row in stored(service)] == [("stream", "192.0.2.7", 1)]
