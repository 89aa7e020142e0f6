"""Outgoing webhooks: each receiver gets the messages for it, signed, and again until it accepts them."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, SLIDES, START, an_attachment, an_event
from tests.integration.service import PATIENT, MakeService, Service
from tests.receiver import OTHER_SECRET, SECRET, Receiver
from tests.waiting import wait_until
from tests.zoom_stub import RawZoom, raw
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.operations.views.alerts import show_alerts
from zoom_ops.operations.webhooks.admin import retry_delivery, retry_failed, show_deliveries, show_webhooks, try_webhook
from zoom_ops.outgoing import ATTEMPTS
from zoom_ops.store.tables import run

EVENTS = '["event.created", "event.updated"]'
MEMBERS_RECORDING = an_attachment(visibility="members")


@pytest.fixture
def other() -> Iterator[Receiver]:
    """A second receiver."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def telling(make_service: MakeService, receiver: Receiver) -> Callable[..., Service]:
    """Return a function that makes a service with this receiver. `further`: settings of its webhook."""

    def make(more: dict[str, str] | None = None, **further: str) -> Service:
        return make_service(settings=receiver.settings(**further) | (more or {}))

    return make


def webhook(url: str) -> dict[str, str]:
    """Build the settings of a webhook for events."""
    fields = {"URL": url, "SECRET": SECRET, "KINDS": EVENTS}
    return {f"ZOOM_OPS_WEBHOOKS__AWAY__{key}": value for key, value in fields.items()}


def deliver(service: Service) -> None:
    """Send the messages that are due."""
    service.tick("tell_others")
    service.settle()


def hold_event(service: Service) -> None:
    """Bring an event from its webinar to its published recording."""
    service.clock.advance(START - service.clock.now())
    service.zoom.hold()
    service.clock.advance(END - service.clock.now() + timedelta(hours=1))
    service.settle()


def waiting_s(service: Service) -> float:
    """Return the seconds between the latest attempt and the next one."""
    (waiting,) = show_deliveries(service.context)
    again, tried = (datetime.fromisoformat(waiting[name]) for name in ("next_at", "tried_at"))
    return (again - tried).total_seconds()


