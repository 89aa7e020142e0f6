"""Each real system runs as the tests of its home expect it: it shows the sample event, and knows its own tokens."""

from dataclasses import replace

import pytest
import requests

from tests.homes.systems.running import Running
from tests.homes.systems.sample import SPEAKERS, SampleEvent
from tests.homes.systems.system import NAMES, find_events

REFUSED = {400, 401, 403}


@pytest.fixture(params=NAMES)
def running(request: pytest.FixtureRequest) -> Running:
    """Return each system in turn."""
    system: Running = request.getfixturevalue(request.param)
    return system


def test_page_of_the_sample_event_is_open_to_visitors(running: Running) -> None:
    page = requests.get(running.page, timeout=60)

    assert page.status_code == 200, page.text[:500]
    assert SampleEvent().title in page.text
    assert SPEAKERS[0].family_name in page.text


def test_bot_reads_the_sample_event(running: Running) -> None:
    events = find_events(running.system)

    answer = events.read_event(running, events.open_session(running, running.accounts["bot"]), running.sample.id)

    assert answer.status_code == 200, answer.text[:500]
    assert SampleEvent().title in answer.text


def test_wrong_token_is_refused_where_the_right_one_is_not(running: Running) -> None:
    events, bot = find_events(running.system), running.accounts["bot"]
    wrong = replace(bot, password=bot.password and "wrong", token=bot.token and "x" * len(bot.token))

    refused = events.prove(running, events.open_session(running, wrong))
    accepted = events.prove(running, events.open_session(running, bot))

    assert refused.status_code in REFUSED, refused.text[:500]
    assert accepted.ok, accepted.text[:500]


def test_made_event_is_read_by_the_bot_and_open_to_visitors(running: Running) -> None:
    events = find_events(running.system)

    made = events.make_event(running, SampleEvent(title="Measuring digital development"))

    answer = events.read_event(running, events.open_session(running, running.accounts["bot"]), made.id)
    assert "Measuring digital development" in answer.text
    assert "Measuring digital development" in requests.get(running.url + made.page, timeout=60).text
