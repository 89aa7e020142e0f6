"""Who is given a kept answer, what it depends on, what makes room for what, and who shares a rendering."""

import asyncio
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest

from zoom_ops.store.db.mark import CommitMark
from zoom_ops.store.db.snapshot import Readings
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.kept import flights
from zoom_ops.web.kept.answer import Answer
from zoom_ops.web.kept.asked import Asked, Wish, read_wish, understood
from zoom_ops.web.kept.flights import Flights, Marks
from zoom_ops.web.kept.shelf import Entry, Shelf

LANGUAGES = load_languages(("en", "fr"))
EVENT = "/events/tides"


def wish(address: str, method: str = "GET", **headers: str) -> Wish | None:
    """Read what a request asks for."""
    path, _, query = address.partition("?")
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"method": method, "path": path, "query_string": query.encode(), "headers": fields, "root_path": ""}
    return read_wish(scope, LANGUAGES, ("https://sister.example.org",))


def asked(address: str, **headers: str) -> Asked:
    """Read what a visitor asks for."""
    found = wish(address, **headers)
    assert found is not None
    return found.asked


@pytest.mark.parametrize(
    ("address", "method", "headers"),
    [
        (EVENT, "POST", {}),
        (f"{EVENT}.json", "GET", {"cookie": "zoom_ops=secret"}),
        (EVENT, "GET", {"cookie": "lang=fr; __Host-zoom_ops=secret"}),
        (EVENT, "GET", {"cookie": "zoom_ops=secret; zoom_ops_key_1=key"}),
        (EVENT, "GET", {"cookie": "zoom_ops=secret; zoom_ops=other"}),
        (EVENT, "GET", {"cookie": "__Secure-zoom_ops_key_1=key"}),
        (EVENT, "GET", {"authorization": "Bearer token"}),
        ("/?q=harbour", "GET", {}),
        (f"{EVENT}/recording", "GET", {}),
        (f"{EVENT}/join", "GET", {}),
        (f"{EVENT}/stream", "GET", {}),
        ("/-/events", "GET", {}),
        ("/sign-in", "GET", {}),
        ("/api/v1/events", "GET", {}),
        ("/events/Tides", "GET", {}),
    ],
)
def test_only_certain_visitors_get_kept_answers(address: str, method: str, headers: dict[str, str]) -> None:
    assert wish(address, method, **headers) is None


def test_who_holds_a_session_may_be_a_visitor() -> None:
    wishes = [cast(Wish, wish(EVENT, cookie=cookie)) for cookie in ("_ga=1; zoom_ops=secret", "_ga=1")]

    assert wishes[0].asked == wishes[1].asked
    assert [each.may_be_known for each in wishes] == [True, False]


def test_what_a_page_does_not_understand_makes_no_further_entry() -> None:
    pages = {asked(f"{EVENT}?x={number}&lang=tlh&y", cookie=f"_ga={number}") for number in range(50)}
    lists = {asked(address) for address in ("/", "/?upcoming=1&past=1", "/?series=&has=&z=1", "/?past=2&past=1")}

    assert pages == {Asked(EVENT, (), "en")}
    assert lists == {Asked("/", (), "en")}
    assert understood("/-/events", [("x", "1")]) is None


def test_language_of_a_kept_answer_is_the_readers() -> None:
    assert asked(EVENT, accept_language="fr-CH, en;q=0.5").language == "fr"
    assert asked(EVENT, cookie="lang=fr", accept_language="en").language == "fr"
    assert asked(f"{EVENT}/embed", cookie="lang=fr").language == "en"  # a frame on another site is a stranger's
    assert asked(f"{EVENT}.json", accept_language="fr") == Asked(f"{EVENT}.json")
    assert asked(f"{EVENT}?lang=fr") == Asked(EVENT, (("lang", "fr"),), "fr")
    assert [cast(Wish, wish(f"{EVENT}?lang=fr", cookie=known)).chooses for known in ("lang=en", "lang=fr")] == [
        True,
        False,
    ]


