"""Lists of events are kept while they stay the same, and no longer: whoever writes, and however the time passes."""

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.builders import END, NOW, RECORDING_EXPECTED, a_publication, a_recording, an_event
from tests.plans.plans import listening
from tests.web_site import Site
from zoom_ops.access import AUTHOR, OPERATOR, VISITOR, Reader, Shown
from zoom_ops.operations.views.lists import Page, ProgrammeLists
from zoom_ops.operations.views.lists.kept import Kept
from zoom_ops.store.db.change_counts import fold_changes, load_plan_version
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.snapshot import Snapshot
from zoom_ops.store.event_queries import ProgrammeFilter
from zoom_ops.store.events import save_event
from zoom_ops.store.lists.pages import load_list_version

pytestmark = pytest.mark.both_databases

TIDES = ProgrammeFilter(words="tides")
OVER = {"start": NOW - timedelta(days=2), "end": NOW - timedelta(days=1)}
WRITES: dict[str, str] = {
    "another event": "INSERT INTO event (id, name, start_at, end_at, status, profile, document, created_at, updated_at)"
    " SELECT 'another', name, start_at, end_at, status, profile, document, created_at, updated_at FROM event",
    "hidden": "UPDATE event SET visibility = 'draft'",
    "renamed": "UPDATE event SET document = replace(CAST(document AS TEXT), 'Tides of Tomorrow', 'Currents'){}",
    "moved": "UPDATE event SET end_at = '2041-01-01 00:00:00.000000'",
    "deleted": "DELETE FROM event",
    "other words": "UPDATE event_text SET words = ''",
    "withdrawn": "UPDATE publication SET state = 'withdrawn'",
    "recorded longer": "UPDATE recording SET duration = 17",
}


def seen(
    site: Site, reader: Reader = VISITOR, wanted: ProgrammeFilter = TIDES
) -> tuple[list[str], int, list[str], int]:
    """Return the names and the totals of both lists."""
    lists = site.services.programme.load_programme(reader, wanted, limit=20)
    coming, past = ([card.name for card in page.events] for page in (lists.coming, lists.past))
    return coming, lists.coming.total, past, lists.past.total


@pytest.fixture
def site(database: Database) -> Site:
    """A site with one event that is over and has a recording."""
    site = Site(database)
    site.save(an_event(**OVER))
    site.publish(an_event(**OVER))
    return site


@pytest.mark.parametrize("sql", WRITES.values(), ids=WRITES)
def test_what_any_program_writes_is_seen_at_once(site: Site, sql: str) -> None:
    asked = [TIDES, ProgrammeFilter(), ProgrammeFilter(recorded=True)]
    before = [_load(site, wanted) for wanted in asked]
    assert [page.total for _, page in before] == [1, 1, 1]

    with site.database.begin() as connection:  # as an older program does, which knows nothing of lists that are kept
        connection.execute(text(sql.format("" if site.database.is_sqlite else "::json")))

    anew = Site(site.database)
    after = [_load(site, wanted) for wanted in asked]
    assert after == [_load(anew, wanted) for wanted in asked]
    assert after != before


def _load(site: Site, wanted: ProgrammeFilter) -> tuple[ProgrammeLists, Page[Shown]]:
    """Return what an operator sees of both lists, and whole events of one."""
    programme = site.services.programme
    lists = programme.load_programme(OPERATOR, wanted, limit=20)
    return lists, programme.list_events(OPERATOR, wanted=wanted, past=True)


def test_lists_that_stay_the_same_are_not_read_again(site: Site) -> None:
    seen(site)

    with listening(site.database) as heard:
        assert seen(site) == ([], 0, ["Tides of Tomorrow"], 1)

    assert [sql for sql in heard if "list_change" not in sql] == []


def test_first_search_for_words_asks_once(site: Site) -> None:
    seen(site)

    with listening(site.database) as heard:
        assert seen(site, wanted=ProgrammeFilter(words="zebra")) == ([], 0, [], 0)

    assert len(heard) == 1  # for the version of the lists with the texts that have the words


def test_page_of_lists_asks_again_for_nothing_but_whether_they_changed(site: Site) -> None:
    snapshot, wanted = Snapshot(site.database), ProgrammeFilter(language="en", recorded=True)
    with snapshot.serve():
        assert seen(site, wanted=wanted)[3] == 1
    readings = snapshot.finish()

    assert readings is not None
    assert len(readings.questions) == 2  # for the version of the lists, and when the next event ends
    assert readings.are_current(site.database)
    site.save(an_event(name="Tides of Today", **OVER))
    assert not readings.are_current(site.database)


def test_event_that_ends_goes_from_one_list_to_the_other(site: Site) -> None:
    site.save(an_event(name="Tides of Today"))
    names = []
    for moment in (NOW, END - timedelta(seconds=1), END, END - timedelta(hours=2), END + timedelta(hours=1)):
        site.clock.now = lambda moment=moment: moment  # type: ignore[method-assign, misc]
        names.append(seen(site)[0])

    assert names == [["Tides of Today"], ["Tides of Today"], [], ["Tides of Today"], []]


