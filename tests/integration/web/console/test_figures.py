"""Figures and the hosts' calendar in the console: what the charts say, and the tables behind them."""

import random
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from html import unescape
from itertools import count as count_on
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, insert, select, update

from tests.builders import EVENT_ID, HOST, NOW, OTHER_HOST, a_publication, an_event
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.web_site import Visitor
from zoom_ops.operations.exposition import Exposition
from zoom_ops.operations.views.figures import limits
from zoom_ops.operations.views.figures import outcomes as views
from zoom_ops.operations.views.figures.limits import load_limits
from zoom_ops.operations.views.figures.outcomes import load_outcomes
from zoom_ops.operations.views.figures.spans import SPANS
from zoom_ops.operations.views.lists import Kept
from zoom_ops.store import counted
from zoom_ops.store.events import save_event
from zoom_ops.store.hosts import facts
from zoom_ops.store.hosts.foreign import Foreign, save_listed
from zoom_ops.store.recordings import save_publication
from zoom_ops.store.tables import attempt, binding, notification, run, zoom_call
from zoom_ops.store.webinars import book
from zoom_ops.zoom import label_patterns
from zoom_ops.zoom.endpoints import ENDPOINTS

HOUR = timedelta(hours=1)
JOB = "create_webinars"
WEEK = datetime.fromisoformat("2040-02-06T00:00:00+00:00")  # a Monday


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def write(service: Service, table: Table, **values: Any) -> Any:
    """Write a row; return the key that it got."""
    with service.app.database.begin() as connection:
        return connection.execute(insert(table).values(**values)).inserted_primary_key


def write_run(service: Service, subject: str, state: str, *, ago: timedelta = timedelta(), attempts: int = 1) -> int:
    """Write a run of a job that was asked for some time ago."""
    of_job = {"job": JOB, "subject_kind": "event", "subject": subject, "attempts": attempts}
    return int(write(service, run, **of_job, state=state, created=service.clock.now() - ago)[0])


def write_notification(service: Service, event: str, received: datetime) -> None:
    """Write a notification that an event's recording is complete."""
    told = {"account": "main", "kind": "recording.completed", "body": b"", "state": "folded", "event_id": event}
    write(service, notification, **told, body_hash=str(received), uuid=f"{event}==", received_at=received)


def a_call(now: datetime, chance: random.Random) -> dict[str, Any]:
    """Build the row of a call that left now or a while ago."""
    at = now - timedelta(seconds=chance.choice((0, 0, 1, 20, 400)))
    path = chance.choice(("/webinars/7", "/webinars/7/panelists", "/oauth/token"))
    return {"account": "main", "at": at, "method": "GET", "path": path, "status": 200}


def publish(service: Service, event: str, at: datetime, **changes: Any) -> None:
    """Publish the recording of an event."""
    with service.app.database.begin() as connection:
        save_publication(connection, event, a_publication(recording_uuid=f"{event}==", published_at=at, **changes))


def write_booking(service: Service, start: datetime, end: datetime, event: str = EVENT_ID, host: str = HOST) -> None:
    """Write an event with its booking."""
    with service.app.database.begin() as connection:
        save_event(connection, an_event(id=event, start=start, end=end, display_times=()), NOW)
        book(connection, event, "main", host, start - HOUR / 4, end + HOUR / 4)


def charts(page: str) -> list[str]:
    """List what the charts of a page say."""
    return [unescape(text) for text in re.findall(r'<svg[^>]* role="img" aria-label="([^"]*)"', page)]


def cells(page: str) -> Iterator[list[str]]:
    """Iterate over the rows of the tables, as the text of their cells."""
    for row in re.findall(r"<tr>(.*?<td.*?)</tr>", page, re.DOTALL):
        texts = (
            re.sub(r"<[^>]*>", "", re.sub("<li[^>]*>", " ", cell))
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        )
        yield [" ".join(unescape(text).split()) for text in texts]


