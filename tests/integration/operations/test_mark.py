"""The mark of the database changes with all that operators look at, and with nothing else."""

from collections.abc import Callable

from tests.builders import AMARA, AN_OPERATOR, an_event
from tests.integration.service import Service
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.operations.admin.accounts import pause_account, resume_account
from zoom_ops.operations.jobs.requests import cancel_run
from zoom_ops.operations.mark import take_mark


def test_mark_changes_with_each_thing_that_operators_look_at(service: Service) -> None:
    context, zoom = service.context, service.zoom
    deeds: dict[str, Callable[[], object]] = {
        "an event comes": lambda: service.add(an_event()),
        "its webinar is made": service.settle,
        "an event is written by a test": lambda: service.write(an_event(id="later")),
        "a job is asked for": lambda: service.ask("create_webinars", "later"),
        "the same is asked for again": lambda: service.ask("create_webinars", "later"),
        "a run is cancelled": lambda: cancel_run(context, service.runs(states=("active",))[0].id, AN_OPERATOR),
        "an address is written down": lambda: service.introduce(("Amara Diallo", "amara.diallo@example.org")),
        "an account is paused": lambda: pause_account(context, "main", "It moves.", AN_OPERATOR),
        "an account goes on": lambda: resume_account(context, "main", AN_OPERATOR),
        "a recording is fetched": lambda: (zoom.hold(), service.settle()),
        "Zoom refuses": lambda: zoom.fault("POST /users/*/webinars", "http", status=400),
        "an event with that fault": lambda: service.add(an_event(id="refused", performers=(AMARA,))),
        "its run fails": service.settle,
    }
    silent = {"an event is written by a test", "Zoom refuses"}

    marks = {"before": take_mark(service.app.database)}
    changed = set()
    for name, do in deeds.items():
        do()
        before, marks[name] = list(marks.values())[-1], take_mark(service.app.database)
        changed |= {name} if marks[name] != before else set()

    assert changed == deeds.keys() - silent


def test_sign_of_life_changes_no_mark(service: Service) -> None:
    service.add(an_event())
    before = take_mark(service.app.database)

    write_heartbeat(service.app.database)

    assert take_mark(service.app.database) == before
