"""A database that another tool restored, such as pg_restore: on both databases."""

import pytest
from sqlalchemy import delete

from tests.builders import AN_OPERATOR, EVENT_ID
from tests.integration.operations.admin.test_restore_database import ask_zoom
from tests.integration.service import CREATE, LISTED, SEAT, Service
from zoom_ops.errors import ConfigurationError
from zoom_ops.operations.admin.backups import dismiss_restoration
from zoom_ops.operations.admin.restore_database import note_restored_alone
from zoom_ops.store.tables import binding, booking, seat

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
    dismissed = [dismiss_restoration(service.context, AN_OPERATOR) for _ in range(2)]
    with service.calls() as calls:
        service.tick()
        service.settle()

    assert newer.taken == {EVENT_ID: service.zoom.webinar()["id"]}
    assert dismissed == [True, False]
    assert {CREATE, SEAT} & set(calls) == set()
    assert service.zoom.invitations() == service.zoom.panelists()


def test_nothing_is_noted_while_a_process_works(service: Service) -> None:
    service.add()
    service.settle()
    assert service.app.engines.alone_lock.acquire()

    with pytest.raises(ConfigurationError, match="Another zoom_ops process works on this database"):
        note_restored_alone(service.context.database)