@pytest.mark.both_databases
def test_strip_says_what_became_of_the_last_50_runs_and_leads_to_each(service: Service, operator: Visitor) -> None:
    write_run(service, "too-old", "failed")
    retried, plain = (
        write_run(service, "event-0", "done", attempts=2),
        write_run(service, "event-1", "done", attempts=2),
    )
    said = {"number": 1, "sentence": "Busy.", "first_at": NOW, "at": NOW}
    write(service, attempt, run_id=retried, outcome="retried", **said)
    write(service, attempt, run_id=plain, outcome="waiting", **said)
    for number in range(2, 48):
        last = write_run(service, f"event-{number}", "done")
    failed, waits = write_run(service, "failing", "failed"), write_run(service, "waiting", "active")

    page = operator.get("/-/jobs").text

    words = "47 done, 1 done after a retry, 1 open, 1 failed"
    assert [text for text in charts(page) if "last 50" in text] == [f"The last 50 runs of create webinars: {words}."]
    rows = [row[:2] for row in cells(page)]
    assert rows == [
        [str(waits), "open"], [str(failed), "failed"], [f"47: {plain} to {last}", "done"],
        [str(retried), "done after a retry"],
    ]  # fmt: skip
    for number in (waits, failed, last):
        assert f'<a href="/-/runs/{number}" tabindex="-1"><title>Run {number}:' in page
    assert "No run yet" in page


@pytest.mark.both_databases
def test_outcomes_are_those_of_the_span(service: Service, operator: Visitor) -> None:
    write_run(service, "a", "failed", ago=300 * HOUR)
    write_run(service, "b", "parked", ago=100 * HOUR)
    write_run(service, "c", "failed", ago=20 * HOUR)
    write_run(service, "d", "done", ago=3 * HOUR)
    write_run(service, "e", "done")
    told = {"hour": "1 done", "day": "2 done, 1 failed", "week": "2 done, 1 waiting for an operator, 1 failed"}

    pages = {span: operator.get(f"/-/figures?span={span}").text for span in told}

    for span, words in told.items():
        assert f"Runs of create webinars in the last {span}: {words}." in charts(pages[span])
    assert [row[1] for row in cells(pages["day"]) if len(row) == 2] == ["1 failed", "1 done", "1 done"]


def test_span_that_there_is_not_is_refused_with_those_there_are(operator: Visitor) -> None:
    answer = operator.get("/-/figures?span=year")

    assert answer.status_code == 400
    assert "Figures are of the last hour, day, week, not of the last &#39;year&#39;." in answer.text


@pytest.mark.both_databases
def test_latency_is_said_in_words_and_the_sweep_is_named(service: Service, operator: Visitor) -> None:
    service.add(an_event(id="told", name="Told <b>"), an_event(id="swept"))
    now = service.clock.now()
    write_notification(service, "told", now - timedelta(seconds=190))
    publish(service, "told", now)
    publish(service, "swept", now)

    page = operator.get("/-/figures").text

    words = "Zoom told of 1 recording: it took 3 min 10 s. 1 was found by the sweep, before any notification came."
    assert f"Time from Zoom’s notification to the page. {words}" in charts(page)
    took = {row[0]: row[2] for row in cells(page) if len(row) == 3}
    assert took == {"Told <b>": "3 min 10 s", "Tides of Tomorrow": "found by the sweep"}


@pytest.mark.both_databases
def test_chart_and_metric_count_the_first_link_after_the_first_notification_once(
    service: Service, operator: Visitor
) -> None:
    service.add(an_event(id="told"))
    at = {"known_at": NOW, "created_at": NOW}
    of_zoom = {"uuid": "held==", "known": {}, "asked": {}, "refused": {}, "origin": "created", "state": "bound"}
    write(service, binding, event_id="told", account="main", host=HOST, webinar_id=7, **of_zoom, **at)
    exposition = Exposition(service.context, service.app.jobs)
    exposition.render()
    now = service.clock.now()
    write_notification(service, "told", now - timedelta(seconds=190))
    write_notification(service, "told", now - timedelta(seconds=10))
    publish(service, "told", now)
    service.clock.advance(HOUR)
    publish(service, "told", now + HOUR)  # found again after a crash
    publish(service, "told", now + HOUR, visibility="members")
    publish(service, "told", now + HOUR, state="withdrawn")
    publish(service, "told", now + HOUR)

    page = operator.get("/-/figures").text
    scraped = exposition.render().decode()

    assert [row[2] for row in cells(page) if len(row) == 3] == ["3 min 10 s"]
    name = "zoom_ops_notification_to_page_seconds"
    assert f'{name}_bucket{{account="main",le="120.0"}} 0.0' in scraped
    assert f'{name}_bucket{{account="main",le="300.0"}} 1.0' in scraped
    assert f'{name}_count{{account="main"}} 1.0' in scraped
    with service.app.database.begin() as connection:
        connection.execute(delete(binding))
    assert f'{name}_count{{account="main"}} 1.0' in exposition.render().decode()