def test_origin_counts_as_far_as_it_is_let_in() -> None:
    origins = ("https://sister.example.org", "https://a.example.org", "https://b.example.org", "")

    assert [asked(EVENT, origin=origin).origin for origin in origins] == [origins[0], "null", "null", "null"]


def an_entry(size: int) -> Entry:
    """Build an entry whose body has that many bytes."""
    readings = Readings(questions=(), digest=b"")
    return Entry(Answer([], b"x" * size), readings, datetime(2026, 1, 1, tzinfo=UTC), None, None, None)


def test_what_is_asked_once_drives_out_nothing_that_is_asked_again() -> None:
    shelf, useful = Shelf(400_000, 50_000), [Asked(f"/{number}") for number in range(10)]
    for each in useful:
        shelf.keep(each, an_entry(10_000))
        shelf.find(each)

    for number in range(500):
        shelf.keep(Asked(f"/flood/{number}"), an_entry(10_000))

    assert all(shelf.find(each) for each in useful)
    assert shelf.size <= 400_000


def test_what_is_too_large_is_not_kept() -> None:
    shelf = Shelf(400_000, 50_000)
    shelf.keep(Asked("/"), an_entry(10_000))

    shelf.keep(Asked("/"), an_entry(60_000))

    assert shelf.find(Asked("/")) is None
    assert shelf.size == 0


async def _turns() -> None:
    """Let every task go on until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_nobody_gets_what_was_read_before_a_change_that_they_may_know_of() -> None:
    async def scene() -> list[list[int]]:
        state, gates = SimpleNamespace(mark=1, is_instant=True), [asyncio.Event(), asyncio.Event()]
        state.take = lambda: state.mark
        shared: Flights[int] = Flights(Marks(cast(CommitMark, state)))
        begun: list[int] = []

        async def fly(_mark: object) -> int:
            read, number = state.mark, len(begun)
            begun.append(read)
            await gates[min(number, 1)].wait()
            return int(read)

        def come() -> "asyncio.Task[Any]":
            return asyncio.create_task(shared.fetch("page", state.mark, fly))

        early = [come(), come()]
        await _turns()
        state.mark = 2
        late = [come(), come(), come()]
        await _turns()
        gates[0].set()
        first = await asyncio.gather(*early)
        gates[1].set()
        return [first, await asyncio.gather(*late), begun]

    assert asyncio.run(scene()) == [[1, 1], [2, 2, 2], [1, 2]]


def test_database_that_does_not_answer_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "PATIENCE_S", 0.02)
    answers = Event()

    def hang() -> int:
        answers.wait(60)
        return 1

    def fail() -> int:
        raise RuntimeError

    async def scene() -> list[object]:
        hanging, failing = (
            Marks(cast(CommitMark, SimpleNamespace(is_instant=False, is_free=False, take=take)))
            for take in (hang, fail)
        )
        try:
            return [*await asyncio.gather(hanging.take(), hanging.take()), await hanging.take(), await failing.take()]
        finally:
            answers.set()

    assert asyncio.run(scene()) == [None] * 4


def test_question_that_fails_while_somebody_waits_for_the_next_one_keeps_nobody_waiting_after_it() -> None:
    async def scene() -> list[object]:
        begins, fails = Event(), Event()
        mark = SimpleNamespace(is_instant=False, is_free=False)

        def fail() -> int:
            begins.set()
            fails.wait(60)
            mark.take = lambda: 7
            raise RuntimeError

        mark.take = fail
        marks = Marks(cast(CommitMark, mark))
        first = asyncio.create_task(marks.take())
        await asyncio.to_thread(begins.wait, 60)
        second = asyncio.create_task(marks.take())
        await asyncio.sleep(0)
        fails.set()
        return [await first, await marks.take(), await second]

    assert asyncio.run(scene()) == [None, 7, 7]
