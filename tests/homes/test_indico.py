"""Indico's events, on a real Indico: the contract, and what is Indico's own."""

from dataclasses import replace
from typing import Any

import pytest

from tests.homes.contract import HomeContract
from tests.homes.entries import RECORDING
from tests.homes.indico_site import GROUP, IndicoSite
from tests.homes.proxy import run_proxy
from tests.homes.site import shows
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from zoom_ops.homes import FormChangedError, MissingRightError

_ENTRY = RECORDING
_MOST_REQUESTS = 10
_FOR_MEMBERS = replace(_ENTRY, title="Recording for members", visibility="members")


@pytest.fixture
def site(indico: Running) -> IndicoSite:
    """Return an empty category."""
    return IndicoSite(indico).in_new_category()


class TestIndico(HomeContract):
    """Indico."""

    @pytest.fixture
    def site(self, indico: Running) -> IndicoSite:
        """Return an empty category."""
        return IndicoSite(indico).in_new_category()


def test_pages_of_300_of_2000_events_cost_ten_requests(site: IndicoSite) -> None:
    """As many pages as 2,000 events have, of fewer events."""
    made = site.make_many([SampleEvent(title=f"Session {number}", speakers=()) for number in range(150)])
    token = site.running.accounts["bot"].token
    number = len(site.open(site.url).list_changed("").records)
    with run_proxy(site.url, keeps_host=False) as proxy:
        home = site.open_with(proxy.url, token, page_size=max(20, number * 300 // 2_000))

        listed = home.list_changed("")

        assert len(proxy.passed) <= _MOST_REQUESTS
    assert len(listed.records) == number
    assert set(made) <= {raw.id for raw in listed.records}
    assert listed.all_ids == {raw.id for raw in listed.records}


def test_people_are_read_as_they_were_added_whatever_was_edited(site: IndicoSite) -> None:
    record = site.make_record(SampleEvent())
    home = site.open(site.url)
    before = home.parse(home.get(record)).announced.event.performers

    site.fill(f"/event/{record}/manage/settings/persons")

    assert home.parse(home.get(record)).announced.event.performers == before


def test_title_of_a_link_for_members_is_hidden_where_that_is_wanted(site: IndicoSite) -> None:
    group = site.running.details["group"]
    hiding = {"members": [group], "hide_titles": True}
    record = site.make_record(SampleEvent())
    home = site.open_with(site.url, site.running.accounts["admin"].token, **hiding)

    shown = home.publish(record, _FOR_MEMBERS, None)

    assert not shows(site.visitor_sees(record), _FOR_MEMBERS.title)
    assert shows(site.member_sees(record), _FOR_MEMBERS.url)
    assert home.publish(record, _FOR_MEMBERS, shown) == shown
    public = home.publish(record, replace(_FOR_MEMBERS, visibility="public"), shown)
    assert shows(site.visitor_sees(record), _ENTRY.url)
    assert home.publish(record, _FOR_MEMBERS, public).visibility == "members"
    assert not shows(site.visitor_sees(record), _FOR_MEMBERS.title)


def test_folder_that_our_user_cannot_see_gets_no_link(site: IndicoSite) -> None:
    record = site.make_record(SampleEvent())
    home = site.open_with(site.url, site.running.accounts["bot"].token, members=[GROUP], hide_titles=True)

    for _ in range(2):
        with pytest.raises(MissingRightError, match="put the user into one of the groups"):
            home.publish(record, _FOR_MEMBERS, None)

    assert site.materials(record) == []


def test_link_that_people_moved_into_a_folder_stays_there(site: IndicoSite) -> None:
    record = site.make_record(SampleEvent())
    home = site.open(site.url)
    home.publish(record, _ENTRY, None)
    site.fill(f"/event/{record}/manage/attachments/create-folder", title="Videos", is_always_visible="y")
    (ours,) = site.materials(record)
    site.put_into_folder(ours["path"], "Videos")
    (seen,) = home.entries(record)

    home.publish(record, replace(_ENTRY, url=f"{_ENTRY.url}/again"), seen)

    (ours,) = site.materials(record)
    assert (ours["folder"], ours["link_url"]) == ("Videos", f"{_ENTRY.url}/again")


def test_public_link_in_a_closed_event_is_written_once(site: IndicoSite) -> None:
    record = site.make_closed(SampleEvent())
    home = site.open(site.url)

    shown = home.publish(record, _ENTRY, None)

    assert shown.shows(_ENTRY), "the event is closed, the link is as open as the event"
    with run_proxy(site.url, keeps_host=False) as proxy:
        assert site.open(proxy.url).publish(record, _ENTRY, shown) == shown
        assert proxy.writes == []


def test_duplicates_of_ours_are_removed_and_those_of_people_stay(site: IndicoSite) -> None:
    record = site.make_record(SampleEvent())
    home = site.open(site.url)
    shown = home.publish(record, _ENTRY, None)
    site.attach(record, "The same, by people", _ENTRY.url, for_members=False)
    site.attach(
        record, "Recording", f"{_ENTRY.url}#zoom_ops=wsis-2027%2F4444AAA%2BiAAAAA%2FiAiAiiAii%3D%3D", for_members=False
    )

    assert home.publish(record, _ENTRY, shown) == shown

    assert [each["title"] for each in site.materials(record)] == ["Recording", "The same, by people"]


def test_link_that_is_not_protected_as_it_was_asked_is_removed_again(site: IndicoSite) -> None:
    site = site.for_members()
    record = site.make_record(SampleEvent())

    def unprotect() -> None:
        for each in site.materials(record, "#zoom_ops"):
            site.fill(each["path"], protected="", acl="[]")

    with run_proxy(site.url, keeps_host=False) as proxy:
        proxy.after_each(unprotect)
        with pytest.raises(FormChangedError, match="removed again"):
            site.open(proxy.url).publish(record, _FOR_MEMBERS, None)

    assert site.materials(record) == []


def test_locked_event_says_so(site: IndicoSite) -> None:
    record = site.make_record(SampleEvent())
    site.admin.post(f"{site.url}/event/{record}/manage/lock").raise_for_status()

    with pytest.raises(MissingRightError, match="locked"):
        site.open(site.url).publish(record, _ENTRY, None)


@pytest.mark.parametrize(
    ("who", "settings", "what", "sentence"),
    [
        ("reader", {}, "writing", "lacks the scope full:everything"),
        ("stranger", {}, "writing", "permission Submission on it"),
        ("bot", {"categories": [987]}, "reading", "no category 987"),
        ("bot", {"members": ["Nobody"]}, "members", "no group 'Nobody'"),
    ],
)
def test_check_says_what_is_missing_and_how_to_grant_it(
    site: IndicoSite, who: str, settings: dict[str, Any], what: str, sentence: str
) -> None:
    site.make_record(SampleEvent())
    home = site.open_with(site.url, site.running.accounts[who].token, **settings)

    missing = {finding.what: finding.sentence for finding in home.check() if finding.state == "missing"}

    assert list(missing) == [what]
    assert sentence in missing[what]
