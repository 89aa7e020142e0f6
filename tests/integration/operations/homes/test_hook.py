"""A home that calls is read at once, and however often it calls, no more often than every ten seconds."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.integration.city import City
from zoom_ops.engine.runs import Run
from zoom_ops.homes import Changed, HomeDownError
from zoom_ops.operations.homes.hook import PAUSE, PAUSE_WHILE_FAILING, take_call
from zoom_ops.operations.homes.reading import digest_of

SECRET = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
BEARER = {"authorization": f"Bearer {SECRET}"}


@pytest.fixture
def city(make_city: Callable[..., City]) -> City:
    """A service with a home that may call, and that was read long ago."""
    city = make_city('hook_secret_env = "CITY_HOOK"\n', settings={"CITY_HOOK": SECRET})
    city.service.work()
    city.service.later(timedelta(hours=1))
    return city


def call(city: City, times: int = 1) -> None:
    for _ in range(times):
        assert take_call(city.context, "city", BEARER, b"")


def pulls(city: City) -> list[Run]:
    return [run for run in city.service.runs(job="pull_homes") if run.state == "active"]


def count_pulls(city: City, monkeypatch: pytest.MonkeyPatch, during: Callable[[], None] = lambda: None) -> list[str]:
    """Note each pull, and do something during it."""
    lists, list_changed = list[str](), city.home.list_changed

    def note(cursor: str) -> Changed:
        lists.append(cursor)
        during()
        return list_changed(cursor)

    monkeypatch.setattr(city.home, "list_changed", note)
    return lists


def test_call_brings_what_changed(city: City) -> None:
    city.write(name="Open harbour, with music")

    call(city)
    city.service.work()

    assert city.event("open-harbour-with-music").name == "Open harbour, with music"


def test_many_calls_make_one_pull_and_one_more_after_the_pause(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = count_pulls(city, monkeypatch)

    call(city, 20)
    city.service.work()
    assert len(lists) == 1
    call(city, 20)
    city.service.work()
    assert len(lists) == 1
    (waiting,) = pulls(city)
    assert waiting.attempts == 0  # it waits for its time, and is not begun in vain
    call(city, 20)
    assert pulls(city) == [waiting]  # and nothing is written for what it takes in
    city.service.later(PAUSE)
    city.service.work()

    assert len(lists) == 2


def test_calls_during_a_pull_bring_one_more_after_the_pause(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = count_pulls(city, monkeypatch, lambda: call(city, 3))

    call(city)
    city.service.work()
    assert len(lists) == 1
    monkeypatch.undo()
    city.write(name="Written during the pull")
    city.service.later(PAUSE)
    city.service.work()

    assert city.event("written-during-the-pull").name
    assert not pulls(city)


def test_pull_by_hand_waits_for_no_pause(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = count_pulls(city, monkeypatch)
    call(city)
    city.service.work()
    call(city)

    city.service.ask("pull_homes")
    city.service.work()

    assert len(lists) == 2


def test_home_that_fails_is_asked_once_a_minute_where_it_calls(city: City) -> None:
    city.home.failure = HomeDownError("city is down.")
    call(city)
    city.service.work()
    city.service.later(timedelta(minutes=10))
    city.service.work()  # it rests for ten minutes from now on
    before = pulls(city)[0].next_at
    city.home.failure = None
    city.write()

    call(city)
    city.service.work()
    after = pulls(city)[0].next_at
    city.service.later(PAUSE_WHILE_FAILING)
    city.service.work()

    assert before
    assert after
    assert after < before
    assert city.event().name == "Open harbour"


def test_another_secret_reads_nothing_again(make_city: Callable[..., City]) -> None:
    city = make_city()
    settings = city.context.home_settings["city"]
    other = settings.model_copy(update={"hook_secret": (SECRET,)})

    assert digest_of(city.context, settings, "1") == digest_of(city.context, other, "1")
