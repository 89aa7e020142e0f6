"""pretalx passes the contract of homes; and what only pretalx has: slots, releases, links that cannot be changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.homes.contract import HomeContract
from tests.homes.entries import RECORDING, publish
from tests.homes.proxy import run_proxy
from tests.homes.site import Site, Who
from tests.homes.systems.pretalx import events
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from zoom_ops.clock import SystemClock
from zoom_ops.homes import DriftedError, EventRecords, Shown, open_home, settings_of


class PretalxSite(Site):
    """A conference of the real pretalx, as its organisers use it."""

    unknown_id = "NOSUCH"
    many = 260  # a page holds 250
    edits_between = "read"  # there is no lock; our links are resources of their own
    tells_organizations = False

    def __init__(self, running: Running) -> None:
        self.running, self.url = running, running.url
        self.slug = running.details["event"]
        self._admin = events.open_session(running, running.accounts["admin"])
        self._sessions = f"{running.url}/api/events/{self.slug}/submissions/"

    def in_new_conference(self) -> "PretalxSite":
        """Return the site of a conference without sessions."""
        return PretalxSite(events.in_new_conference(self.running))

    def open(self, url: str, who: Who = "bot", **more: Any) -> EventRecords:
        account = self.running.accounts["reader" if who == "reader" else "bot"]
        token = "x" * len(account.token) if who == "wrong" else account.token
        settings = settings_of("pretalx").model_validate(
            {
                "kind": "pretalx",
                "url": url,
                "event": self.slug,
                "token": token,
                "requests_a_minute": 6000,
                "at_once": 20,
                **more,
            }
        )
        return open_home("conference", settings, SystemClock())

    def make_record(self, event: SampleEvent) -> str:
        return events.make_event(self.running, event).id

    def make_many(self, many: Sequence[SampleEvent]) -> list[str]:
        return [made.id for made in events.make_events(self.running, many)]

    def make_refusing(self, event: SampleEvent) -> str:
        return events.make_event(self.running, event, do_not_record=True).id

    def make_closed(self, event: SampleEvent) -> str:
        """Make a session that its speakers have not confirmed."""
        code = self.make_record(event)
        self.ask("POST", f"{code}/make-submitted/")
        self.ask("POST", f"{code}/accept/")
        return code

    def edit_beside(self, record_id: str, words: str) -> None:
        told = self.ask("GET", f"{record_id}/")["abstract"]
        self.ask("PATCH", f"{record_id}/", {"abstract": f"{told}\n\n{words}"})

    def edit_ours(self, record_id: str, url: str) -> None:
        """Put another address before our mark, as somebody does who corrects it."""
        (ours,) = self.resources(record_id)
        self.replace(record_id, ours, url + ours["resource"][ours["resource"].index("#") :])

    def replace(self, record_id: str, resource: dict[str, Any], url: str) -> None:
        self.ask("DELETE", f"{record_id}/resources/{resource['id']}/")
        fields = {"link": url, "description": resource["description"], "is_public": resource["is_public"]}
        self.ask("POST", f"{record_id}/resources/", fields)

    def resources(self, record_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"{record_id}/?expand=resources")["resources"]
        return found

    def all_of(self, record_id: str) -> str:
        return events.read_event(self.running, self._admin, record_id).text

    def visitor_sees(self, record_id: str) -> str:
        return self._seen_by(events.open_session(self.running), record_id)

    def member_sees(self, record_id: str) -> str:
        return self._seen_by(events.open_session(self.running, self.running.accounts["member"]), record_id)

    def attach(self, record_id: str, title: str, url: str, *, for_members: bool) -> bool:
        fields = {"link": url, "description": title, "is_public": not for_members}
        self.ask("POST", f"{record_id}/resources/", fields)
        return True

    def cancel(self, record_id: str) -> None:
        self.ask("POST", f"{record_id}/cancel/")

    def delete(self, record_id: str) -> None:
        self.ask("DELETE", f"{record_id}/")

    def release(self, version: str) -> None:
        address = f"{self.url}/api/events/{self.slug}/schedules/release/"
        self._admin.post(address, json={"version": version}).raise_for_status()

    def hold_twice(self, code: str, event: SampleEvent) -> None:
        """Give a session a second slot, a day later, in the schedule that is not released yet."""
        slots = f"{self.url}/api/events/{self.slug}/slots/"
        self.ask("PATCH", f"{code}/", {"slot_count": 2})
        found = self._admin.get(slots, params={"submission": code, "page_size": 50}).json()["results"]
        empty = next(slot for slot in found if slot["start"] is None)
        room = next(slot["room"] for slot in found if slot["room"])
        start = (event.starts_utc + timedelta(days=1)).isoformat()
        self._admin.patch(f"{slots}{empty['id']}/", json={"start": start, "room": room}).raise_for_status()

    def move(self, code: str, event: SampleEvent) -> None:
        """Move a session in the editor of the schedule, which sends both times."""
        organiser = events.log_in(self.running, self.running.accounts["admin"])
        page = f"{self.url}/orga/event/{self.slug}/schedule/"
        headers = {"x-csrftoken": organiser.cookies["pretalx_csrftoken"], "referer": page}
        slot = self.draft_slot(code)
        times = {"start": event.starts_utc.isoformat(), "end": event.ends_utc.isoformat()}
        address, room = f"{page}api/talks/{slot['id']}/", slot["room"] or self._rooms()[0]["id"]
        organiser.patch(address, json={**times, "room": room}, headers=headers).raise_for_status()

    def move_start(self, code: str, event: SampleEvent) -> None:
        """Move only the start of a session, as clients of the API do: they may not write the end."""
        slot, start = self.draft_slot(code), event.starts_utc.isoformat()
        address = f"{self.url}/api/events/{self.slug}/slots/{slot['id']}/"
        self._admin.patch(address, json={"start": start, "room": slot["room"]}).raise_for_status()

    def draft_slot(self, code: str) -> dict[str, Any]:
        """Return the slot of a session in the schedule that is not released yet, which is the newest."""
        slots, params = f"{self.url}/api/events/{self.slug}/slots/", {"submission": code, "page_size": 50}
        found: list[dict[str, Any]] = self._admin.get(slots, params=params).json()["results"]
        return max(found, key=lambda slot: slot["schedule"])

    def _rooms(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._admin.get(f"{self.url}/api/events/{self.slug}/rooms/").json()["results"]
        return found

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._admin.request(method, self._sessions + path, json=fields)
        assert answer.ok, answer.text[:500]
        return answer.json() if answer.content else {}

    def _seen_by(self, session: requests.Session, record_id: str) -> str:
        page = requests.get(f"{self.url}/{self.slug}/talk/{record_id}/", timeout=60)
        answer = events.read_event(self.running, session, record_id)
        return (page.text if page.ok else "") + (answer.text if answer.ok else "")


class TestPretalx(HomeContract):
    """The contract."""

    @pytest.fixture
    def site(self, pretalx: Running) -> Site:
        return PretalxSite(pretalx).in_new_conference()


@pytest.fixture
def site(pretalx: Running) -> PretalxSite:
    return PretalxSite(pretalx).in_new_conference()


@pytest.fixture
def home(site: PretalxSite) -> EventRecords:
    return site.open(site.url)


@pytest.fixture
def held_twice(site: PretalxSite) -> tuple[str, SampleEvent]:
    """Return a session with two slots."""
    event = SampleEvent(title="How waves travel")
    code = site.make_record(event)
    site.hold_twice(code, event)
    site.release(f"twice {code}")
    return code, event


def test_session_that_is_held_twice_is_two_records(
    home: EventRecords, site: PretalxSite, held_twice: tuple[str, SampleEvent]
) -> None:
    code, event = held_twice

    found = {raw.id: raw for raw in home.list_changed("").records if raw.id.startswith(code)}
    site.release(f"again {code}")
    after = {raw.id: raw for raw in home.list_changed("").records if raw.id.startswith(code)}

    assert list(found) == [code, f"{code}/2"]
    starts = [home.parse(raw).announced.event.start_utc for raw in found.values()]
    assert starts == [event.starts_utc, event.starts_utc + timedelta(days=1)]
    assert after == found, "the ids of slots change with each release, and ours do not"


def test_links_of_two_slots_stand_apart_and_say_which(
    home: EventRecords, site: PretalxSite, held_twice: tuple[str, SampleEvent]
) -> None:
    code, event = held_twice
    second = replace(RECORDING, key="5555BBB", url="https://webinars.example.org/wsis-2/recording")

    shown = publish(home, code, RECORDING), publish(home, f"{code}/2", second)

    assert (home.entries(code), home.entries(f"{code}/2")) == ((shown[0],), (shown[1],))
    assert [each.title for each in shown] == ["Recording", "Recording"]
    times = [event.starts_local, event.starts_local + timedelta(days=1)]
    told = sorted(resource["description"] for resource in site.resources(code))
    assert told == [f"Recording ({time:%Y-%m-%d %H:%M})" for time in times]
    home.withdraw(code, RECORDING.key)
    assert home.entries(f"{code}/2") == (shown[1],)


def test_session_that_was_called_off_is_told_when_it_has_lost_its_time(home: EventRecords, site: PretalxSite) -> None:
    event = SampleEvent(title="Tides of tomorrow")
    code = site.make_record(event)
    site.cancel(code)
    site.release(f"without {code}")

    first = home.list_changed("")
    second = home.list_changed(first.cursor)

    (raw,) = (raw for raw in first.records if raw.id == code)
    for read in (home.parse(raw), home.parse(home.get(code))):
        assert (read.announced.event.status, read.announced.event.start_utc) == ("cancelled", event.starts_utc)
        assert read.is_public
    assert code not in [raw.id for raw in second.records], "it is looked up once"
    assert code in (second.all_ids or ())


def test_session_that_is_moved_keeps_its_length_or_is_in_doubt(home: EventRecords, site: PretalxSite) -> None:
    event = SampleEvent(title="How tides move")
    earlier = replace(event, start=event.start - timedelta(hours=2))
    moved, started = site.make_record(event), site.make_record(event)
    site.move(moved, earlier)
    site.move_start(started, earlier)
    site.release(f"moved {moved}")

    whole, longer = (home.parse(home.get(code)).announced.event for code in (moved, started))

    assert (whole.start_utc, whole.end_utc, whole.needs_review) == (earlier.starts_utc, earlier.ends_utc, ())
    assert (longer.start_utc, longer.end_utc) == (earlier.starts_utc, event.ends_utc), "as pretalx shows it"
    (note,) = longer.needs_review
    assert (note.field, note.reason) == ("end", "the end and the length of 75 minutes do not fit")
    assert note.choices == tuple(f"{each.ends_local:%Y-%m-%dT%H:%M}" for each in (event, earlier))


def test_session_that_is_not_confirmed_stays_the_same_record_through_releases(site: PretalxSite) -> None:
    home, event = site.open(site.url, protected="take"), SampleEvent(title="Waiting for a yes")
    code = site.make_closed(event)
    listed = [home.list_changed("")]
    site.move(code, event)
    site.release(f"not yet {code}")
    listed.append(home.list_changed(""))
    alone = home.get(code).packed().unpacked()
    site.ask("POST", f"{code}/confirm/")
    site.release(f"with {code}")
    listed.append(home.list_changed(""))

    before, hidden, shown = (next(raw for raw in each.records if raw.id == code).packed().unpacked() for each in listed)

    assert before == hidden == alone
    assert [home.parse(raw).is_public for raw in (hidden, shown)] == [False, True]
    assert home.parse(hidden).announced.event.start_utc == event.starts_utc


def test_proposal_that_was_withdrawn_is_no_record(home: EventRecords, site: PretalxSite) -> None:
    types = site.ask("GET", f"{site.make_record(SampleEvent())}/")["submission_type"]
    proposal = site.ask(
        "POST", "", {"title": "Never held", "abstract": "-", "submission_type": types, "content_locale": "en"}
    )
    site.ask("POST", f"{proposal['code']}/accept/")
    site.ask("POST", f"{proposal['code']}/cancel/")

    listed = home.list_changed("")

    assert proposal["code"] not in [raw.id for raw in listed.records]


def test_link_that_somebody_replaced_is_theirs(home: EventRecords, site: PretalxSite) -> None:
    code = site.make_record(SampleEvent())
    shown = publish(home, code, RECORDING)
    (ours,) = site.resources(code)
    site.replace(code, ours, "https://videos.example.org/cut-by-people")
    before = site.all_of(code)

    with pytest.raises(DriftedError):
        publish(home, code, replace(RECORDING, title="Recording, part 1"), shown)
    home.withdraw(code, RECORDING.key)

    assert home.entries(code) == ()
    assert site.all_of(code) == before


def test_link_that_somebody_changes_between_our_requests_is_left_as_it_is(site: PretalxSite) -> None:
    code = site.make_record(SampleEvent())
    shown = publish(site.open(site.url), code, RECORDING)
    with run_proxy(site.url) as proxy:
        proxy.after_first_read(lambda: site.edit_ours(code, "https://videos.example.org/cut-by-people"))

        with pytest.raises(DriftedError):
            publish(site.open(proxy.url), code, replace(RECORDING, title="Recording, part 1"), shown)

    (left,) = site.resources(code)
    assert left["resource"].startswith("https://videos.example.org/cut-by-people")


def test_what_is_private_does_not_travel(site: PretalxSite) -> None:
    code = site.make_record(SampleEvent())
    with run_proxy(site.url) as proxy:
        site.open(proxy.url).get(code)
        asked = next(passed.path for passed in proxy.passed if code in passed.path)

    answer = events.open_session(site.running, site.running.accounts["bot"]).get(site.url + asked).text

    assert '"title"' in answer
    for private in ("invitation_token", "review_code", "access_code", "anonymised_data"):
        assert f'"{private}"' not in answer


def test_mark_holds_the_whole_key(home: EventRecords, site: PretalxSite) -> None:
    code = site.make_record(SampleEvent())

    shown = publish(home, code, RECORDING)

    (ours,) = site.resources(code)
    assert ours["resource"] == f"{RECORDING.url}#zoom-ops={quote(RECORDING.key, safe='')}"
    assert shown == Shown(
        key=RECORDING.key, title="Recording", url=RECORDING.url, visibility="public", external_id=str(ours["id"])
    )


def test_fields_that_another_client_left_out_are_asked_for(home: EventRecords, site: PretalxSite) -> None:
    """pretalx answers everybody as the last client chose that named fields inside a session.

    It is the last test of this file, because it spoils the server for others.
    """
    code = site.make_record(SampleEvent())
    shown, raw = publish(home, code, RECORDING), home.get(code)
    cut = "expand=slots,resources,speakers&fields=slots.id,resources.id,speakers.code"
    for _ in range(12):  # there are several processes
        site.ask("GET", f"{code}/?{cut}")

    assert home.get(code) == raw
    for _ in range(12):
        assert home.entries(code) == (shown,)
        assert home.get(code) == raw
