"""The life of an event that people enter in a real system, with a daemon, the practice Zoom and nothing replaced.

What is asserted is what a visitor of the system sees, and what the practice Zoom has; and what operators are told.
"""

import os
import re
import signal
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.daemon import Faults, count_met, kept_alive
from tests.acceptance.installation import WEBHOOK_SECRET
from tests.homes.life import HOME, Life, address_of, live
from tests.homes.places import PLACES
from tests.homes.site import shows
from tests.homes.systems.sample import SPEAKERS
from tests.waiting import wait_until

_KILLED_AT = ("before send", "before look", "after look")  # and once while the system gets the write
_LIES_S = 15  # more than the wait for a look-up
_SOON = timedelta(minutes=10)
_LONG = timedelta(minutes=20)


@pytest.fixture(scope="module", params=list(PLACES))
def life(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Life]:
    """An installation with this system as its home."""
    running = request.getfixturevalue(request.param)
    with live(running, tmp_path_factory.mktemp(request.param), migrated_sqlite) as life:
        yield life


@pytest.fixture(autouse=True)
def healed(life: Life) -> None:
    life.proxy.heal()


def test_home_is_checked(life: Life) -> None:
    findings = life.run("homes", "check", HOME, "--json").json["findings"]

    assert [finding for finding in findings if finding["state"] == "missing"] == []
    assert {"address", "credentials", "reading", "writing", "members"} <= {finding["what"] for finding in findings}


def test_event_gets_its_webinar_and_its_recording_is_on_its_page_once(life: Life) -> None:
    life.installation.write("people.csv", f"name,email\n{SPEAKERS[0].name},{SPEAKERS[0].email}\n")
    life.run("people", "import", "people.csv")
    event = life.sample()

    record, event_id = life.make(event)
    number = life.number_of(event_id)
    wanted = {who.email for who in (SPEAKERS if life.place.speakers_have_addresses else SPEAKERS[:1])}
    wait_until(lambda: {each["email"] for each in life.webinar(number)["panelists"]} == wanted, lambda: life.daemon.log)
    webinar = life.webinar(number)
    assert (webinar["topic"], webinar["start_time"], webinar["duration"], webinar["timezone"]) == (
        event.title, f"{event.starts_utc:%Y-%m-%dT%H:%M:%SZ}", 75, event.timezone,
    )  # fmt: skip

    life.hold(event_id)
    life.await_link(event_id)
    assert life.links_on_page(event_id) == 1
    assert not shows(life.site.all_of(record), "/rec/"), "no address of Zoom"

    before = life.site.all_of(record)
    life.proxy.heal()
    life.pull()
    life.look(event_id)
    assert life.proxy.passed
    assert life.proxy.writes == []
    assert life.site.all_of(record) == before


def test_link_for_members_is_never_shown_to_visitors(life: Life) -> None:
    seen = list[str]()
    record, event_id = life.make(life.sample(title="For members"), closed=True)
    life.proxy.after_each(lambda: seen.append(life.site.visitor_sees(record)))

    life.hold(event_id)
    life.await_link(event_id)

    if life.place.members_enter_closed:
        assert shows(life.site.member_sees(record), address_of(event_id))
    assert shows(life.site.all_of(record), address_of(event_id))
    assert not [page for page in (*seen, life.site.visitor_sees(record)) if shows(page, address_of(event_id))]


def test_member_of_the_home_sees_the_recording_without_an_account_here(life: Life) -> None:
    record, event_id = life.make(life.sample(title="For members of the home"), closed=True)
    life.hold(event_id)
    life.await_link(event_id)
    sees = life.site.member_sees if life.place.members_enter_closed else life.site.all_of
    (first,) = keys_in(sees(record), event_id)

    life.run("homes", "renew", "--event", event_id)  # pretalx shows both links for a moment
    wait_until(lambda: len(keys_in(sees(record), event_id) - {first}) == 1, lambda: f"{sees(record)} {life.daemon.log}")
    life.look(event_id)

    (second,) = keys_in(sees(record), event_id)
    assert not shows(life.site.visitor_sees(record), "zopsk_")
    assert [opens(life, event_id, key) for key in ("", first, second)] == ["", "", "film"]
    assert len(life.site.open(life.site.url).entries(record)) == 1


def keys_in(page: str, event_id: str) -> set[str]:
    """Return the keys in the links to our page of a recording that a page shows."""
    return set(re.findall(rf"/events/{event_id}/recording\?key=(zopsk_[0-9a-f]+)", page.replace("\\/", "/")))


def opens(life: Life, event_id: str, key: str) -> str:
    """Follow a link as a browser without an account does; say whether it leads to the film at Zoom."""
    path = f"/events/{event_id}/recording"
    taken = life.daemon.fetch(f"{path}?key={key}", allow_redirects=False)
    cookie = taken.headers.get("Set-Cookie", "").partition(";")[0]
    answer = life.daemon.fetch(path, headers={"Cookie": cookie}, allow_redirects=False) if key else taken
    return "film" if "/rec/" in answer.headers.get("Location", "") else ""


def test_words_that_people_write_beside_survive(life: Life) -> None:
    record, event_id = life.make(life.sample(title="Sandwiches"))
    life.proxy.before_first_write(lambda: life.site.edit_beside(record, "Tea is served at the same moment"))

    life.hold(event_id)
    life.await_link(event_id)
    life.site.edit_beside(record, "Coffee is served afterwards")
    life.pull()
    life.look(event_id)

    text = life.site.all_of(record)
    assert "Coffee is served afterwards" in text
    assert "Tea is served" in text
    assert life.links_on_page(event_id) == 1