def test_life_of_an_event_is_told(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling()

    service.add()
    service.settle()
    service.change(name="Tides of the Day after Tomorrow")
    service.settle()
    hold_event(service)
    deliver(service)

    before_start = ["event.created", "webinar.created", "event.updated", "webinar.updated"]
    assert receiver.kinds == [*before_start, "webinar.started", "webinar.ended", "recording.published"]
    assert len({message.id for message in receiver.heard}) == len(receiver.heard)
    published = receiver.heard[-1].told["data"]
    assert published["recording"] == {
        "uuid": published["event"]["recordings"][0]["uuid"],
        "title": "Recording",
        "part": 1,
        "state": "published",
        "url": service.published()[0],
    }


def test_cancelled_event_is_told(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS='["event.cancelled", "webinar.cancelled"]')
    later = timedelta(days=1)
    service.add(an_event(), an_event(id="deep-water", name="Deep Water", start=START + later, end=END + later))
    service.settle()

    service.cancel()
    service.change("deep-water", status="cancelled")
    service.settle()
    deliver(service)

    assert sorted(receiver.kinds) == ["event.cancelled", "event.cancelled", "webinar.cancelled", "webinar.cancelled"]


def test_engine_sends_by_itself_what_waits(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling()

    service.add()
    service.app.engines.alone.drain(lambda: bool(receiver.heard))

    assert receiver.kinds == ["event.created"]


def test_message_is_signed_by_each_secret(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(SECRET=json.dumps([SECRET, OTHER_SECRET]))

    service.add()
    deliver(service)

    assert receiver.heard[0].is_signed_by(SECRET, OTHER_SECRET)
    assert receiver.heard[0].headers["content-type"] == "application/json"
    assert receiver.heard[0].told["timestamp"].startswith("2040-01-24T12:00:")


def test_visitor_is_told_nothing_that_is_for_members(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling()
    attachments = (SLIDES, MEMBERS_RECORDING)

    service.add(an_event(attachments=attachments))
    service.settle()
    hold_event(service)
    deliver(service)

    assert service.published()
    heard = "".join(message.body for message in receiver.heard)
    assert "recording.published" not in receiver.kinds
    assert [hidden for hidden in (SLIDES.url, AMARA.email, "/recording", "join_url", "host") if hidden in heard] == []
    skipped = [delivery["answer"] for delivery in show_deliveries(service.context) if delivery["state"] == "skipped"]
    assert skipped == ["Nothing of it is for this webhook."]


def test_member_is_told_what_is_for_his_groups(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(AUDIENCE="member", GROUPS="Harbour")
    for_others = SLIDES.model_copy(update={"groups": ("Port",), "url": "https://example.org/port.pdf"})

    service.add(an_event(attachments=(SLIDES.model_copy(update={"groups": ("Harbour",)}), for_others)))
    deliver(service)

    assert SLIDES.url in receiver.heard[0].body
    assert for_others.url not in receiver.heard[0].body
    assert AMARA.email not in receiver.heard[0].body


def test_operator_is_told_everything(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(AUDIENCE="operator")

    service.add()
    service.settle()
    deliver(service)

    event = receiver.heard[-1].told["data"]["event"]
    assert event["webinar"]["join_url"]
    assert event["performers"][0]["email"] == AMARA.email


def test_recording_that_is_closed_is_withdrawn_from_who_was_told_of_it(
    telling: Callable[..., Service], receiver: Receiver, other: Receiver
) -> None:
    service = telling(other.settings("later", KINDS="recording.withdrawn"))
    service.add()
    service.settle()
    hold_event(service)
    deliver(service)

    service.change(attachments=(MEMBERS_RECORDING,))
    service.settle()
    deliver(service)

    last = receiver.heard[-1]
    assert last.kind == "recording.withdrawn"
    assert last.told["data"]["recording"].keys() == {"uuid", "state"}
    assert other.heard == []


def test_practice_session_is_nobody_elses_business(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling()
    service.add()
    service.settle()

    service.tell("webinar.ended", {"id": service.zoom.webinar()["id"], "uuid": "practice", "practice_session": True})
    service.settle()
    deliver(service)

    assert service.happened()[-1] == "practice_ended"
    assert "webinar.ended" not in receiver.kinds


def test_nothing_is_told_of_what_was_not_written(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    service.add()
    deliver(service)

    with pytest.raises(NotFoundError):
        service.add(an_event(name="Other Tides"), an_event(id="deep-water", profile="nowhere"))
    deliver(service)

    assert receiver.kinds == ["event.created"]


def test_message_is_sent_again_with_the_same_id(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(500, b"out of ink")

    service.add()
    deliver(service)
    (waiting,) = show_deliveries(service.context)
    service.later(timedelta(seconds=6))

    assert (waiting["state"], waiting["attempts"]) == ("waiting", 1)
    assert waiting["answer"] == "It answered HTTP 500. out of ink"
    first, second = receiver.heard
    assert first.id == second.id == waiting["id"]
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert second.is_signed_by(SECRET)
    assert show_deliveries(service.context)[0]["state"] == "taken"


def test_message_is_given_up_after_three_days_and_an_operator_told(
    telling: Callable[..., Service], receiver: Receiver
) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(500, b"amara.diallo@example.org", times=ATTEMPTS)
    service.add()

    deliver(service)
    waits = []
    for _ in range(ATTEMPTS - 1):
        waits.append(waiting_s(service))
        service.later(timedelta(seconds=waits[-1] + 1))

    planned = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert [plan for wait, plan in zip(waits, planned, strict=True) if plan <= wait <= plan * 1.1 + 1] == planned
    (given_up,) = show_deliveries(service.context, failed=True)
    assert (given_up["attempts"], given_up["next_at"]) == (ATTEMPTS, None)
    (alert,) = show_alerts(service.context.database)
    assert (alert["kind"], alert["subject"]) == ("webhook_failed", "partner")
    assert "HTTP 500" in alert["sentence"]
    assert "@" not in alert["sentence"]


def test_what_was_given_up_is_sent_again_by_hand(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(500, times=ATTEMPTS)
    service.add()
    deliver(service)
    for _ in range(ATTEMPTS - 1):
        service.later(timedelta(days=1, hours=3))

    sent = retry_failed(service.context, AN_OPERATOR)
    deliver(service)
    again = retry_delivery(service.context, receiver.heard[0].id, AN_OPERATOR)
    deliver(service)

    assert sent == 1
    assert again["state"] == "waiting"
    assert len(receiver.heard) == ATTEMPTS + 2
    assert len({message.id for message in receiver.heard}) == 1
    assert show_alerts(service.context.database) == []


def test_receiver_that_is_gone_is_told_nothing_more(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling()
    receiver.say(410)
    service.add(an_event(), an_event(id="deep-water", name="Deep Water"))

    deliver(service)
    service.change(name="Tides of Yesterday")
    deliver(service)

    assert len(receiver.heard) == 1
    assert {delivery["state"] for delivery in show_deliveries(service.context)} == {"failed"}
    assert [alert["kind"] for alert in show_alerts(service.context.database)] == ["webhook_gone"]
    assert [webhook["state"] for webhook in show_webhooks(service.context)] == ["stopped"]


def test_receiver_that_takes_a_test_is_told_again(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(410)
    service.add()
    deliver(service)

    answer = try_webhook(service.context, "partner", AN_OPERATOR)
    service.change(name="Tides of Yesterday")
    deliver(service)

    assert answer.taken
    assert receiver.kinds == ["event.created", "webhook.test", "event.updated"]
    assert receiver.heard[1].told["data"] == {"webhook": "partner"}
    assert show_alerts(service.context.database) == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(
    telling: Callable[..., Service], receiver: Receiver, other: Receiver, status: int
) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(status, location=other.url, times=9)

    service.add()
    deliver(service)

    (delivery,) = show_deliveries(service.context)
    assert (delivery["state"], delivery["status"], delivery["answer"]) == (
        "waiting",
        status,
        f"It answered HTTP {status}.",
    )
    service.later(timedelta(seconds=6))
    (again,) = show_deliveries(service.context)
    assert (again["attempts"], again["status"]) == (2, status)
    assert other.heard == []


def test_receiver_says_when_to_come_back(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(429, retry_after="600")
    began = service.clock.now().replace(microsecond=0)

    service.add()
    deliver(service)

    (waiting,) = show_deliveries(service.context)
    counted_from = datetime.fromisoformat(waiting["next_at"]) - timedelta(seconds=600)
    assert began <= counted_from <= service.clock.now()


def test_overloaded_receiver_is_left_in_peace(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.say(503)
    service.add(*(an_event(id=f"tides-{number}", name=f"Tides {number}") for number in range(5)))

    service.tick("tell_others")
    service.work()
    first = len(receiver.heard)
    service.later(timedelta(seconds=6))

    assert first == 1
    assert len(receiver.heard) == 6


def test_slow_receiver_delays_nobody_else(make_service: MakeService, receiver: Receiver, other: Receiver) -> None:
    slow = {**receiver.settings("slow"), **receiver.settings("slower")}
    service = make_service(settings=slow | other.settings("quick") | PATIENT)
    receiver.patience.clear()

    service.add(*(an_event(id=f"tides-{number}", name=f"Tides {number}", start=START + timedelta(days=number),
                           end=END + timedelta(days=number)) for number in range(9)))  # fmt: skip
    service.app.engines.alone.drain(
        lambda: len(service.zoom.webinars()) == 9 and other.kinds.count("webinar.created") == 9
    )

    assert len(receiver.heard) == 2  # both still wait for their first answer
    receiver.patience.set()


def test_receiver_that_is_not_there_is_asked_once_at_a_time(make_service: MakeService) -> None:
    service = make_service(settings=webhook("http://127.0.0.1:9/"))
    service.add(*(an_event(id=f"tides-{number}", name=f"Tides {number}") for number in range(3)))

    service.tick("tell_others")
    service.work()

    tried = [(delivery["attempts"], delivery["answer"]) for delivery in show_deliveries(service.context)]
    refused = "It did not answer: there is no connection (connection refused)."
    assert sorted(tried, key=str) == [(0, None), (0, None), (1, refused)]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 5_000, "taken"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "taken"),
        (b"HTTP/1.1 204 No\x00\r\nSet-Cookie: a=b\r\n\r\n", "taken"),
        (b"\x16\x03\x01\x02\x00", "waiting"),
        (b"HTTP/1.1 500 " + b"\xff" * 100_000 + b"\r\n\r\n", "waiting"),
        (b"", "waiting"),
    ],
    ids=["endless", "not gzip", "cookie", "tls", "long", "silent"],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whatever_a_receiver_answers_is_an_answer(make_service: MakeService, reply: bytes, state: str) -> None:
    with RawZoom() as stranger:
        stranger.replies.append(raw(reply))
        service = make_service(settings=webhook(stranger.url))
        service.add()

        service.tick("tell_others")
        service.work()

        assert [delivery["state"] for delivery in show_deliveries(service.context)] == [state]


def test_receiver_that_hangs_is_cut_off_in_time(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling({"ZOOM_OPS_DEADLINE_S": "0.5"}, KINDS=EVENTS)
    receiver.patience.clear()
    service.add()

    service.tick("tell_others")
    service.work()

    (waiting,) = show_deliveries(service.context)
    assert (waiting["state"], waiting["answer"]) == ("waiting", "It did not answer: no whole answer came within 0.5 s.")


def test_messages_to_who_is_not_configured_any_more_are_given_up(
    telling: Callable[..., Service], make_service: MakeService, database_kind: str
) -> None:
    service = telling(KINDS=EVENTS)
    service.add()
    service.context.webhooks.clear()  # type: ignore[attr-defined]  # as after a restart with other settings

    deliver(service)

    (given_up,) = show_deliveries(service.context)
    assert given_up["state"] == "failed"
    assert given_up["answer"] == "There is no webhook 'partner' in the settings any more."
    with pytest.raises(BadInputError, match="no webhook 'partner' in the settings"):
        retry_delivery(service.context, given_up["id"], AN_OPERATOR)


def test_run_that_was_taken_over_notes_nothing(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(KINDS=EVENTS)
    receiver.patience.clear()
    service.add()
    service.tick("tell_others")
    service.app.engines.alone.drain(lambda: bool(receiver.heard))

    with service.app.database.begin() as connection:
        connection.execute(run.update().where(run.c.job == "tell_others").values(fence=run.c.fence + 1))
    receiver.patience.set()
    wait_until(lambda: not service.app.engines.alone._busy, "the end of the run")

    assert [delivery["attempts"] for delivery in show_deliveries(service.context)] == [0]  # so it is sent once more


def test_names_that_nobody_has_are_refused(telling: Callable[..., Service]) -> None:
    service = telling()

    with pytest.raises(NotFoundError, match="Did you mean partner"):
        try_webhook(service.context, "partne", AN_OPERATOR)
    with pytest.raises(NotFoundError):
        retry_delivery(service.context, "msg_0", AN_OPERATOR)


def test_job_is_not_about_events(telling: Callable[..., Service]) -> None:
    service = telling()
    service.add()

    with pytest.raises(BadInputError, match="tell_others is about a webhook"):
        service.ask("tell_others", EVENT_ID)
    with pytest.raises(BadInputError, match="tell_others is about a webhook"):
        service.preview("tell_others")
    assert service.plan().actions


def test_password_in_an_address_is_not_shown(make_service: MakeService) -> None:
    service = make_service(settings=webhook("https://me:s3cret@cms.example.org:8443/in?key=s3cret"))

    (shown,) = show_webhooks(service.context)

    assert shown["url"] == "https://cms.example.org:8443/in"
    assert "s3cret" not in repr(service.context.webhooks)
