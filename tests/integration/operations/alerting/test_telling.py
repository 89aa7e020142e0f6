"""Operators are told of problems: on a real mail server and a real HTTP receiver, in virtual time."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from tests.builders import ACCOUNT, AN_OPERATOR, NOW, an_event
from tests.integration.service import MakeService, Service
from tests.leaks import Secret, find_leaks
from tests.mail import MailServer
from tests.receiver import Receiver
from zoom_ops.alerting.hours import UTC_ZONE
from zoom_ops.engine.runs import Request, ask_for
from zoom_ops.errors import BadInputError, NotFoundError, ZoomOpsError
from zoom_ops.logs import configure_logging
from zoom_ops.messages import as_said
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.operations.alerting.admin import (
    Times,
    add_window,
    mute_problem,
    stop_window,
    try_targets,
    unmute_problem,
)
from zoom_ops.operations.alerting.deliver import WAITS
from zoom_ops.operations.alerting.round import THE_ROUND, ask_to_tell, follow_settings, is_due
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts
from zoom_ops.operations.views.problems import show_problems
from zoom_ops.operations.views.targets import show_targets
from zoom_ops.settings import describe_values
from zoom_ops.store.alerts import Alert, clear_alert, raise_alert
from zoom_ops.store.tables import metadata, operator_message

PASSWORD = "tidewater-tidewater"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """The operators' mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture
def log() -> io.StringIO:
    """The log of everything, in detail."""
    stream = io.StringIO()
    configure_logging("json", stream, debug=True)
    return stream


@pytest.fixture
def telling(make_service: MakeService, mail: MailServer, receiver: Receiver) -> Callable[..., Service]:
    """Return a function that makes a service that tells by mail and to a receiver of JSON."""

    def make(*entries: str, **further: str) -> Service:
        targets = entries or (mail.url, json_url(receiver))
        settings = {"ALERT_TO": json.dumps(targets), "ALERT_DIGEST_AT": "off", **further}
        return make_service(settings={f"ZOOM_OPS_{name}": value for name, value in settings.items()})

    return make


def json_url(receiver: Receiver) -> str:
    """Return the Apprise URL of a receiver of JSON."""
    return receiver.url.replace("http://", f"json://operator:{PASSWORD}@")


def an_alert(number: int = 1, **changes: object) -> Alert:
    """Build an alert about an event."""
    given = {
        "kind": "event_late",
        "subject": f"event-{number}",
        "account": "main",
        "cause": "Zoom refused their webinar",
        "message": as_said(f"Event {number} has no webinar. Say: zoom-ops runs retry {number}"),
    }
    return Alert(**{**given, **changes})  # type: ignore[arg-type]


def alert(service: Service, *alerts: Alert) -> None:
    """Raise alerts."""
    with service.app.database.begin() as connection:
        for one in alerts:
            raise_alert(connection, one, service.clock.now())


def clear(service: Service, *alerts: Alert) -> None:
    """Clear alerts."""
    with service.app.database.begin() as connection:
        for one in alerts:
            clear_alert(connection, one.key, service.clock.now())


def tell(service: Service, after: timedelta = timedelta()) -> None:
    """Let the engine look after a time, and do what is due."""
    service.clock.advance(after)
    for _ in range(10):
        with service.app.database.read() as connection:
            requests = ask_to_tell(service.context)(connection, service.app.database.now(connection))
        if not requests:
            break
        ask_for(service.app.database, requests)
        service.work()
    service.work()


def fail_once(service: Service, receiver: Receiver) -> None:
    """Tell of an alert while the receiver fails: the message waits to be sent again."""
    receiver.say(500, times=1)
    tell(service)
    alert(service, an_alert())
    tell(service, after=MINUTE)


