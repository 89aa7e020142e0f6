"""The contract of a home (zoom_ops/homes/port.py), against the real system. Each kind passes it by a short subclass:

    class TestKinto(HomeContract):
        @pytest.fixture
        def site(self, kinto: Running) -> Site:
            return KintoSite(kinto)

A `Site` (tests/homes/site.py) is the system as its people use it. What a home cannot do it says with its capabilities,
and a system with the flags of its site; such a test is skipped with the reason.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count as numbers

import pytest

from tests.homes.entries import RECORDING
from tests.homes.entries import publish as _publish
from tests.homes.proxy import Break, Proxy, run_proxy
from tests.homes.site import Site, count, shows
from tests.homes.systems.sample import NEW_YORK, SPEAKERS, SampleEvent
from zoom_ops.errors import NotFoundError, ZoomOpsError
from zoom_ops.homes import (
    CannotHideError,
    ConsentRefusedError,
    DriftedError,
    Entry,
    EventRecords,
    Glimpse,
    MissingRightError,
    Raw,
    Shown,
    UnauthorizedError,
)

_PART_1 = RECORDING
_PART_2 = replace(
    _PART_1,
    key="wsis-2027/5555BBB+iAAAAA/iAiAiiAii==",
    part=2,
    title="Recording, part 2",
    url="https://webinars.example.org/wsis-2027/recordings/2",
)
_MOVED = replace(_PART_1, url="https://webinars.example.org/wsis-2027/recordings/moved")
_BY_PEOPLE = "https://videos.example.org/cut-by-people"
_WORDS = "Coffee is served in the foyer"
_MOST_REQUESTS = 10  # of a pull where nothing changed, and of one publication
_MOST_STEPS = 20  # requests of one write


class ReadingContract(ABC):
    """The cases of a home that is only read. `site` is the fixture that a subclass gives."""

    @pytest.fixture
    @abstractmethod
    def site(self) -> Site:
        """Return the system."""

    @pytest.fixture
    def home(self, site: Site) -> EventRecords:
        """Return the home with the right credentials."""
        return site.open(site.url)

    @pytest.fixture
    def proxy(self, site: Site) -> Iterator[Proxy]:
        """Return a proxy before the system."""
        with run_proxy(site.url, keeps_host=site.keeps_host) as proxy:
            yield proxy

    @pytest.fixture
    def record(self, site: Site) -> str:
        """Return the id of a new record."""
        return site.make_record(SampleEvent())

    # ---- reading

    def test_lists_a_record_that_is_new_since_the_cursor(self, site: Site, home: EventRecords, record: str) -> None:
        first = home.list_changed("")
        assert record in _ids(first.records)

        new = site.make_record(SampleEvent(title="How waves travel"))
        second = home.list_changed(first.cursor)

        assert new in _ids(second.records)
        if home.capabilities.feed != "poll":
            assert record not in _ids(second.records), "nothing is read twice"

    def test_lists_what_people_changed_with_another_fingerprint(
        self, site: Site, home: EventRecords, record: str
    ) -> None:
        listed = home.list_changed("")
        before = _listed(listed.records, record)

        site.edit_beside(record, _WORDS)

        after = _listed(home.list_changed(listed.cursor).records, record)
        assert after.fingerprint != before.fingerprint
        assert _WORDS in home.parse(after).announced.event.description

    def test_fingerprint_of_an_unchanged_record_stays(self, home: EventRecords, record: str) -> None:
        listed = _listed(home.list_changed("").records, record)

        again = _listed(home.list_changed("").records, record)

        assert listed.fingerprint == again.fingerprint == home.get(record).fingerprint

    def test_unchanged_home_costs_few_requests(self, site: Site, proxy: Proxy, record: str) -> None:
        home = site.open(proxy.url)
        cursor = home.list_changed("").cursor

        proxy.heal()
        home.list_changed(cursor)

        assert 0 < len(proxy.passed) <= _MOST_REQUESTS
        assert proxy.writes == []

    def test_lists_many_records_in_pages(self, site: Site, home: EventRecords) -> None:
        many = [SampleEvent(title=f"Session {number}", speakers=()) for number in range(site.many)]
        made = site.make_many(many)

        listed = _ids(home.list_changed("").records)

        assert set(made) <= set(listed)
        assert len(listed) == len(set(listed)), "each once"

    def test_reads_title_times_and_zone(self, site: Site, home: EventRecords) -> None:
        given = SampleEvent(title="Übergang & “mesures” <2027>")

        event = _read(home, site.make_record(given))

        assert event.name == given.title
        assert (event.start_utc, event.end_utc) == (given.starts_utc, given.ends_utc)
        assert event.timezone == NEW_YORK

    def test_reads_speakers_in_their_order(self, site: Site, home: EventRecords, record: str) -> None:
        event = _read(home, record)

        assert [who.name for who in event.performers] == [who.name for who in SPEAKERS]
        if site.tells_organizations:
            assert [who.organization for who in event.performers] == [who.affiliation for who in SPEAKERS]

    def test_reads_attachments_of_people(self, site: Site, home: EventRecords, record: str) -> None:
        if not site.attach(record, "Programme", "https://files.example.org/programme", for_members=False):
            pytest.skip("the system has no attachments")
        has_closed = site.attach(record, "Minutes", "https://files.example.org/minutes", for_members=True)

        attachments = {entry.title: entry for entry in _read(home, record).attachments}

        assert attachments["Programme"].url == "https://files.example.org/programme"
        assert attachments["Programme"].visibility == "public"
        assert not has_closed or "Minutes" not in attachments or attachments["Minutes"].visibility == "members"

    def test_public_record_is_public_and_has_a_page(self, home: EventRecords, record: str) -> None:
        read = home.parse(home.get(record))

        assert read.is_public
        assert read.id == record
        assert read.url.startswith(("http://", "https://"))
        assert read.announced.origin

    def test_closed_record_is_not_public(self, site: Site) -> None:
        home, record = site.for_members().open(site.for_members().url), site.make_closed(SampleEvent())
        if record is None:
            pytest.skip("a record of this system is as open as its collection")

        assert not home.parse(home.get(record)).is_public

    def test_cancelled_record_is_told(self, site: Site, home: EventRecords, record: str) -> None:
        if not site.tells_cancelled:
            pytest.skip("the system cannot say that an event is cancelled")
        site.cancel(record)

        assert _read(home, record).status == "cancelled"

    def test_deleted_record_is_missed(self, site: Site, home: EventRecords, record: str) -> None:
        if not site.tells_deleted:
            pytest.skip("the system does not tell")
        first = home.list_changed("")
        site.delete(record)

        after = home.list_changed(first.cursor)

        assert record not in _ids(after.records)
        assert record in after.gone or (after.all_ids is not None and record not in after.all_ids)
        with pytest.raises(NotFoundError):
            home.get(record)


class HomeContract(ReadingContract):
    """The cases of a home to which links are written."""

    def test_fingerprint_leaves_our_own_entries_out(self, home: EventRecords, record: str) -> None:
        before = home.get(record)

        shown = _publish(home, record, _PART_1)
        after = home.get(record)
        _publish(home, record, _MOVED, shown)

        assert before.fingerprint == after.fingerprint == home.get(record).fingerprint
        assert not before.links
        assert _agree((shown,), after.links or ())

    def test_own_entries_are_no_attachments_of_the_event(self, home: EventRecords, record: str) -> None:
        _publish(home, record, _PART_1)

        event = _read(home, record)

        assert _PART_1.url not in [attachment.url for attachment in event.attachments]

    def test_published_link_is_seen_by_visitors(self, site: Site, home: EventRecords, record: str) -> None:
        assert not shows(site.visitor_sees(record), _PART_1.url)

        shown = _publish(home, record, _PART_1)

        assert shown.shows(_PART_1)
        assert home.entries(record) == (shown,)
        assert shows(site.visitor_sees(record), _PART_1.url)
        assert shows(site.visitor_sees(record), _PART_1.title)

    def test_second_publication_writes_nothing(self, site: Site, proxy: Proxy, record: str) -> None:
        home = site.open(proxy.url)
        shown = _publish(home, record, _PART_1)
        everything = site.all_of(record)

        proxy.heal()
        again = _publish(home, record, _PART_1, shown)
        forgotten = _publish(site.open(proxy.url), record, _PART_1, None)

        assert proxy.writes == []
        assert len(proxy.passed) <= 2 * _MOST_REQUESTS
        assert again == forgotten == shown
        assert site.all_of(record) == everything

    def test_changed_link_is_changed_in_its_place(self, site: Site, home: EventRecords, record: str) -> None:
        shown = _publish(home, record, _PART_1)

        moved = _publish(home, record, _MOVED, shown)

        assert home.entries(record) == (moved,)
        assert moved.shows(_MOVED)
        assert shows(site.visitor_sees(record), _MOVED.url)
        assert not shows(site.visitor_sees(record), _PART_1.url)

    def test_several_parts_stand_in_their_order(self, site: Site, home: EventRecords, record: str) -> None:
        for part in (_PART_1, _PART_2):
            _publish(home, record, part)

        assert [shown.url for shown in home.entries(record)] == [_PART_1.url, _PART_2.url]
        home.withdraw(record, _PART_1.key)

        assert [shown.url for shown in home.entries(record)] == [_PART_2.url]
        assert not shows(site.visitor_sees(record), _PART_1.url)

    def test_link_for_members_is_hidden_from_visitors(self, site: Site) -> None:
        site, entry = _of_members(site)
        record = site.make_record(SampleEvent())
        with run_proxy(site.url, keeps_host=site.keeps_host) as proxy:
            home = site.open(proxy.url)
            pages: list[str] = []
            proxy.after_each(lambda: pages.append(site.visitor_sees(record)))

            shown = _publish(home, record, entry)

        assert pages
        assert not any(shows(page, entry.url) for page in (*pages, site.visitor_sees(record)))
        assert shown.visibility == "members"
        assert shows(site.member_sees(record), entry.url)
        assert _agree((shown,), _listed(site.open(site.url).list_changed("").records, record).links or ())
        if not home.capabilities.title_leaks:
            assert not shows(site.visitor_sees(record), entry.title)

    def test_link_for_members_stays_hidden_when_it_changes(self, site: Site) -> None:
        site, entry = _of_members(site)
        home, record = site.open(site.url), site.make_record(SampleEvent())
        shown = _publish(home, record, entry)
        moved = replace(entry, url=_MOVED.url)

        shown = _publish(home, record, moved, shown)
        home.entries(record)

        assert shown.shows(moved)
        assert not shows(site.visitor_sees(record), moved.url)
        assert shows(site.member_sees(record), moved.url)

    def test_link_becomes_one_for_members(self, site: Site) -> None:
        site, entry = _of_members(site)
        home, record = site.open(site.url), site.make_record(SampleEvent())
        if "public" not in home.capabilities.audiences:
            pytest.skip("there are no public links")
        shown = _publish(home, record, replace(entry, visibility="public"))

        narrowed = _publish(home, record, entry, shown)

        assert home.entries(record) == (narrowed,)
        assert narrowed.visibility == "members"
        assert not shows(site.visitor_sees(record), entry.url)

    def test_home_that_cannot_hide_refuses_links_for_members(self, site: Site, home: EventRecords, record: str) -> None:
        if "members" in home.capabilities.audiences:
            pytest.skip("this home hides links")
        before = site.all_of(record)

        with pytest.raises(CannotHideError):
            _publish(home, record, replace(_PART_1, visibility="members"))

        assert site.all_of(record) == before

    def test_withdrawn_link_is_gone(self, site: Site, home: EventRecords, record: str) -> None:
        _publish(home, record, _PART_1)

        home.withdraw(record, _PART_1.key)
        home.withdraw(record, _PART_1.key)

        assert home.entries(record) == ()
        assert not shows(site.visitor_sees(record), _PART_1.url)

    def test_link_can_be_published_again_after_it_was_withdrawn(self, home: EventRecords, record: str) -> None:
        _publish(home, record, _PART_1)
        home.withdraw(record, _PART_1.key)

        assert _publish(home, record, _PART_1).shows(_PART_1)

    # ---- people beside us

    def test_words_of_people_stay(self, site: Site, home: EventRecords, record: str) -> None:
        shown = _publish(home, record, _PART_1)
        site.edit_beside(record, _WORDS)

        assert home.entries(record) == (shown,), "an edit beside ours is none of ours"
        _publish(home, record, _MOVED, shown)
        assert shows(site.all_of(record), _WORDS)
        home.withdraw(record, _PART_1.key)

        assert shows(site.all_of(record), _WORDS)
        assert _WORDS in _read(home, record).description

    def test_entry_that_people_changed_is_left_as_it_is(self, site: Site, home: EventRecords, record: str) -> None:
        shown = _publish(home, record, _PART_1)
        site.edit_ours(record, _BY_PEOPLE)
        before = site.all_of(record)

        seen = home.entries(record)
        listed = _listed(home.list_changed("").records, record)
        with pytest.raises(DriftedError):
            _publish(home, record, _MOVED, shown)

        assert len(seen) == 1
        assert seen[0].key == _PART_1.key
        assert seen[0] != shown
        assert site.all_of(record) == before
        assert listed.links == home.get(record).links
        assert listed.links is not None, "a list tells that people changed a link"
        assert _agree(seen, listed.links)
        assert not _agree((shown,), listed.links)

    def test_entry_that_people_changed_is_restored_where_that_is_wanted(
        self, site: Site, home: EventRecords, record: str
    ) -> None:
        _publish(home, record, _PART_1)
        site.edit_ours(record, _BY_PEOPLE)
        (seen,) = home.entries(record)

        restored = _publish(home, record, _PART_1, seen)

        assert restored.shows(_PART_1)
        assert home.entries(record) == (restored,)

    def test_entry_that_people_changed_can_be_withdrawn(self, site: Site, home: EventRecords, record: str) -> None:
        _publish(home, record, _PART_1)
        site.edit_ours(record, _BY_PEOPLE)

        home.withdraw(record, _PART_1.key)

        assert home.entries(record) == ()

    def test_edit_at_the_same_time_is_not_lost(self, site: Site, proxy: Proxy, record: str) -> None:
        home = site.open(proxy.url)
        happens = proxy.before_first_write if site.edits_between == "write" else proxy.after_first_read
        happens(lambda: site.edit_beside(record, _WORDS))

        shown = _publish(home, record, _PART_1)

        assert home.entries(record) == (shown,)
        assert shown.shows(_PART_1)
        assert shows(site.all_of(record), _WORDS)

    def test_link_that_people_attach_at_the_same_time_is_not_lost(self, site: Site, proxy: Proxy, record: str) -> None:
        if not site.attach(record, "Programme", "https://files.example.org/programme", for_members=False):
            pytest.skip("the system has no attachments")
        home, minutes = site.open(proxy.url), "https://files.example.org/minutes"
        happens = proxy.before_first_write if site.edits_between == "write" else proxy.after_first_read
        happens(lambda: site.attach(record, "Minutes", minutes, for_members=False))

        shown = _publish(home, record, _PART_1)

        assert home.entries(record) == (shown,)
        urls = [attachment.url for attachment in _read(home, record).attachments]
        assert sorted(urls) == [minutes, "https://files.example.org/programme"], "pretalx lists them by address"

    # ---- refusals

    def test_wrong_credentials_are_told(self, site: Site, home: EventRecords, record: str) -> None:
        wrong = site.open(site.url, "wrong")

        with pytest.raises(UnauthorizedError):
            _publish(wrong, record, _PART_1)

        assert [found.state for found in wrong.check() if found.what == "credentials"] == ["missing"]
        assert home.entries(record) == ()
        if not site.wrong_credentials_read_as_visitor:
            with pytest.raises(UnauthorizedError):
                wrong.list_changed("")

    def test_missing_right_is_told(self, site: Site, home: EventRecords, record: str) -> None:
        reader = site.open(site.url, "reader")

        assert record in _ids(reader.list_changed("").records)
        with pytest.raises(MissingRightError):
            _publish(reader, record, _PART_1)

        assert home.entries(record) == ()
        states = {found.what: found.state for found in reader.check()}
        assert states["credentials"] == "ok"
        assert states["writing"] == "missing"

    def test_check_finds_nothing_missing_and_leaves_nothing_behind(
        self, site: Site, home: EventRecords, record: str
    ) -> None:
        before = site.all_of(record), sorted(_ids(home.list_changed("").records))

        found = list(home.check())

        assert {"credentials", "reading", "writing"} <= {finding.what for finding in found}
        assert [finding for finding in found if finding.state == "missing"] == []
        assert all(finding.sentence.endswith(".") for finding in found)
        assert (site.all_of(record), sorted(_ids(home.list_changed("").records))) == before

    def test_unknown_record_is_told(self, site: Site, home: EventRecords) -> None:
        for ask in (home.get, home.entries, lambda unknown: _publish(home, unknown, _PART_1)):
            with pytest.raises(NotFoundError):
                ask(site.unknown_id)
        home.withdraw(site.unknown_id, _PART_1.key)

    def test_refused_consent_is_obeyed(self, site: Site, home: EventRecords) -> None:
        record = site.make_refusing(SampleEvent())
        if record is None:
            assert not home.capabilities.tells_consent
            pytest.skip("the system has no field for it")
        before = site.all_of(record)

        assert home.capabilities.tells_consent
        assert _read(home, record).consent == "do_not_record"
        with pytest.raises(ConsentRefusedError):
            _publish(home, record, _PART_1)
        assert site.all_of(record) == before

    # ---- the system is down in the middle

    @pytest.mark.parametrize("how", ["before", "after"])
    def test_broken_publication_is_done_once_by_the_next_attempt(self, site: Site, proxy: Proxy, how: Break) -> None:
        undisturbed = site.make_record(SampleEvent())
        _publish(site.open(site.url), undisturbed, _PART_1)
        expected = count(site.all_of(undisturbed), _PART_1.url)

        def publish(home: EventRecords, record: str) -> None:
            _publish(home, record, _PART_1)

        for record in _broken(site, proxy, how, lambda: site.make_record(SampleEvent()), publish):
            home = site.open(site.url)
            shown = _publish(home, record, _PART_1)

            assert home.entries(record) == (shown,)
            assert count(site.all_of(record), _PART_1.url) == expected

    def test_write_that_lands_late_leaves_one_link(self, site: Site, proxy: Proxy, record: str) -> None:
        """A server stalls: we look and find nothing, we write again, and then it carries out what it had."""
        proxy.hold_first_write()
        with pytest.raises(ZoomOpsError):
            _publish(site.open(proxy.url), record, _PART_1)
        home = site.open(site.url)
        assert home.entries(record) == ()
        _publish(home, record, _PART_1)
        expected = count(site.all_of(record), _PART_1.url)

        proxy.let_it_land()
        (seen,) = home.entries(record)
        left = seen if seen.shows(_PART_1) else _publish(home, record, _PART_1, seen)

        assert home.entries(record) == (left,)
        assert left.shows(_PART_1)
        assert count(site.all_of(record), _PART_1.url) == expected

    @pytest.mark.parametrize("how", ["before", "after"])
    def test_broken_change_is_done_once_by_the_next_attempt(self, site: Site, proxy: Proxy, how: Break) -> None:
        shown: dict[str, Shown] = {}

        def make() -> str:
            record = site.make_record(SampleEvent())
            shown[record] = _publish(site.open(site.url), record, _PART_1)
            return record

        def change(home: EventRecords, record: str) -> None:
            _publish(home, record, _MOVED, shown[record])

        for record in _broken(site, proxy, how, make, change):
            home = site.open(site.url)
            moved = _publish(home, record, _MOVED, shown[record])

            assert home.entries(record) == (moved,)
            assert count(site.all_of(record), _PART_1.url) == 0
            assert shows(site.all_of(record), _MOVED.url)

    @pytest.mark.parametrize("how", ["before", "after"])
    def test_broken_withdrawal_is_done_by_the_next_attempt(self, site: Site, proxy: Proxy, how: Break) -> None:
        def make() -> str:
            record = site.make_record(SampleEvent())
            _publish(site.open(site.url), record, _PART_1)
            return record

        for record in _broken(site, proxy, how, make, lambda home, record: home.withdraw(record, _PART_1.key)):
            home = site.open(site.url)
            home.withdraw(record, _PART_1.key)

            assert home.entries(record) == ()
            assert not shows(site.visitor_sees(record), _PART_1.url)

    @pytest.mark.parametrize("how", ["before", "after"])
    def test_broken_publication_for_members_is_never_public(self, site: Site, how: Break) -> None:
        site, entry = _of_members(site)
        with run_proxy(site.url, keeps_host=site.keeps_host) as proxy:

            def publish(home: EventRecords, record: str) -> None:
                _publish(home, record, entry)

            for record in _broken(site, proxy, how, lambda: site.make_record(SampleEvent()), publish):
                home = site.open(site.url)
                assert not shows(site.visitor_sees(record), entry.url)

                shown = _publish(home, record, entry)

                assert home.entries(record) == (shown,)
                assert not shows(site.visitor_sees(record), entry.url)


def _ids(records: tuple[Raw, ...]) -> list[str]:
    return [raw.id for raw in records]


def _agree(entries: Sequence[Shown], links: Sequence[Glimpse]) -> bool:
    """Return whether a list shows exactly these entries, as far as it shows them."""
    return len(entries) == len(links) and all(
        any(vars(entry).items() >= link.items() for link in links) for entry in entries
    )


def _listed(records: tuple[Raw, ...], record_id: str) -> Raw:
    return next(raw for raw in records if raw.id == record_id)


def _read(home: EventRecords, record_id: str):  # type: ignore[no-untyped-def]
    return home.parse(home.get(record_id)).announced.event


def _of_members(site: Site) -> tuple[Site, Entry]:
    site = site.for_members()
    if "members" not in site.open(site.url).capabilities.audiences:
        pytest.skip("this system cannot hide links")
    return site, replace(_PART_1, title="Recording for members", visibility="members")


def _broken(
    site: Site, proxy: Proxy, how: Break, make: Callable[[], str], act: Callable[[EventRecords, str], None]
) -> Iterator[str]:
    """Do something to a new record each time, and break at its first request, its second, and so on."""
    for number in numbers(1):
        assert number <= _MOST_STEPS, "one write takes too many requests"
        record = make()
        proxy.break_at(number, how)
        try:
            act(site.open(proxy.url), record)
        except ZoomOpsError:
            assert proxy.broke
        if not proxy.broke:
            assert number > 2, "a write reads before and writes"
            return
        proxy.heal()
        yield record