def test_recording_that_the_service_published_is_a_column(service: Service, operator: Visitor) -> None:
    service.add()
    service.settle()
    service.zoom.hold()
    service.settle()

    page = operator.get("/-/figures").text

    assert service.published()
    assert any(text.startswith("Time from Zoom’s notification to the page. Zoom told of 1") for text in charts(page))


@pytest.mark.both_databases
def test_calls_are_counted_by_label_and_busiest_second(service: Service, operator: Visitor) -> None:
    paths = {"/webinars/7": 3, "/webinars/7/panelists": 2, "/users/a/webinars": 1, "/oauth/token": 9}
    second = service.clock.now().replace(microsecond=0) - timedelta(minutes=1)
    for path, count in paths.items():
        for number in range(count):
            at = second + timedelta(milliseconds=100 * number)
            write(service, zoom_call, account="main", at=at, method="GET", path=path, status=200)
    write(service, zoom_call, account="main", at=second - HOUR, method="GET", path="/webinars/8", status=200)
    service.use_up(HOST, 91)

    page = operator.get("/-/figures").text

    rates = {"light": 3, "medium": 3}
    for label, most in rates.items():
        assert any(text.startswith(f"main, {label} calls: at most {most} of ") for text in charts(page))
    assert f"{HOST}: 91 of 100 changes today." in charts(page)
    assert ["light calls", "4"] in [row[:2] for row in cells(page)]


def test_of_very_many_calls_the_latest_are_counted_and_the_page_says_so(
    service: Service, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "COUNTED", 2)
    now = service.clock.now()
    for minutes in (3, 2, 1):
        at = now - timedelta(minutes=minutes)
        write(service, zoom_call, account="main", at=at, method="GET", path="/webinars/7", status=200)

    page = operator.get("/-/figures?span=hour").text

    assert "2 calls in the last hour" in page
    earliest = (now - timedelta(minutes=3)).strftime("%Y-%m-%d %H:%M")
    assert re.search(rf"more than 20,000 calls: they are counted from <time[^>]*>{earliest}</time> UTC on", page)