def test_500_alerts_with_one_cause_are_one_message(
    telling: Callable[..., Service], mail: MailServer, receiver: Receiver
) -> None:
    service = telling()
    tell(service)
    service.add(an_event(id="event-1"))

    alert(service, *(an_alert(number) for number in range(1, 501)))
    tell(service)
    assert (mail.subjects, receiver.heard) == ([], [])
    tell(service, after=MINUTE)
    tell(service, after=timedelta(hours=5))

    assert mail.subjects == ["[zoom_ops] warning: 500 events: Zoom refused their webinar"]
    assert len(receiver.heard) == 1
    assert "and 490 more" in mail.text()
    assert "https://events.example.org/-/events/event-1" in mail.text()
    assert receiver.heard[0].told["title"] == mail.subjects[0]


def test_over_is_told_to_whom_it_was_told(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    alert(
        service, an_alert(1), an_alert(2, kind="disk_full", cause="", message=as_said("The disk is full. Free some."))
    )
    clear(service, an_alert(1))

    tell(service, after=MINUTE)
    clear(service, an_alert(2, kind="disk_full"))
    tell(service, after=11 * MINUTE)

    assert mail.subjects == [
        "[zoom_ops] warning: event-2: The disk is full",
        "[zoom_ops] over: event-2: The disk is full",
    ]


def test_over_names_and_links_the_events_of_the_problem(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    service.write(an_event(id="event-1"))
    alert(service, an_alert(1), an_alert(2))
    tell(service, after=MINUTE)
    clear(service, an_alert(1), an_alert(2))

    tell(service, after=timedelta(hours=1))

    (over,) = [text for text in map(mail.text, range(len(mail.mails))) if text.startswith("This is over")]
    assert "from 2040-01-24 12:00 UTC until 2040-01-24 12:01 UTC" in over
    assert "• Tides of Tomorrow, 2040-01-31 13:30 UTC\nhttps://events.example.org/-/events/event-1\n" in over
    assert "• event-2\n" in over
    assert "runs retry" not in over


@pytest.mark.parametrize("how", ["stopped", "paused"])
def test_account_that_stands_still_is_told_with_the_events_that_wait_for_it(
    telling: Callable[..., Service], mail: MailServer, how: str
) -> None:
    service = telling(mail.url, ALERT_ZONE="Europe/Zurich")
    tell(service)
    for number in range(5):
        begin = NOW + timedelta(hours=30 - number)
        service.write(an_event(id=f"event-{number}", name=f"Event {number}", start=begin, end=begin + MINUTE * 60))
    if how == "paused":
        pause_account(service.context, ACCOUNT, "Zoom moves us", AN_OPERATOR)
        tell(service, after=timedelta(hours=25))
        service.tick("watch_service")
        service.work()
    else:
        alert(
            service,
            Alert(kind="account_stopped", account=ACCOUNT, message=as_said("Zoom refuses the secret. Correct it.")),
        )

    tell(service, after=MINUTE)

    waits = "5 events wait for that: Event 4 (2040-01-25 15:00 CET), Event 3 (2040-01-25 16:00 CET), "
    assert f"\n\n{waits}Event 2 (2040-01-25 17:00 CET) and 2 more.\n\n" in mail.text()


def test_problem_is_told_again_every_day_and_who_joins_waits_for_that(
    telling: Callable[..., Service], mail: MailServer
) -> None:
    service = telling(mail.url)
    tell(service)
    alert(service, an_alert(1))
    tell(service, after=MINUTE)

    alert(service, *(an_alert(number) for number in range(2, 6)))
    tell(service, after=timedelta(hours=20))
    tell(service, after=timedelta(hours=5))

    assert mail.subjects == [
        "[zoom_ops] warning: event-1: Zoom refused their webinar",
        "[zoom_ops] warning: still: 5 alerts: Zoom refused their webinar",
    ]


def test_problem_that_comes_and_goes_is_told_once_and_its_end_counts_its_returns(
    telling: Callable[..., Service], mail: MailServer
) -> None:
    service = telling(mail.url)
    tell(service)
    for _ in range(5):
        alert(service, an_alert(severity="critical"))
        tell(service, after=3 * MINUTE)
        clear(service, an_alert())
        tell(service, after=5 * MINUTE)

    tell(service, after=timedelta(hours=1))

    assert mail.subjects == [
        "[zoom_ops] critical: event-1: Zoom refused their webinar",
        "[zoom_ops] over: event-1: Zoom refused their webinar",
    ]
    assert "\n\nIt returned 4 times since 2040-01-24 12:00 UTC.\n\n" in mail.text()


def test_many_problems_at_once_are_one_message(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)

    alert(service, *(an_alert(number, cause=f"Cause number {number}") for number in range(30)))
    tell(service, after=MINUTE)
    clear(service, *(an_alert(number) for number in range(30)))
    tell(service, after=11 * MINUTE)

    assert mail.subjects == ["[zoom_ops] warning: 30 problems at once"] * 2
    assert "and 20 more" in mail.text(0)
    assert "over: event-0: Cause number 0" in mail.text(1)


def test_target_that_fails_for_a_day_is_told_to_the_others_once_and_gets_its_message_once(
    telling: Callable[..., Service], mail: MailServer, receiver: Receiver
) -> None:
    service = telling()
    receiver.say(500, times=1000)
    tell(service)
    alert(service, an_alert())

    for _ in range(3 * 24):
        tell(service, after=timedelta(minutes=20))
    tries = len(receiver.heard)
    receiver.next.clear()
    for _ in range(3):
        tell(service, after=timedelta(minutes=30))

    failing = [subject for subject in mail.subjects if "json #2" in subject]
    assert failing == [
        "[zoom_ops] warning: json #2 has taken no message to operators since 2040-01-24 12:20 UTC",
        "[zoom_ops] over: json #2 has taken no message to operators since 2040-01-24 12:20 UTC",
    ]
    assert 20 <= tries <= 35
    taken = [heard.told["title"] for heard in receiver.heard[tries:]]
    assert taken.count("[zoom_ops] warning: event-1: Zoom refused their webinar") == 1
    assert not [title for title in taken if "json #2" in title]
    (mailto, json_target) = show_targets(service.context)
    assert (mailto["state"], json_target["state"], json_target["waiting"]) == ("working", "working", 0)


def test_message_is_given_up_after_three_days(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(json_url(receiver))
    receiver.say(500, times=10)
    tell(service)
    alert(service, an_alert())
    tell(service, after=MINUTE)
    with service.app.database.begin() as connection:
        connection.execute(update(operator_message).values(attempts=len(WAITS)))

    tell(service, after=timedelta(hours=2))

    assert timedelta(days=3) < sum(WAITS, start=timedelta()) < timedelta(days=3.1)
    assert [(row.state, row.next_at) for row in stored(service)] == [("failed", None)]
    assert [row["kind"] for row in show_alerts(service.context.database)] == ["alert_target_failing", "event_late"]


def test_mail_server_that_refuses_is_tried_again(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    mail.refuses = "451 Try later"
    alert(service, an_alert())
    tell(service, after=MINUTE)
    (row,) = stored(service)
    assert (row.state, row.attempts) == ("waiting", 1)

    mail.refuses = ""
    tell(service, after=MINUTE)

    assert len(mail.mails) == 1


def test_wrong_entry_is_an_alert_and_the_others_work(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling("nosuch://tidewater-tidewater", mail.url)
    tell(service)
    tell(service, after=MINUTE)

    assert mail.subjects == [
        "[zoom_ops] warning: ALERT_TO: nosuch #1 cannot be used: there is no service with nosuch://"
    ]
    assert "tidewater" not in mail.text()
    (row,) = [check for check in check_installation(service.context) if check.what == "alert target nosuch #1"]
    assert not row.ok


def test_wrong_entry_that_was_dismissed_makes_no_more_rounds(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling("nosuch://tidewater-tidewater", mail.url)
    tell(service)
    (row,) = show_alerts(service.context.database)

    dismiss_alert(service.context.database, row["id"], AN_OPERATOR)

    with service.app.database.read() as connection:
        assert not is_due(service.context, connection, service.app.database.now(connection))


def test_removed_target_gets_nothing_more(
    telling: Callable[..., Service], mail: MailServer, receiver: Receiver
) -> None:
    before = telling()
    receiver.say(500, times=100)
    tell(before)
    alert(before, an_alert())
    for _ in range(10):
        tell(before, after=timedelta(minutes=20))

    before.app.engines.alone_lock.release()
    after = telling(mail.url)
    after.clock.advance(timedelta(hours=6))
    tell(after)

    assert {row.answer for row in stored(after) if row.state == "failed"} == {"ALERT_TO does not name it any more."}
    assert [row["kind"] for row in show_alerts(after.context.database)] == ["event_late"]


def test_targets_are_forgotten_where_nobody_is_told_any_more(
    telling: Callable[..., Service], make_service: MakeService, receiver: Receiver
) -> None:
    before = telling(json_url(receiver), "nosuch://tidewater")
    receiver.say(500, times=100)
    tell(before)
    alert(before, an_alert())
    tell(before, after=MINUTE)

    after = make_service()
    follow_settings(after.context)

    assert [row.state for row in stored(after)] == ["failed"] * 2
    assert [row["kind"] for row in show_alerts(after.context.database)] == ["event_late"]


def test_muted_problem_is_told_to_nobody_and_shown_with_its_note(
    telling: Callable[..., Service], mail: MailServer
) -> None:
    service = telling(mail.url, ALERT_DIGEST_AT="08:00")
    tell(service)
    alert(service, an_alert())
    (problem,) = show_problems(service.context.database)
    times = Times(lasts="7d", zone=UTC_ZONE)
    mute_problem(service.context.database, "event_late", AN_OPERATOR, times, note="Zoom knows of it")

    tell(service, after=DAY)

    assert mail.subjects == ["[zoom_ops] digest: Nothing needs you"]
    assert "muted until 2040-01-31 12:00 UTC by an operator: Zoom knows of it" in mail.text()
    (shown,) = show_problems(service.context.database)
    assert (shown["id"], shown["muted"]["note"]) == (problem["id"], "Zoom knows of it")
    unmute_problem(service.context.database, problem["id"][:4], AN_OPERATOR)
    tell(service, after=MINUTE)
    assert mail.subjects[1:] == ["[zoom_ops] warning: event-1: Zoom refused their webinar"]


def test_message_that_waits_is_not_sent_once_its_problem_is_muted(
    telling: Callable[..., Service], receiver: Receiver
) -> None:
    service = telling(json_url(receiver))
    fail_once(service, receiver)

    mute_problem(service.context.database, "event_late", AN_OPERATOR, Times(zone=UTC_ZONE), note="Zoom knows of it")
    tell(service, after=timedelta(hours=1))

    assert len(receiver.heard) == 1
    assert [(row.state, row.answer) for row in stored(service)] == [
        ("skipped", "It was not sent: an operator has muted its problem: Zoom knows of it")
    ]


def test_message_that_waits_is_sent_after_the_maintenance_window(
    telling: Callable[..., Service], receiver: Receiver
) -> None:
    service = telling(json_url(receiver))
    fail_once(service, receiver)

    add_window(service.context.database, AN_OPERATOR, Times(lasts="2h", zone=UTC_ZONE), note="The database moves")
    tell(service, after=timedelta(hours=1))
    meanwhile = len(receiver.heard)
    tell(service, after=timedelta(hours=1, minutes=1))

    assert (meanwhile, len(receiver.heard)) == (1, 2)
    assert [row.state for row in stored(service)] == ["taken"]


def test_message_put_off_for_a_window_says_so_and_goes_once_the_window_is_ended(
    telling: Callable[..., Service], receiver: Receiver
) -> None:
    service = telling(json_url(receiver))
    fail_once(service, receiver)
    database, times = service.context.database, Times(lasts="8h", zone=UTC_ZONE)
    window = add_window(database, AN_OPERATOR, times, note="The database moves")
    tell(service, after=5 * MINUTE)
    run = service.runs(job="tell_operators")[0]
    meanwhile = len(receiver.heard)

    stop_window(database, window["id"], AN_OPERATOR)
    tell(service)

    assert str(run.error) == (
        "Messages to json #1 are put off. Maintenance of everything until 2040-01-24 20:01 UTC: The database moves "
        "(an operator). Nobody is told of it meanwhile."
    )
    assert (meanwhile, len(receiver.heard)) == (1, 2)
    assert [row.state for row in stored(service)] == ["taken"]


def test_message_that_was_skipped_for_a_mute_is_told_once_the_mute_is_ended(
    telling: Callable[..., Service], receiver: Receiver
) -> None:
    service = telling(json_url(receiver))
    fail_once(service, receiver)
    mute_problem(service.context.database, "event_late", AN_OPERATOR, Times(zone=UTC_ZONE), note="Zoom knows of it")
    tell(service, after=MINUTE)

    unmute_problem(service.context.database, "event_late", AN_OPERATOR)
    tell(service)

    assert [row.state for row in stored(service)] == ["skipped", "taken"]
    assert [heard.told["title"] for heard in receiver.heard[1:]] == [
        "[zoom_ops] warning: event-1: Zoom refused their webinar"
    ]


def test_mute_without_an_end_lasts_until_a_day_after_its_problem(
    telling: Callable[..., Service], mail: MailServer
) -> None:
    service = telling(mail.url)
    tell(service)
    alert(service, an_alert())
    mute_problem(service.context.database, "event_late", AN_OPERATOR, Times(zone=UTC_ZONE), note="known")
    clear(service, an_alert())
    tell(service, after=timedelta(hours=23))
    alert(service, an_alert())
    tell(service, after=MINUTE)
    clear(service, an_alert())
    tell(service, after=timedelta(hours=25))
    alert(service, an_alert())
    assert mail.mails == []

    tell(service, after=MINUTE)

    assert mail.subjects == ["[zoom_ops] warning: event-1: Zoom refused their webinar"]


def test_window_silences_and_what_lasts_is_told_at_its_end(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    window = add_window(
        service.context.database, AN_OPERATOR, Times(lasts="2h", zone=UTC_ZONE), note="The database moves"
    )
    alert(service, an_alert(1, severity="critical"), an_alert(2, cause="Something else broke"))

    tell(service, after=timedelta(hours=1))
    assert [row["window"]["note"] for row in show_problems(service.context.database)] == ["The database moves"] * 2
    clear(service, an_alert(2))
    stop_window(service.context.database, window["id"], AN_OPERATOR)
    assert mail.mails == []
    tell(service, after=timedelta(seconds=1))

    assert mail.subjects == ["[zoom_ops] critical: event-1: Zoom refused their webinar"]


def test_message_whose_answer_was_not_stored_is_sent_again_and_one_that_was_is_not(
    telling: Callable[..., Service], mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = telling(mail.url)
    tell(service)
    alert(service, an_alert())

    with monkeypatch.context() as patched:

        def die(*_: object, **__: object) -> None:
            raise ZoomOpsError("killed between the answer and the commit")

        patched.setattr("zoom_ops.operations.alerting.deliver.note_success", die)
        tell(service, after=MINUTE)
    assert (len(mail.mails), [row.state for row in stored(service)]) == (1, ["waiting"])
    tell(service, after=timedelta(hours=1))
    tell(service, after=timedelta(hours=1))

    assert len(mail.mails) == 2
    assert [row.state for row in stored(service)] == ["taken"]


def test_round_that_is_written_twice_tells_once(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    alert(service, an_alert())
    service.clock.advance(MINUTE)

    for _ in range(3):
        ask_for(service.app.database, [Request(job="tell_operators", subject=THE_ROUND)])
        service.work()
    tell(service)

    assert len(mail.mails) == 1


def test_engine_tells_by_itself(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    alert(service, an_alert())
    service.clock.advance(MINUTE)

    service.app.engines.alone.drain(lambda: bool(mail.mails))

    assert mail.subjects == ["[zoom_ops] warning: event-1: Zoom refused their webinar"]


def test_quiet_day_makes_no_runs(telling: Callable[..., Service], mail: MailServer) -> None:
    service = telling(mail.url)
    tell(service)
    alert(service, an_alert())
    tell(service, after=MINUTE)
    before = len(service.runs())

    for _ in range(20):
        tell(service, after=timedelta(minutes=30))

    assert len(service.runs()) == before


def test_targets_are_tried(telling: Callable[..., Service], mail: MailServer, receiver: Receiver) -> None:
    service = telling(mail.url, json_url(receiver), "discord://tidewater-tidewater")
    receiver.say(403)

    rows = try_targets(service.context, AN_OPERATOR)

    assert [(row["target"], row["taken"]) for row in rows] == [
        ("mailto #1", True), ("json #2", False), ("discord #3", False),
    ]  # fmt: skip
    assert rows[1]["answer"] == "It answered HTTP 403."
    assert mail.subjects == ["[zoom_ops] test: alerts arrive here"]


def test_redirect_is_not_followed(telling: Callable[..., Service], receiver: Receiver) -> None:
    service = telling(f"{json_url(receiver)}?redirect=yes")
    receiver.say(307, location=f"{receiver.url}/elsewhere")

    (row,) = try_targets(service.context, AN_OPERATOR)

    assert (row["taken"], row["answer"]) == (False, "It answered HTTP 307.")
    assert len(receiver.heard) == 1


def test_nothing_of_an_address_is_stored_logged_or_shown(
    telling: Callable[..., Service], receiver: Receiver, log: io.StringIO
) -> None:
    wrong = f"discord://{PASSWORD}"
    service = telling(json_url(receiver).replace("/told", f"/{PASSWORD}?+key={PASSWORD}"), wrong, f"{PASSWORD}=x")
    receiver.say(500, PASSWORD.encode())
    tell(service)
    alert(service, an_alert())
    for _ in range(8):
        tell(service, after=timedelta(minutes=20))
    try_targets(service.context, AN_OPERATOR)
    check_installation(service.context)

    assert receiver.heard
    with service.app.database.read() as connection:
        rows = {table.name: str(connection.execute(select(table)).all()) for table in metadata.sorted_tables}
    shown = json.dumps([show_targets(service.context), describe_values(service.app.settings)])
    contents = {name: text.encode() for name, text in rows.items()}
    contents |= {"shown": shown.encode(), "log": log.getvalue().encode()}
    assert "operators_told" in log.getvalue()
    assert find_leaks([Secret(text=PASSWORD)], contents) == []


@pytest.mark.parametrize(
    ("times", "note", "sentence"),
    [
        (Times(zone=UTC_ZONE), "why", "Say until when the window lasts, or for how long."),
        (Times(lasts="2h", zone=UTC_ZONE), " ", "A note is missing: say why, so that everybody who sees it knows."),
        (Times(lasts="2 hours", zone=UTC_ZONE), "why", "'2 hours' is no span of time"),
        (Times(until="noon", zone=UTC_ZONE), "why", "'noon' is no time: expected one such as 2027-01-31T22:00."),
        (Times(until="2040-01-01", zone=UTC_ZONE), "why", "before it begins"),
        (Times(begins="2040-01-01", until="2040-01-02", zone=UTC_ZONE), "why", "The window is over already"),
        (Times(until="2040-02-01", lasts="2h", zone=UTC_ZONE), "why", "not both"),
    ],
)
def test_window_that_cannot_be_meant_gets_a_sentence(service: Service, times: Times, note: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(sentence)):
        add_window(service.context.database, AN_OPERATOR, times, note=note)


def test_problem_that_is_not_there_or_not_the_only_one_gets_a_sentence(service: Service) -> None:
    database, times = service.context.database, Times(zone=UTC_ZONE)
    alert(service, an_alert(1), an_alert(2, cause="Another cause"))

    with pytest.raises(NotFoundError, match=r"There is no problem 'event_early'\. Did you mean event_late"):
        mute_problem(database, "event_early", AN_OPERATOR, times, note="why")
    with pytest.raises(BadInputError, match="'event_late' is meant by several problems: "):
        mute_problem(database, "event_late", AN_OPERATOR, times, note="why")
    with pytest.raises(NotFoundError, match="There is no muted problem"):
        unmute_problem(database, "event_late", AN_OPERATOR)


def stored(service: Service) -> list[Row[Any]]:
    """List the stored messages, the oldest first."""
    with service.app.database.read() as connection:
        return list(connection.execute(select(operator_message).order_by(operator_message.c.at)))