def test_link_that_people_changed_stays_until_an_operator_restores_it(life: Life) -> None:
    record, event_id = life.make(life.sample(title="Changed"))
    life.hold(event_id)
    life.await_link(event_id)
    ours = life.site.all_of(record)
    life.site.edit_ours(record, "https://elsewhere.example.org/film")
    theirs = life.site.all_of(record)

    life.look(event_id, code=3)
    life.pull()

    assert [link["state"] for link in life.links_of(event_id)[0]["links"]] in (["changed"], ["removed"])
    assert life.stage(event_id, "links")["state"] == "stuck"
    assert life.site.all_of(record) == theirs != ours
    assert "To decide: zoom-ops homes show" in life.run("plan", event_id, code=None).said

    life.run("homes", "restore", event_id)
    life.await_link(event_id)

    assert not shows(life.site.visitor_sees(record), "https://elsewhere.example.org/film")
    assert life.links_on_page(event_id) == 1


def test_event_that_people_moved_has_its_webinar_moved(life: Life) -> None:
    event = life.sample(title="Waves")
    record, event_id = life.make(event)
    number, moved = life.number_of(event_id), replace(event, start=event.start + timedelta(minutes=30))
    life.place.move(record, moved)

    life.pull()

    start = f"{moved.starts_utc:%Y-%m-%dT%H:%M:%SZ}"
    wait_until(lambda: life.webinar(number)["start_time"] == start, lambda: life.daemon.log)
    assert len([webinar for webinar in life.zoom.webinars() if webinar["topic"] == "Waves"]) == 1


def test_change_right_before_the_start_is_held_by_the_guard(life: Life) -> None:
    start = datetime.now(UTC).replace(second=0, microsecond=0) + _SOON
    record, event_id = life.make(life.sample(title="Soon", start=start))
    number = life.number_of(event_id)
    before = life.webinar(number)
    life.place.move(record, life.sample(title="Soon", start=start + timedelta(minutes=2)))

    life.pull()
    said = life.run("plan", event_id, code=None).said

    assert "starts or started within 15 minutes" in said
    assert "--force" in said
    assert life.webinar(number) == before


def test_cancelled_record_cancels_and_a_vanished_one_asks(life: Life) -> None:
    (cancelled, one), (vanished, other) = (life.make(life.sample()) for _ in range(2))
    off, lost = life.number_of(one), life.number_of(other)
    life.site.cancel(cancelled)
    life.site.delete(vanished)

    life.pull()
    wait_until(lambda: life.webinar(off) is None, lambda: life.daemon.log)

    assert life.shown(one)["status"] == "cancelled"
    assert life.shown(other)["status"] == "scheduled"
    assert life.webinar(lost)
    assert other in life.alerts("home_record_gone")
    assert one not in life.alerts("home_record_gone")


def test_daemon_that_is_killed_while_it_writes_leaves_one_link(life: Life) -> None:
    record, event_id = life.make(life.sample(title="Killed"))
    life.number_of(event_id)
    met = life.installation.folder / "met"
    faults = Faults(met=met, steps=_KILLED_AT, kinds=("PublishLink",), lies_s=_LIES_S)
    started = list[int]()

    def start() -> object:
        process = life.installation.begin_daemon(faults)
        started.append(process.pid)
        return process

    def kill() -> None:
        with met.open("a", encoding="utf-8") as file:
            file.write("Write arrived\n")
        os.kill(started[-1], signal.SIGKILL)

    with life.without_daemon(), kept_alive(start) as ends:
        wait_until(lambda: life.daemon.fetch("/ready").status_code == 200, "the daemon")
        life.proxy.before_first_write(kill)
        life.hold(event_id)
        wait_until(lambda: len(ends) == len(_KILLED_AT) + 1, lambda: f"{ends} {count_met(met)}")
        life.await_link(event_id)

    assert count_met(met) == {"PublishLink": len(_KILLED_AT), "Write": 1}
    assert set(ends[:-1]) == {-signal.SIGKILL}
    assert life.links_on_page(event_id) == 1
    assert len(life.site.open(life.site.url).entries(record)) == 1


def test_home_that_is_down_is_told_and_recovers(life: Life) -> None:
    _, event_id = life.make(life.sample(title="Down"))
    life.number_of(event_id)
    life.proxy.break_at(1, "before")

    life.hold(event_id)
    wait_until(lambda: [each["state"] for each in life.shown(event_id)["recordings"]] == ["published"], "our own page")
    wait_until(lambda: "does not answer" in str(life.stage(event_id, "links")["reason"]), "the stage")
    life.pull(code=None)
    assert life.alerts("home_down") == []
    with life.later(_LONG):
        life.pull(code=None)
        wait_until(lambda: life.alerts("home_down") == [HOME], "the alert")
    life.proxy.heal()
    life.pull()
    life.look(event_id)

    assert life.alerts("home_down") == []
    assert life.links_on_page(event_id) == 1


def test_log_and_output_hold_no_secret_and_no_address_of_people(life: Life) -> None:
    outputs = [path.read_text("utf-8", "replace") for path in sorted(life.installation.outputs.glob("*"))]
    logs = "".join(path.read_text("utf-8") for path in life.installation.outputs.glob("*serve.out"))
    secret = life.place.secret[1]

    assert "home_asked" in logs
    for word in (secret, b64encode(f"bot:{secret}".encode()).decode(), WEBHOOK_SECRET):
        assert not [text for text in outputs if word in text]
    assert re.findall(r"[\w.+-]+@example\.org", logs) == []
    assert "/rec/" not in logs
    assert [text for text in (*outputs, logs) if re.search(r"zopsk_[0-9a-f]{12}", text)] == []
