"""The events for which there may be something to plan: what a process remembers of its last look changes nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from tests.builders import (
    ACCOUNT,
    AMARA,
    END,
    HOST,
    JONAS,
    MEI,
    OTHER_HOST,
    START,
    WEBINAR_ID,
    a_panelist,
    a_webinar,
    an_event,
)
from tests.integration.service import Service
from zoom_ops.events import Event
from zoom_ops.live import Current
from zoom_ops.messages import as_said
from zoom_ops.operations.context import Context
from zoom_ops.operations.last_look import LastLook
from zoom_ops.operations.reconcile.candidates import find_candidates
from zoom_ops.operations.reconcile.known import Shared
from zoom_ops.operations.reconcile.observe import observe
from zoom_ops.operations.reconcile.together import share_known
from zoom_ops.planning.base import Fields
from zoom_ops.planning.desired import desired_fields
from zoom_ops.store.alerts import Alert, clear_alert, raise_alert
from zoom_ops.store.events import find_event, load_events, save_event
from zoom_ops.store.hosts.foreign import Foreign, save_listed
from zoom_ops.store.tables import event as events
from zoom_ops.store.webinars import book, change_binding, mark_resend, save_binding, seat_panelists, unseat

IDS = ("first", "second", "third", "fourth")
RECORDING = "settings.auto_recording"
STEPS = 100


class History:
    """What happens to some events, at random and always the same."""

    def __init__(self, service: Service) -> None:
        self.service, self.context, self.random = service, service.context, Random(17)
        self.profiles, self.default = dict(self.context.profiles), self.context.default_account

    def event(self, connection: Connection, event_id: str) -> Event:
        """Find an event, or write it."""
        if found := find_event(connection, event_id):
            return found
        days = timedelta(days=IDS.index(event_id))
        event = an_event(id=event_id, start=START + days, end=END + days, display_times=())
        save_event(connection, event, self.service.clock.now(), new=True)
        return event

    def edit(self, connection: Connection, event_id: str) -> None:
        """Write a record anew."""
        change = self.random.choice(
            (
                {"name": self.random.choice(("Tides of Tomorrow", "Tides of Today"))},
                {"performers": self.random.choice(((AMARA, JONAS), (AMARA,), (JONAS, MEI)))},
                {"status": self.random.choice(("scheduled", "scheduled", "cancelled", "postponed"))},
                {"profile": self.random.choice(("default", "default", "unknown"))},
                {"consent": self.random.choice(("record", "do_not_record"))},
            )
        )
        event = self.event(connection, event_id)
        save_event(connection, Event.model_validate(event.model_dump() | change), self.service.clock.now())

    def write_another(self, connection: Connection, event_id: str) -> None:
        """Delete an event, and write another of its id."""
        connection.execute(delete(events).where(events.c.id == event_id))
        self.event(connection, event_id)

    def hold(self, connection: Connection, event_id: str) -> None:
        """Make the webinar and its panelists as the event wants them."""
        event, fields = self.event(connection, event_id), self.fields(connection, event_id)
        now, number = self.service.clock.now(), WEBINAR_ID + IDS.index(event_id)
        values = {"known": fields, "asked": fields, "refused": (), "state": "bound", "origin": "created"}
        none = dict.fromkeys(("move_to", "left_webinar_id", "left_host", "refused_seats", "recording_refused_at"))
        webinar = a_webinar(id=number, account=ACCOUNT)
        save_binding(connection, self.context.box, event_id, webinar, now, **values, **none)
        for person in (AMARA, JONAS, MEI):
            unseat(connection, event_id, person.email or "")
        seats = [a_panelist(email=person.email, name=person.name) for person in event.performers]
        seat_panelists(connection, self.context.box, event_id, seats, ours=True, now=now)

    def bind(self, connection: Connection, event_id: str) -> None:
        """Change what is known of the webinar."""
        refusal = {"name": JONAS.name, "reason": "User does not exist", "full_at": None}
        changes: tuple[dict[str, Any], ...] = (
            {"known": (*self.fields(connection, event_id), ("topic", "By hand"))},
            {"state": self.random.choice(("gone", "cancelled"))},
            {"move_to": OTHER_HOST},
            {"left_webinar_id": 70000000001, "left_host": HOST},
            {"refused_seats": {str(JONAS.email): refusal}},
        )
        change_binding(connection, event_id, **self.random.choice(changes))

    def refuse(self, connection: Connection, event_id: str) -> None:
        """Drop the recording that we asked for."""
        kept = dict(self.fields(connection, event_id)) | {RECORDING: "cloud"}
        values = {"known": {**kept, RECORDING: None}, "asked": kept, "refused": {RECORDING: "cloud"}}
        change_binding(connection, event_id, **values, recording_refused_at=self.service.clock.now())

    def fields(self, connection: Connection, event_id: str) -> Fields:
        """Build the fields of the webinar that the event wants."""
        event = self.event(connection, event_id)
        profile = self.context.profiles.get(event.profile) or self.profiles["default"]
        return desired_fields(event, profile, self.context.installation)

    def seat(self, connection: Connection, event_id: str) -> None:
        """Change who is seated."""
        person = self.random.choice((AMARA, JONAS, MEI))
        panelist = a_panelist(email=person.email, name=person.name)
        self.event(connection, event_id)
        what = self.random.randrange(3)
        if what == 0:
            seat_panelists(connection, self.context.box, event_id, [panelist], ours=True, now=self.service.clock.now())
        elif what == 1:
            unseat(connection, event_id, panelist.email)
        else:
            mark_resend(connection, event_id)

    def notice(self, connection: Connection, event_id: str) -> None:
        """Raise an alert that is a notice, or end it: no record, binding or seat changes."""
        now, found = (
            self.service.clock.now(),
            Alert(kind="host_shared", subject=event_id, message=as_said("Not alone.")),
        )
        if self.random.choice((True, False)):
            raise_alert(connection, found, now)
        else:
            clear_alert(connection, found.key, now)

    def book(self, connection: Connection, event_id: str) -> None:
        """Take time of a host, also where a webinar of others takes some."""
        event, hours = self.event(connection, event_id), timedelta(hours=self.random.randrange(-30, 30))
        times = ((event.start_utc + hours, event.end_utc + hours),)
        book(connection, event_id, ACCOUNT, HOST, *times[0])
        foreign = Foreign(account=ACCOUNT, webinar_id=5, host=OTHER_HOST, topic="Theirs", kind=5, shown="", times=times)
        save_listed(connection, ACCOUNT, OTHER_HOST, [foreign], self.service.clock.now())

    def configure(self, _connection: Connection, _event_id: str) -> None:
        """Change the profiles, or the account of events that name none."""
        default = self.profiles["default"]
        settings = (*default.settings, ("panelists_video", self.random.choice((True, False))))
        changed = default.model_copy(update={"settings": tuple(dict(settings).items())})
        self.context.profiles.replace({"default": changed})
        self.context.default.value = self.random.choice((self.default, self.default, None))

    def wait(self, _connection: Connection, _event_id: str) -> None:
        """Let hours pass."""
        self.service.clock.advance(timedelta(hours=self.random.randrange(1, 9)))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_was_remembered_changes_no_candidate(service: Service) -> None:
    history = History(service)
    changes = history.edit, history.write_another, history.bind, history.refuse, history.seat
    quiet_steps = history.configure, history.wait, history.notice, history.notice, history.book
    steps = (*changes, history.hold, history.hold, history.hold, *quiet_steps)
    remembered = quiet = same = 0

    for number in range(STEPS):
        if number % 10 == 0:
            undo(service, history)
            assert_loads_the_same(service.context)
        with service.app.database.begin(durable=False) as connection:
            history.random.choice(steps)(connection, history.random.choice(IDS))
        before = service.context.last_look.value
        found = candidates(service.context)
        assert found == candidates(replace(service.context, last_look=Current(LastLook())))
        remembered += len(before.nothing & service.context.last_look.value.nothing)
        quiet += len(service.context.last_look.value.nothing)

        same += service.context.last_look.value.version == before.version

    assert STEPS / 3 < remembered < quiet
    assert STEPS / 5 < same < STEPS


def test_refused_recording_is_a_candidate_again_with_time_alone(service: Service) -> None:
    history = History(service)
    with service.app.database.begin() as connection:
        history.hold(connection, "first")
        history.refuse(connection, "first")
    before = candidates(service.context)
    service.clock.advance(timedelta(hours=25))

    after = candidates(service.context)

    assert before == ()
    assert [event.id for event in after] == ["first"]


def undo(service: Service, history: History) -> None:
    """Look at the candidates within a change that is undone."""
    with suppress(ZeroDivisionError), service.app.database.joined() as connection:
        history.edit(connection, history.random.choice(IDS))
        candidates(service.context)
        raise ZeroDivisionError


def assert_loads_the_same(context: Context) -> None:
    """Compare what is loaded of all events together with what is loaded of each alone."""
    shared = Shared()
    with context.database.read() as connection:
        found = load_events(connection, IDS)
        share_known(context, connection, found, shared)
    profile = next(iter(context.profiles.values()))
    together = [observe(context, each, profile, asks=False, shared=shared) for each in found]
    assert together == [observe(context, each, profile, asks=False) for each in found]


def candidates(context: Context) -> tuple[Event, ...]:
    """Find the candidates of now."""
    with context.database.read() as connection:
        return load_events(connection, find_candidates(context, connection, context.clock.now()))
