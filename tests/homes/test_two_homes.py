"""Two homes at once, a real WordPress and a real Kinto, with one daemon: one is down and holds up nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.homes.life import Life, live
from tests.homes.proxy import Proxy, run_proxy
from tests.homes.systems.kinto.events import in_new_collection, make_event, read_event
from tests.homes.systems.kinto.events import open_session as open_kinto
from tests.homes.systems.running import Running
from tests.root import ROOT
from tests.waiting import wait_until

STORE = "store"
_LONG = timedelta(minutes=70)  # more than a link may take, than the patience with a home, and than the wait for a pull
_EXAMPLE = ROOT / "config" / "homes" / "json_api.example.toml"


@pytest.fixture
def life(wordpress: Running, tmp_path: Path, migrated_sqlite: Path) -> Iterator[Life]:
    """An installation whose one home is WordPress."""
    with live(wordpress, tmp_path, migrated_sqlite) as life:
        yield life


@pytest.fixture
def store(kinto: Running) -> Running:
    """Return Kinto with a collection without events."""
    return in_new_collection(kinto)


@pytest.fixture
def way(life: Life, store: Running) -> Iterator[Proxy]:
    """Make that collection the other home, as the example says; return the way there."""
    bot, path = store.accounts["bot"], store.details["events"]
    text = _EXAMPLE.read_text("utf-8").replace("/buckets/un/collections/events", path)
    with run_proxy(store.url) as way:
        text = text.replace("https://store.example.org/v1", way.url).replace('"zoom-ops"', f'"{bot.login}"')
        with life.without_daemon():
            life.installation.write("secrets/store-password", bot.password)
            (life.installation.folder / "secrets/store-password").chmod(0o600)
            life.installation.write(f"config/homes/{STORE}.toml", text)
        yield way


def test_home_that_is_down_holds_up_no_other_and_recovers_by_itself(life: Life, store: Running, way: Proxy) -> None:
    other = make_event(store, life.sample(title="In the store"))
    life.run("homes", "pull", STORE)
    (theirs,) = [event["id"] for event in life.run("events", "list", "--json").json]
    life.number_of(theirs)
    way.break_at(1, "before")
    life.hold(theirs)

    _, ours = life.make(life.sample(title="On the site"))
    life.hold(ours)
    life.await_link(ours)

    assert life.links_on_page(ours) == 1
    states = {stage["stage"]: stage["state"] for stage in life.shown(ours)["stages"]}
    assert (states["webinar"], states["published"]) == ("done", "done")
    assert {"late", "stuck"}.isdisjoint(states.values()), states
    wait_until(lambda: "does not answer" in str(life.stage(theirs, "links")["reason"]), lambda: life.daemon.log)
    life.run("homes", "pull", STORE, code=None)
    with life.later(_LONG):
        wait_until(lambda: life.alerts("home_down") == [STORE], lambda: life.daemon.log)
        wait_until(lambda: life.alerts("links_late") == [theirs], lambda: life.daemon.log)

    way.heal()
    with life.later(2 * _LONG):
        life.await_link(theirs)
        wait_until(lambda: life.alerts("home_down") == [], lambda: life.daemon.log)

    record = read_event(store, open_kinto(store), other.id).json()["data"]
    assert [link["title"] for link in record["links"]] == ["Recording"]