def test_phase_of_a_kept_event_follows_what_zoom_reports(site: Site) -> None:
    live = an_event(id="live", start=NOW - timedelta(minutes=9), end=NOW + timedelta(hours=1))
    site.save(live)
    site.bind(live)
    statuses = []
    for report in ({}, {"started_at": live.start}, {"ended_at": NOW}):
        if report:
            site.tell(live, "webinar", **report)
        (card,) = site.services.programme.load_programme(VISITOR, TIDES, limit=20).coming.events
        statuses.append((card.live_status.live, card.live_status.over))

    assert statuses == [(False, False), (True, False), (False, True)]


def test_each_reader_sees_their_own_lists(site: Site) -> None:
    gate = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "groups": ("Board",)})
    site.save(an_event(id="board", name="Tides of the board", attachments=(gate,), **OVER))
    site.publish(an_event(id="board"), a_publication(recording_uuid="board"), a_recording(uuid="board"))
    site.save(an_event(id="draft", name="Tides to come", visibility="draft"))
    recorded = ProgrammeFilter(words="tides", recorded=True)
    board = Reader(role="member", groups=("Board",))
    list_events = site.services.programme.list_events

    for _ in range(2):  # read, and kept
        assert [seen(site, reader, recorded)[3] for reader in (VISITOR, board, OPERATOR, VISITOR)] == [1, 2, 2, 1]
        assert [seen(site, reader)[1] for reader in (OPERATOR, VISITOR)] == [0, 0]  # pages name no draft
        assert [list_events(reader, wanted=TIDES).total for reader in (AUTHOR, VISITOR, OPERATOR)] == [1, 0, 1]


def test_what_is_undone_was_never_kept(site: Site) -> None:
    before = seen(site)
    with site.database.joined() as connection:
        save_event(connection, an_event(name="Tides undone", **OVER), NOW)
        while_it_is_open = seen(site)
        connection.rollback()

    with site.database.begin() as connection:  # as many changes as were undone
        save_event(connection, an_event(name="Tides done", **OVER), NOW)

    names = [lists[2] for lists in (before, while_it_is_open, seen(site))]
    assert names == [["Tides of Tomorrow"], ["Tides undone"], ["Tides done"]]


def test_what_is_kept_is_bounded() -> None:
    kept, loaded = Kept(most=3), list[int]()

    def ask(number: int) -> int:
        def load() -> int:
            loaded.append(number)
            return number

        return kept.get(number, load)

    assert [ask(number) for number in (1, 2, 3, 1, 4, 1, 2)] == [1, 2, 3, 1, 4, 1, 2]
    assert loaded == [1, 2, 3, 4, 2]  # the fourth took the place of the second, which was used longest ago


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whole_events_are_not_kept(site: Site) -> None:
    site.save(an_event(**OVER))
    with site.database.begin() as connection:
        connection.execute(text("UPDATE event SET document = json_set(document, '$.venue', hex(zeroblob(1000000)))"))
    site.services.programme.list_events(OPERATOR, wanted=ProgrammeFilter(), past=True)  # loads what it needs

    tracemalloc.start()
    try:
        for reader in (VISITOR, AUTHOR, OPERATOR):
            assert site.services.programme.list_events(reader, past=True).total == 1
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < 1_000_000 < peak


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_writers_of_events_do_not_wait_for_each_other(site: Site) -> None:
    with site.database.begin() as first:
        save_event(first, an_event(id="first", name="Tides first"), NOW)
        with site.database.begin(patience_s=5) as second:
            save_event(second, an_event(id="second", name="Tides second"), NOW)
        meanwhile = seen(site)

    assert (meanwhile[0], seen(site)[0]) == (["Tides second"], ["Tides first", "Tides second"])


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_counts_of_connections_that_are_gone_are_one_row(site: Site) -> None:
    writers = "SELECT count(*) FROM {} WHERE writer NOT IN (SELECT pid FROM pg_stat_activity)"
    for gone in ((-5, -6), (-7, -5)):
        with site.database.begin() as connection:
            for writer in gone:
                for table in ("list_change", "plan_change"):
                    connection.execute(text(f"INSERT INTO {table} (writer, changes) VALUES ({writer}, 40)"))
            version, planned = load_list_version(connection), load_plan_version(connection)

        with site.database.begin() as connection:
            fold_changes(connection)

        with site.database.read() as connection:
            assert load_list_version(connection) == version > 80
            assert load_plan_version(connection) == planned >= version + 80
            assert [connection.scalar(text(writers.format(table))) for table in ("list_change", "plan_change")] == [
                1,
                1,
            ]

    site.save(an_event(id="later"))
    with site.database.read() as connection:
        assert load_list_version(connection) > version


@pytest.mark.parametrize("wanted", [TIDES, ProgrammeFilter()], ids=["searched", "all"])
def test_draft_of_an_event_that_is_hidden_while_a_list_is_read_is_not_in_it(
    site: Site, wanted: ProgrammeFilter
) -> None:
    hidden: list[str] = []

    def hide(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM publication" in statement and not hidden:  # it is found, and its record is read next
            hidden.append("tides")
            with site.database.begin() as connection:
                save_event(connection, an_event(**OVER, visibility="draft"), NOW)

    event.listen(site.database.engine, "after_cursor_execute", hide)
    try:
        page = site.services.programme.list_events(VISITOR, wanted=wanted, past=True)
    finally:
        event.remove(site.database.engine, "after_cursor_execute", hide)

    assert hidden == ["tides"]
    assert [shown.event.visibility for shown in page.events] in ([], ["listed"])  # listed: all was read before that
