"""A database that another tool restored, such as pg_restore: on both databases."""

from threading import Semaphore

import pytest
from sqlalchemy import delete

from tests.builders import AN_OPERATOR, EVENT_ID
from tests.integration.operations.admin.test_restore_database import ask_zoom, noted
from tests.integration.service import ACCOUNT, CREATE, LISTED, SEAT, Service
from zoom_ops.errors import BesideOthersError
from zoom_ops.operations.admin.backups import dismiss_restoration
from zoom_ops.operations.admin.restore_database import note_restored_alone
from zoom_ops.operations.reconcile import restored
from zoom_ops.store.tables import binding, booking, seat
from zoom_ops.webinars import Webinar

pytestmark = pytest.mark.both_databases


def forget_webinars(service: Service) -> None:
    """Let the database know no webinar, as one of an earlier time."""
    with service.context.database.begin() as connection:
        for table in (binding, seat, booking):
            connection.execute(delete(table))


def test_webinars_that_the_database_does_not_know_are_taken_over(service: Service) -> None:
    service.add()
    service.settle()
    forget_webinars(service)
    service.app.engines.alone_lock.release()

    note_restored_alone(service.context.database)
    service.clock.advance(LISTED)
    newer = ask_zoom(service)
    dismissed = [dismiss_restoration(service.context, newer.digest, AN_OPERATOR) for _ in range(2)]
    with service.calls() as calls:
        service.tick()
        service.settle()

    assert newer.taken == {EVENT_ID: service.zoom.webinar()["id"]}
    assert dismissed == [True, False]
    assert {CREATE, SEAT} & set(calls) == set()
    assert service.zoom.invitations() == service.zoom.panelists()


def test_two_processes_that_look_at_once_take_a_webinar_over_and_doubt_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.add()
    service.settle()
    forget_webinars(service)
    service.app.engines.alone_lock.release()
    note_restored_alone(service.context.database)
    service.clock.advance(LISTED)
    monkeypatch.setattr(restored, "_LOOKING", Semaphore(2))  # as each process has its own
    gateway = service.context.gateways[ACCOUNT]
    get_webinar, others = gateway.get_webinar, [lambda: restored.look_at_account(service.context, ACCOUNT)]

    def read_while_the_other_looks(number: int) -> Webinar:
        found = get_webinar(number)
        while others:
            others.pop()()
        return found

    monkeypatch.setattr(gateway, "get_webinar", read_while_the_other_looks)
    restored.look_at_account(service.context, ACCOUNT)

    newer = noted(service)
    assert (dict(newer.taken), dict(newer.unclear)) == ({EVENT_ID: service.zoom.webinar()["id"]}, {})


def test_nothing_is_noted_while_a_process_works(service: Service) -> None:
    service.add()
    service.settle()
    assert service.app.engines.alone_lock.acquire()

    with pytest.raises(BesideOthersError, match="Another zoom_ops process works on this database"):
        note_restored_alone(service.context.database)
