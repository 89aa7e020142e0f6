"""Zoom's rate limits: requests per second, the hold after a 429, a host's hundred changes a day."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from tests.builders import ACCOUNT, HOST, NOW, OTHER_HOST, UUID, WEBINAR_ID, a_draft
from tests.zoom_stub import RawZoom, Reply, a_gateway, an_account, refuses, resets, says
from zoom_ops.clock import HeldClock, SystemClock
from zoom_ops.errors import AmbiguousError, ConfigurationError, TemporaryError, WaitingError, ZoomOpsError
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.tables import budget, host_day
from zoom_ops.webinars import Panelist
from zoom_ops.zoom import Gateway, RateLimitedError, Waits
from zoom_ops.zoom.rate_limits import Limits
from zoom_ops.zoom.rate_limits.limits import PER_SECOND

pytestmark = pytest.mark.both_databases

A_WEBINAR = says(201, {"id": WEBINAR_ID, "uuid": UUID})
PER_SECOND_SAID = "You have reached the maximum per-second rate limit for this API. Try again later."
QPS = refuses(429, 429, PER_SECOND_SAID)
DAILY = "You have reached the maximum daily rate limit for this API. Refer to the response header for details."
HOST_DAY = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular "
    "user. You may resume these requests at GMT 00:00:00."
)
REGISTRANT = (
    "You have exceeded the daily rate limit of (3) for Add a webinar registrant API requests for the registrant "
    "(jonas.lindqvist@example.org). You can resume these API requests at GMT 00:00:00."
)
JONAS_MAIL = "jonas.lindqvist@example.org"
MIDNIGHT = NOW.replace(hour=0) + timedelta(days=1)


@pytest.fixture
def zoom() -> Iterator[RawZoom]:
    """A Zoom that answers as the test orders."""
    with RawZoom() as server:
        yield server


@pytest.fixture
def clock() -> HeldClock:
    """A clock that stands still."""
    return HeldClock(NOW)


@pytest.fixture
def held(migrated_database_url: str, clock: HeldClock) -> Iterator[Database]:
    """A database on that clock. PostgreSQL would use its own clock."""
    database = open_database(migrated_database_url, clock)
    yield database
    database.close()


@pytest.fixture
def gateway(zoom: RawZoom, held: Database, clock: HeldClock) -> Gateway:
    """A gateway on that clock."""
    return a_gateway(an_account(zoom.url), held, clock=clock)


on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def used(database: Database) -> dict[tuple[str, str], int]:
    """Return the counted creates and updates by host and day."""
    with database.read() as connection:
        return {(row.host, row.day): row.used for row in connection.execute(select(host_day))}


def use_up(database: Database, count: int) -> None:
    """Record `count` creates and updates of the host today."""
    with database.begin() as connection:
        day = database.now(connection).date().isoformat()
        connection.execute(insert(host_day).values(account=ACCOUNT, host=HOST, day=day, used=count))


def test_pace_is_nine_tenths_of_the_limit_over_all_processes(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    limits = [Limits(an_account(), open_database(url), SystemClock()) for _ in range(3)]
    clock, places, early = SystemClock(), list[float](), list[float]()

    def pass_some(limit: Limits) -> None:
        for _ in range(12):
            (place,), _ = limit.reserve("MEDIUM")
            places.append(place)  # not the moment of this line, which is late on a busy machine
            early.append(place - clock.elapsed())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(pass_some, limits))

    limit = PER_SECOND["pro"]["MEDIUM"]
    assert max(sum(1 for at in places if since <= at < since + 1) for since in places) <= limit
    assert max(early) <= 0.001
    assert len(places) == 36


@on_sqlite
def test_labels_are_paced_apart(held: Database, clock: HeldClock) -> None:
    limits = Limits(an_account(plan="free"), held, clock)

    limits.reserve("HEAVY")
    limits.reserve("LIGHT")

    assert clock.elapsed() == 0


@on_sqlite
def test_wait_of_more_than_a_second_is_not_waited_for(held: Database, clock: HeldClock) -> None:
    limits = Limits(an_account(plan="free"), held, clock)
    limits.reserve("HEAVY")

    with pytest.raises(RateLimitedError) as caught:  # one a second, at nine tenths of that
        limits.reserve("HEAVY")

    assert caught.value.retry_at == NOW + timedelta(seconds=1 / 0.9)
    assert clock.elapsed() == 0
    clock.advance(1.2)
    limits.reserve("HEAVY")
    assert clock.elapsed() == 1.2


@on_sqlite
def test_pace_recovers_from_a_clock_that_was_set_back(held: Database, clock: HeldClock) -> None:
    limits = Limits(an_account(), held, clock)
    limits.reserve("LIGHT")
    with held.begin() as connection:
        connection.execute(update(budget).values(free_at=NOW + timedelta(days=3)))

    with pytest.raises(RateLimitedError) as caught:
        limits.reserve("LIGHT")

    assert caught.value.retry_at is not None
    assert caught.value.retry_at - NOW <= timedelta(seconds=5)


def test_unknown_plan_names_the_setting(database: Database) -> None:
    with pytest.raises(ConfigurationError, match=r"ZOOM_OPS_ACCOUNTS__MAIN__PLAN is 'gold'.*business, free, pro"):
        Limits(an_account(plan="gold"), database, SystemClock())


@on_sqlite
@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (QPS, timedelta(seconds=1)),
        (says(429, "<html>Slow down</html>"), timedelta(seconds=1)),
        (refuses(429, 429, DAILY), MIDNIGHT - NOW),
        (refuses(429, 429, DAILY, Retry_After="2040-01-24T18:00:00Z"), timedelta(hours=6)),
        (refuses(429, 429, PER_SECOND_SAID, Retry_After="31536000"), timedelta(minutes=15)),
        (refuses(429, 429, PER_SECOND_SAID, Retry_After="2041-01-24T12:00:00Z"), timedelta(minutes=15)),
        (says(429, "<html>Slow down</html>", Retry_After="9" * 30), timedelta(minutes=15)),
    ],
    ids=["a second", "no words", "daily", "daily with an hour", "a year", "until next year", "without end"],
)
def test_label_is_held_after_a_429(
    zoom: RawZoom, gateway: Gateway, clock: HeldClock, reply: Reply, wait: timedelta
) -> None:
    zoom.answer(reply, A_WEBINAR)

    with pytest.raises(RateLimitedError) as caught:
        gateway.get_webinar(WEBINAR_ID)
    assert caught.value.retry_at == NOW + wait

    clock.advance(wait.total_seconds() - 1.5)
    if wait > timedelta(seconds=1.5):
        with pytest.raises(RateLimitedError):
            gateway.get_webinar(WEBINAR_ID)
    clock.advance(2)
    assert gateway.get_webinar(WEBINAR_ID).id == WEBINAR_ID
    assert len(zoom.requests) == 2


@on_sqlite
def test_hold_holds_every_process_and_no_later_one_shortens_it(held: Database, clock: HeldClock) -> None:
    url = held.engine.url.render_as_string(hide_password=False)
    others = open_database(url, clock)
    first, other = (Limits(an_account(), database, clock) for database in (held, others))
    first.hold("LIGHT", NOW + timedelta(hours=5))
    first.hold("LIGHT", NOW + timedelta(seconds=1))
    clock.advance(2)

    for limits in (first, other):
        with pytest.raises(RateLimitedError) as caught:
            limits.reserve("LIGHT")
        assert caught.value.retry_at == NOW + timedelta(hours=5)
    others.close()


CONCURRENT = "Too many concurrent requests. A request to perform this operation has already been made."
LIGHT_6000 = {"X_RateLimit_Category": "Light", "X_RateLimit_Limit": "6000", "X_RateLimit_Remaining": "5893"}
SECOND = timedelta(seconds=1)


@on_sqlite
@pytest.mark.parametrize(
    ("message", "headers", "kind", "until", "holds"),
    [
        (PER_SECOND_SAID, {"X_RateLimit_Type": "QPS"}, RateLimitedError, SECOND, "label"),
        (PER_SECOND_SAID, {"X_RateLimit_Type": "Daily-limit"}, RateLimitedError, SECOND, "label"),
        (DAILY, {"X_RateLimit_Type": "Daily-limit", "Retry_After": "2040-01-25T00:00:00Z"}, RateLimitedError,
         MIDNIGHT - NOW, "label"),
        (DAILY, {"X_RateLimit_Type": "QPS"}, RateLimitedError, MIDNIGHT - NOW, "label"),
        (HOST_DAY, LIGHT_6000, WaitingError, MIDNIGHT - NOW, "host"),
        (HOST_DAY, {"X_RateLimit_Type": "QPS", "Retry_After": "1"}, WaitingError, MIDNIGHT - NOW, "host"),
        (REGISTRANT, LIGHT_6000, RateLimitedError, MIDNIGHT - NOW, "nothing"),
        (CONCURRENT, {"X_RateLimit_Type": "QPS"}, RateLimitedError, SECOND, "nothing"),
    ],
    ids=["second", "second, headers say day", "day", "day, headers say second", "host's day as seen at Zoom",
         "host's day, headers say second", "registrant's day", "concurrent"],
)  # fmt: skip
def test_429_is_told_by_its_message_whatever_its_headers_say(
    zoom: RawZoom,
    gateway: Gateway,
    clock: HeldClock,
    message: str,
    headers: dict[str, str],
    kind: type[ZoomOpsError],
    until: timedelta,
    holds: str,
) -> None:
    zoom.answer(refuses(429, 429, message, **headers), *[A_WEBINAR] * 3)

    with pytest.raises(kind) as caught:
        gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"})
    held = {
        "label": paced(clock, lambda: gateway.get_webinar(WEBINAR_ID)),
        "host": paced(clock, lambda: gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"})),
        "another host": paced(clock, lambda: gateway.update_webinar(WEBINAR_ID, OTHER_HOST, {"topic": "New"})),
    }

    assert (getattr(caught.value, "retry_at", None) or getattr(caught.value, "until", None)) == NOW + until
    expected = {"label": ["label", "host", "another host"], "host": ["host"], "nothing": []}[holds]
    assert [name for name, was_held in held.items() if was_held] == (expected if until > SECOND else expected[:1])


def paced(clock: HeldClock, ask: Callable[[], object]) -> bool:
    """Return whether a call had to wait or was refused."""
    began = clock.elapsed()
    try:
        ask()
    except (RateLimitedError, WaitingError):
        return True
    return clock.elapsed() - began > 0.5


@on_sqlite
def test_places_that_were_taken_before_a_429_are_not_used_after_it(
    zoom: RawZoom, gateway: Gateway, held: Database
) -> None:
    zoom.answer(refuses(429, 429, DAILY, Retry_After="2040-01-24T18:00:00Z"))

    with gateway.slot("create_webinar", host=HOST):
        with pytest.raises(RateLimitedError):
            gateway.delete_webinar(WEBINAR_ID, tell_people=False)
        with pytest.raises(RateLimitedError) as caught:
            gateway.create_webinar(HOST, a_draft())

    assert caught.value.retry_at == NOW + timedelta(hours=6)
    assert len(zoom.requests) == 1
    assert list(used(held).values()) == [0]


@on_sqlite
def test_hold_of_one_label_leaves_the_others_alone(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(refuses(429, 429, DAILY), says(200, {"panelists": []}))

    with pytest.raises(RateLimitedError):
        gateway.get_webinar(WEBINAR_ID)

    assert gateway.get_panelists(WEBINAR_ID) == ()


@on_sqlite
@pytest.mark.parametrize(
    ("message", "retry_at"),
    [
        ("Too many concurrent requests. A request to disassociate has already been made.", NOW + timedelta(seconds=1)),
        (REGISTRANT, MIDNIGHT),
    ],
    ids=["concurrent", "registrant"],
)
def test_limit_of_one_thing_holds_nothing_else(zoom: RawZoom, gateway: Gateway, message: str, retry_at: object) -> None:
    zoom.answer(refuses(429, 429, message), says(204))

    with pytest.raises(RateLimitedError) as caught:
        gateway.delete_webinar(WEBINAR_ID, tell_people=False)
    gateway.delete_webinar(WEBINAR_ID + 1, tell_people=False)

    assert caught.value.retry_at == retry_at
    assert len(zoom.requests) == 2


def test_creates_and_updates_of_a_host_are_counted(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url), database)
    zoom.answer(A_WEBINAR, says(204), says(204), A_WEBINAR)

    gateway.create_webinar(HOST.upper(), a_draft())
    gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"})
    gateway.delete_webinar(WEBINAR_ID, tell_people=True)
    gateway.create_webinar(OTHER_HOST, a_draft())

    assert Counter({host: count for (host, _), count in used(database).items()}) == {HOST: 2, OTHER_HOST: 1}


def test_count_of_two_processes_is_exact(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    limits = [Limits(an_account(), open_database(url), SystemClock()) for _ in range(2)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: limits[n % 2].reserve("LIGHT", host=HOST), range(24)))

    assert list(used(database).values()) == [24]


@on_sqlite
def test_last_ten_of_a_host_are_for_operators(
    zoom: RawZoom, gateway: Gateway, held: Database, clock: HeldClock
) -> None:
    use_up(held, 90)
    zoom.answer(A_WEBINAR, A_WEBINAR)

    with pytest.raises(WaitingError, match="kept for operators") as caught:
        gateway.create_webinar(HOST, a_draft())
    assert caught.value.until == MIDNIGHT
    with gateway.slot("create_webinar", host=HOST, operator=True):
        gateway.create_webinar(HOST, a_draft())
    clock.advance((MIDNIGHT - NOW).total_seconds())
    gateway.create_webinar(HOST, a_draft())

    assert used(held) == {(HOST, "2040-01-24"): 91, (HOST, "2040-01-25"): 1}


@on_sqlite
def test_day_that_zoom_says_is_used_up_waits_for_midnight(zoom: RawZoom, gateway: Gateway, held: Database) -> None:
    zoom.answer(refuses(429, 429, HOST_DAY, X_RateLimit_Category="Light"), A_WEBINAR)

    with pytest.raises(WaitingError, match="00:00 UTC") as caught:
        gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"})
    with pytest.raises(WaitingError), gateway.slot("update_webinar", host=HOST, operator=True):
        pass
    gateway.create_webinar(OTHER_HOST, a_draft())

    assert caught.value.until == MIDNIGHT
    assert len(zoom.requests) == 2


def test_write_that_was_not_sent_is_not_counted(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url, oauth_url="http://127.0.0.1:9/oauth/token"), database)

    with pytest.raises(TemporaryError):
        gateway.create_webinar(HOST, a_draft())

    assert list(used(database).values()) == [0]


def test_write_that_may_have_happened_is_counted(zoom: RawZoom, database: Database) -> None:
    zoom.answer(resets)

    with pytest.raises(AmbiguousError):
        a_gateway(an_account(zoom.url), database).create_webinar(HOST, a_draft())

    assert list(used(database).values()) == [1]


def test_slot_takes_everything_beforehand_and_gives_back_what_is_not_used(zoom: RawZoom, database: Database) -> None:
    gateway = a_gateway(an_account(zoom.url), database)
    zoom.answer(A_WEBINAR)

    with gateway.slot("create_webinar", host=HOST):
        assert (len(zoom.token_requests), list(used(database).values())) == (1, [1])
        gateway.create_webinar(HOST, a_draft())
    with gateway.slot("create_webinar", host=HOST):
        assert list(used(database).values()) == [2]

    assert list(used(database).values()) == [1]


@on_sqlite
def test_slot_is_good_for_one_request_of_its_kind(zoom: RawZoom, held: Database, clock: HeldClock) -> None:
    gateway = a_gateway(an_account(zoom.url, plan="free"), held, clock=clock)
    zoom.answer(says(204), says(200, {"id": WEBINAR_ID}), says(204))

    with gateway.slot("delete_webinar"):
        gateway.delete_webinar(WEBINAR_ID, tell_people=False)
        paced = clock.elapsed()
        gateway.get_webinar(WEBINAR_ID)
        gateway.delete_webinar(WEBINAR_ID, tell_people=False)

    assert paced == 0
    assert clock.elapsed() == pytest.approx(2 / 3.6)


@on_sqlite
def test_slot_of_a_write_holds_a_place_for_reading_back(zoom: RawZoom, held: Database, clock: HeldClock) -> None:
    gateway = a_gateway(an_account(zoom.url), held, clock=clock)
    seated = says(200, {"panelists": []})
    zoom.answer(says(201, {"id": WEBINAR_ID}), seated, seated)

    with gateway.slot("add_panelists"):
        Limits(an_account(), held, clock).reserve("MEDIUM")  # a third reservation comes after both
        took = clock.elapsed()
        gateway.add_panelists(WEBINAR_ID, [Panelist(email=JONAS_MAIL, name="Jonas Lindqvist")])
        gateway.get_panelists(WEBINAR_ID)
        read_back = clock.elapsed()
        gateway.get_panelists(WEBINAR_ID)

    step = 1 / 18
    assert took == pytest.approx(2 * step, abs=1e-5)
    assert read_back == took  # its place had come by that time
    assert clock.elapsed() == pytest.approx(3 * step, abs=1e-5)


@on_sqlite
def test_reading_back_waits_for_its_place(zoom: RawZoom, held: Database, clock: HeldClock) -> None:
    gateway = a_gateway(an_account(zoom.url), held, clock=clock)
    zoom.answer(says(204), A_WEBINAR)

    with gateway.slot("update_webinar", host=HOST):
        gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"})
        sent = clock.elapsed()
        gateway.get_webinar(WEBINAR_ID)

    assert (sent, clock.elapsed()) == (0, pytest.approx(1 / 27, abs=1e-5))
    assert used(held) == {(HOST, "2040-01-24"): 1}


@on_sqlite
def test_slot_without_room_takes_no_place_at_all(held: Database, clock: HeldClock) -> None:
    limits = Limits(an_account(plan="free"), held, clock)
    limits.reserve("HEAVY", 3)

    with pytest.raises(RateLimitedError) as caught:
        limits.reserve("HEAVY", 2)
    clock.advance(3 / 0.9)
    limits.reserve("HEAVY")

    assert caught.value.retry_at == NOW + timedelta(seconds=3 / 0.9)
    assert clock.elapsed() == pytest.approx(3 / 0.9, abs=1e-5)


@on_sqlite
def test_who_comes_late_to_his_places_sends_no_more_in_a_second_than_zoom_takes(
    zoom: RawZoom, held: Database, clock: HeldClock
) -> None:
    gateway = a_gateway(an_account(zoom.url, plan="free"), held, clock=clock, waits=Waits())  # two a second
    seated = says(200, {"panelists": []})
    zoom.answer(says(201, {"id": WEBINAR_ID}), seated, seated)

    with gateway.slot("add_panelists"):
        clock.advance(10)
        gateway.add_panelists(WEBINAR_ID, [Panelist(email=JONAS_MAIL, name="Jonas Lindqvist")])
        gateway.get_panelists(WEBINAR_ID)
        second = clock.elapsed()
        gateway.get_panelists(WEBINAR_ID)

    assert (second, clock.elapsed()) == (10, 11)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_places_of_a_clock_that_was_set_back_hold_nothing_up_for_longer_than_seconds(
    migrated_database_url: str,
) -> None:
    early, late = HeldClock(NOW), HeldClock(NOW + timedelta(minutes=10))
    Limits(an_account(), open_database(migrated_database_url, late), late).reserve("LIGHT")
    limits = Limits(an_account(), open_database(migrated_database_url, early), early)

    refused = 0
    for _ in range(10):
        try:
            limits.reserve("LIGHT")
        except RateLimitedError:
            refused += 1
        early.advance(1)

    assert refused == 4
