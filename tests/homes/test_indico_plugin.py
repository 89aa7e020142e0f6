"""Indico whose own plugin for Zoom makes the webinars at the practice Zoom: they are adopted, never doubled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.homes.indico_site import IndicoSite
from tests.homes.life import Life, live
from tests.homes.places import PLACES
from tests.homes.systems.indico.start import ZOOM_URL_FILE
from tests.homes.systems.running import Running
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def life(indico: Running, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Life]:
    """An installation whose home is a category of an Indico where the plugin makes the webinars."""
    place = PLACES["indico"](indico)
    keys = f"categories = [{place.site.running.details['category']}]\nzoom_plugin = true"
    with live(indico, tmp_path_factory.mktemp("plugin"), migrated_sqlite, replace(place, keys=keys)) as life:
        Path(indico.folder, ZOOM_URL_FILE).write_text(life.zoom.url, "utf-8")
        yield life


def test_webinar_of_the_plugin_is_adopted_and_its_recording_is_in_indico(life: Life) -> None:
    event = life.sample(title="Made by the plugin")
    record = life.site.make_record(event)
    number = add_room(life, record)

    event_id = life.take(record)

    assert life.number_of(event_id) == number
    wait_until(lambda: is_as_asked(life, number), lambda: life.daemon.log)
    webinar = life.webinar(number)
    assert (webinar["topic"], webinar["start_time"], webinar["host"]) == (
        event.title, f"{event.starts_utc:%Y-%m-%dT%H:%M:%SZ}", "admin@example.org",
    )  # fmt: skip
    life.hold(event_id)
    life.await_link(event_id)
    assert life.links_on_page(event_id) == 1
    assert numbers(life, event.title) == [number]


def test_webinar_that_the_plugin_makes_after_the_pull_is_awaited_and_adopted(life: Life) -> None:
    event = life.sample(title="Made afterwards")
    record, event_id = life.make(event)
    wait_until(lambda: life.stage(event_id, "webinar")["state"] == "waits", lambda: life.shown(event_id))
    assert "makes the webinar: it is awaited until" in life.stage(event_id, "webinar")["reason"]
    assert numbers(life, event.title) == []

    number = add_room(life, record)
    life.pull()

    assert life.number_of(event_id) == number
    wait_until(lambda: is_as_asked(life, number), lambda: life.daemon.log)
    assert numbers(life, event.title) == [number]


def test_webinar_of_the_plugin_is_deleted_by_the_plugin_only(life: Life) -> None:
    event = life.sample(title="Kept there")
    record = life.site.make_record(event)
    number = add_room(life, record)
    event_id = life.take(record)
    assert life.number_of(event_id) == number

    life.site.cancel(record)
    life.pull()

    wait_until(lambda: life.stage(event_id, "webinar")["state"] == "stuck", lambda: life.shown(event_id))
    assert "was made by the system of the event's home" in life.stage(event_id, "webinar")["reason"]
    assert numbers(life, event.title) == [number]
    site_of(life).remove_room(record)
    wait_until(lambda: life.stage(event_id, "webinar")["state"] == "done", lambda: life.shown(event_id))
    assert numbers(life, event.title) == []


def test_event_with_two_rooms_or_a_hidden_one_is_not_taken_for_one_without(life: Life) -> None:
    site = site_of(life)
    two, hidden, none = (site.make_record(life.sample(title=title)) for title in ("Two", "Hidden", "None"))
    for record in (two, two, hidden):
        add_room(life, record)
    site.hide_room(hidden)
    found = {}
    for who in ("admin", "bot"):  # a manager, and one who only submits
        token = site.running.accounts[who].token
        make = {"zoom_plugin": True, "zoom_plugin_late": "make", "zoom_plugin_hours": 8760}
        home = site.open_with(site.url, token, **make)
        named = {raw.id: home.parse(raw).webinar_id for raw in home.list_changed("").records}
        found[who] = [named[record] for record in (two, hidden, none)]
        assert [home.parse(home.get(record)).webinar_id for record in (two, hidden, none)] == found[who]

    far = site.open_with(site.url, site.running.accounts["admin"].token, **{**make, "zoom_plugin_hours": 0})
    named = {raw.id: far.parse(raw).webinar_id for raw in far.list_changed("").records}
    assert [named[record] for record in (two, hidden, none)] == ["unsaid", "unknown", "unknown"], "it is not asked yet"
    assert found == {"admin": ["unsaid", "unsaid", None], "bot": ["unsaid", "unknown", "unknown"]}
    (told,) = (each for each in site.open(site.url).check() if each.what == "options")
    assert told.state == "missing"
    assert "have webinars of Indico's plugin for Zoom: each would get another." in told.sentence


def add_room(life: Life, record: str) -> int:
    """A manager adds a webinar in Indico; return its number at the practice Zoom."""
    before = {webinar["id"] for webinar in life.zoom.webinars()}
    site_of(life).add_room(record)
    (number,) = {webinar["id"] for webinar in life.zoom.webinars()} - before
    return int(number)


def site_of(life: Life) -> IndicoSite:
    """Return the category."""
    assert isinstance(life.site, IndicoSite)
    return life.site


def is_as_asked(life: Life, number: int) -> bool:
    """Return whether a webinar is recorded and carries our mark, as the profile and the event ask."""
    webinar = life.webinar(number)
    return webinar["settings"]["auto_recording"] == "cloud" and "Reference: zoom_ops/" in webinar["agenda"]


def numbers(life: Life, topic: str) -> list[int]:
    """Return the webinars with a topic at the practice Zoom."""
    return [webinar["id"] for webinar in life.zoom.webinars() if webinar["topic"] == topic]