def check_kept(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the figures with those that are counted anew."""
    span, now, database = SPANS["hour"], service.clock.now(), service.app.database
    counts = [load_limits(service.context, span, now), load_outcomes(database, [JOB], span, now)]
    with monkeypatch.context() as anew:
        for module in (limits, views):
            anew.setattr(module, "kept_of", lambda _: Kept())
        assert counts == [load_limits(service.context, span, now), load_outcomes(database, [JOB], span, now)]


@pytest.mark.both_databases
def test_what_is_kept_of_earlier_calls_and_runs_is_what_a_new_count_says(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "COUNTED", 240)
    chance, database, subjects = random.Random("figures"), service.app.database, count_on()
    for made in (230, *(chance.randrange(1, 4) for _ in range(25))):
        with database.begin() as connection:
            calls = [a_call(service.clock.now(), chance) for _ in range(made)]
            connection.execute(insert(zoom_call), calls)
            states = [chance.choice(("done", "active", "failed")) for _ in range(made)]
            of_job = {"job": JOB, "subject_kind": "event", "attempts": 1, "created": service.clock.now() - HOUR / 9}
            connection.execute(
                insert(run), [of_job | {"subject": f"event-{next(subjects)}", "state": state} for state in states]
            )
            open_run = select(func.min(run.c.id)).where(run.c.state == "active").scalar_subquery()
            connection.execute(update(run).where(run.c.id == open_run).values(state="cancelled"))
            gone = chance.choice((run, zoom_call, None, None))
            if gone is not None:
                earlier = select(gone.c.id).order_by(gone.c.id.desc()).offset(chance.randrange(50, 150)).limit(1)
                connection.execute(delete(gone).where(gone.c.id == earlier.scalar_subquery()))
        service.clock.advance(timedelta(seconds=chance.randrange(100)))
        check_kept(service, monkeypatch)
    for _ in range(3):  # an earlier call goes, and one that does not count comes late in its place
        with database.begin() as connection:
            api = zoom_call.c.path.like("/webinars%")
            gone = connection.execute(select(zoom_call).where(api).order_by(zoom_call.c.id.desc()).offset(30)).first()
            assert gone is not None
            connection.execute(delete(zoom_call).where(zoom_call.c.id == gone.id))
            connection.execute(insert(zoom_call).values(account="main", at=gone.at, method="POST", path="/oauth/token"))
        check_kept(service, monkeypatch)

    with database.read() as connection:  # more than are counted, so that both windows have moved
        assert all(connection.scalar(select(func.max(table.c.id))) > 250 for table in (run, zoom_call))


def test_pattern_of_a_path_gives_each_endpoint_its_label() -> None:
    patterns = label_patterns(besides="LIGHT")

    for endpoint in ENDPOINTS:
        path = re.sub(r"\{\w+\}", "some-id", endpoint.path)
        found = [label for method, like, label in patterns
                 if method == endpoint.method and fnmatchcase(path, like.replace("%", "*"))]  # fmt: skip
        assert (found or ["LIGHT"])[0] == endpoint.label, endpoint.name


@pytest.fixture
def booked(service: Service) -> Service:
    """A service with an event of ours over midnight, and a webinar of others."""
    write_booking(service, WEEK + 23 * HOUR, WEEK + 25 * HOUR)
    with service.app.database.begin() as connection:
        times = ((WEEK + 34 * HOUR, WEEK + 35 * HOUR),)
        board: Mapping[str, Any] = {"account": "main", "webinar_id": 7, "host": HOST, "kind": 5, "shown": ""}
        save_listed(connection, "main", HOST, [Foreign(**board, topic="The <board>", times=times)], NOW)
    return service


@pytest.mark.both_databases
def test_calendar_says_who_has_what_and_what_is_left_today(booked: Service, operator: Visitor) -> None:
    booked.use_up(HOST, 12)

    page = operator.get("/-/hosts/calendar?week=2040-02-05").text

    days = [row for row in cells(page) if len(row) == 7]
    ours = ["from 23:00 Tides of Tomorrow", "until 01:00 Tides of Tomorrow 10:00 foreign The <board>"]
    assert days[0] == ["", *ours, "", "", "", ""]
    assert f"{HOST}: 12 of 100 changes used today." in charts(page)
    assert "kept free 22:45–01:15" in re.sub(r"<[^>]*>", "", page)
    assert 'title="10:00–11:00 UTC: The &lt;board&gt;"' in page
    assert 'href="/-/hosts/calendar?week=2040-01-29"' in page
    assert 'href="/-/hosts/calendar?week=2040-02-12"' in page


def test_calendar_of_another_week_or_account_is_without_them(booked: Service, operator: Visitor) -> None:
    week_after = operator.get("/-/hosts/calendar?week=2040-02-13").text
    other = operator.get("/-/hosts/calendar?week=2040-02-06&account=other").text

    assert "Tides of Tomorrow" not in week_after
    assert HOST in week_after
    assert "Free on all 7 days" in week_after
    assert list(cells(week_after)) == []
    assert "No host is there" in other


def test_calendar_says_who_is_busy_now(service: Service, operator: Visitor) -> None:
    write_booking(service, NOW - HOUR, NOW + HOUR)

    page = operator.get("/-/hosts/calendar").text
    days = re.findall(r'id="day-([0-9-]+)"', page)

    assert (days[0], len(days)) == (str(NOW.date()), 7)
    busy = re.search(r"<p>(Now: .*?)</p>", page, re.DOTALL)
    assert busy
    assert " ".join(re.sub(r"<[^>]*>", "", busy[1]).split()) == f"Now: {HOST} has Tides of Tomorrow until 13:00 UTC."
    assert 'aria-current="date"' in page


@pytest.mark.both_databases
def test_each_host_is_shown_with_its_first_bookings_and_their_number(
    service: Service, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "_AT_MOST", 22)
    for number in range(23):
        write_booking(service, NOW + number * HOUR, NOW + number * HOUR + HOUR / 2, f"tide-{number}")
    write_booking(service, NOW - 2 * HOUR, NOW - HOUR, "over")
    write_booking(service, NOW + 19 * HOUR, NOW + 20 * HOUR, "other", OTHER_HOST)

    ours, *others = operator.get("/-/hosts").text.split('aria-labelledby="host-')[1:]

    assert re.findall(r'href="/-/events/([a-z0-9-]+)"', ours) == [f"tide-{number}" for number in range(20)]
    assert "and 3 more" in ours
    assert [re.findall(r'href="/-/events/([a-z0-9-]+)"', other) for other in others] == [["other"]]


@pytest.mark.parametrize("week", ["soon", "1999-12-31", "9999-12-31", "0001-01-01", "2040-02-30"])
def test_week_that_cannot_be_shown_is_refused_in_a_sentence(operator: Visitor, week: str) -> None:
    answer = operator.get(f"/-/hosts/calendar?week={week}")

    assert answer.status_code == 400
    assert week in answer.text
