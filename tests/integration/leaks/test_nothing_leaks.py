"""Nothing leaks: every surface, as everybody who may not see something, beside those who may."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.integration.leaks.house import INSIDERS, OUTSIDERS, House, open_house
from tests.integration.leaks.programme import (
    ATTACHMENTS,
    EVENTS,
    GROUP,
    PROFILES,
    PUBLIC,
    SETTINGS,
    list_planted,
    plant,
    publish,
    word,
)
from tests.integration.leaks.surfaces import (
    EXEMPT,
    HIDDEN,
    REFUSED,
    SAME_FOR_ALL,
    SURFACES,
    Answer,
    LanguagesOf,
    Somebody,
    all_languages,
    some_languages,
)
from tests.integration.service import MakeService

SEES_ALL = INSIDERS[-1]
EVERYTHING = "GET HEAD POST PUT PATCH DELETE"
OF_PROGRAMMES = {"console", "API", "probes", "static files", "sign-in", "webhook intake"}  # not of the events' pages
WRITTEN = r"(DTSTAMP|LAST-MODIFIED):\w+|<lastmod>[^<]+|(?m:^(etag|content-length): .*$)"


@pytest.fixture
def house(make_service: MakeService) -> Iterator[House]:
    """A service that is told nothing yet."""
    with open_house(make_service(settings=SETTINGS, profiles=PROFILES)) as house:
        yield house


@pytest.mark.timeout(600)
@pytest.mark.parametrize("languages_of", [some_languages, pytest.param(all_languages, marks=pytest.mark.long)])
def test_nothing_leaks(house: House, record_property: Callable[[str, object], None], languages_of: LanguagesOf) -> None:
    plant(house.service, house.site)

    told = {
        f"{reader}: {where}": one.told
        for reader in house.readers
        for where, one in ask_all(house, reader, languages_of)
    }

    counted = count(told)
    record_property("counts", counted)
    assert [leak for planted in list_planted() for leak in planted.leaks(told)] == [], counted
    assert [place for planted in list_planted() for place in planted.missing(told)] == [], counted
    assert {where.split(": ")[1] for where in told} == {*SURFACES, "refusal", "failure"}


def ask_all(house: House, reader: str, languages_of: LanguagesOf) -> Iterator[tuple[str, Answer]]:
    """Ask for everything as a reader; who may not see it also for what is refused, and while things fail."""
    if reader in INSIDERS:
        yield from house.ask(reader, languages_of=languages_of).items()
        return
    yield from ask_wrongly(house.readers[reader])
    with house.broken():
        failed = house.ask(reader, events=(HIDDEN,))
    yield from ((f"failure: {where}", one) for where, one in failed.items() if one.status >= 500)
    yield from house.ask(reader, methods=EVERYTHING, languages_of=languages_of).items()


def ask_wrongly(somebody: Somebody) -> Iterator[tuple[str, Answer]]:
    """Ask for what is refused."""
    for method, path, options in REFUSED:
        yield f"refusal: {method} {path}", somebody.ask(method, path, **options)


def count(told: Mapping[str, bytes]) -> str:
    """List the surfaces that were looked at, and how they answered."""
    counts = Counter((where.split(": ")[1], content[:3].decode()) for where, content in told.items())
    by_surface: dict[str, list[str]] = {}
    for (surface, status), number in sorted(counts.items()):
        by_surface.setdefault(surface, []).append(f"{number} × {status}")
    lines = [f"{surface}: {', '.join(answers)}" for surface, answers in by_surface.items()]
    exempt = [f"not looked at: {template}: {why}" for template, why in EXEMPT.items()]
    return "; ".join((f"looked for leaks at {len(lines)} surfaces, in {len(told)} answers", *lines, *exempt))


def test_search_knows_nothing_of_what_is_hidden(house: House) -> None:
    plant(house.service, house.site)
    nonsense, words = word("nothing that is anywhere"), [one.text for one in list_planted() if one.text.isalpha()]

    for reader, somebody in house.readers.items():
        for path in ("/?q={}", "/api/v1/events?q={}&when=past"):
            unknown = somebody.ask("GET", path.format(nonsense))
            for hidden in words:
                found = somebody.ask("GET", path.format(hidden))
                same = found.body.replace(hidden.encode(), nonsense.encode())
                assert (found.status, same) == (unknown.status, unknown.body), (reader, hidden)


def test_filter_by_recording_lists_what_its_reader_may_watch(house: House) -> None:
    plant(house.service, house.site)

    listed = {
        reader: set(re.findall(r'href="/events/([\w-]+)"', somebody.ask("GET", "/?has=recording").body.decode()))
        for reader, somebody in house.readers.items()
    }

    members = {"open", "members-film", "unsaid-film"}
    pilots = {*members, "pilots-film", "locked-film"}
    assert [listed[reader] for reader in OUTSIDERS] == [{"open"}, members, members]
    assert [listed[reader] for reader in ("member of the group", "operator")] == [pilots, pilots]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("film", "groups", "outsiders"),
    [("pilots-film", (GROUP,), OUTSIDERS), ("members-film", (), OUTSIDERS[:1])],
)
def test_what_is_hidden_leaves_no_trace(
    house: House, film: str, groups: tuple[str, ...], outsiders: tuple[str, ...]
) -> None:
    """Not one byte, header or tag is another one; but when a record was written last is told of every record."""
    site, readers = house.site, (*outsiders, "member of the group")
    site.save(*EVENTS.values(), EVENTS["open"].model_copy(update={"attachments": PUBLIC}))
    hidden = [
        one for one in ATTACHMENTS if one.groups == groups and one.visibility == "members" and not one.title_shown
    ]

    before = {reader: pages_of(house, reader) for reader in readers}
    site.clock.advance(3600)
    publish(site, film, "for pilots", title="Recording")
    publish(site, film, "for pilots", title="Recording", part=2)
    published = {reader: pages_of(house, reader) for reader in readers}
    site.save(EVENTS["open"].model_copy(update={"attachments": (*PUBLIC, *hidden)}))
    attached = {reader: pages_of(house, reader) for reader in readers}

    for reader in outsiders:
        assert differences(before[reader], published[reader]) == set(), reader
        assert differences(without_dates(before[reader]), without_dates(attached[reader])) == set(), reader
    assert hidden
    assert f"page: GET /events/{film}?lang={some_languages(film)[0]}" in differences(
        before[readers[-1]], published[readers[-1]]
    )
    assert "JSON twin: GET /events/open.json" in differences(published[readers[-1]], attached[readers[-1]])


def pages_of(house: House, reader: str) -> dict[str, str]:
    """Read everything that tells of events."""
    answers = house.ask(reader, events=("open", "pilots-film", "members-film"))
    told = {where: one.told for where, one in answers.items() if where.split(": ")[0] not in OF_PROGRAMMES}
    return {where: content.decode("latin-1") for where, content in told.items()}


def without_dates(pages: Mapping[str, str]) -> dict[str, str]:
    """Take out of pages when records were written last."""
    return {where: re.sub(WRITTEN, "", content) for where, content in pages.items()}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """List what is another one now."""
    return {where for where in before.keys() | after.keys() if before.get(where) != after.get(where)}


def test_stream_says_nothing_of_what_is_hidden(house: House) -> None:
    house.site.save(*EVENTS.values())
    pages = {reader: versions(house.readers[reader]) for reader in (*OUTSIDERS, "member of the group")}
    inside = pages["member of the group"]
    known = {reader: next(page) for reader, page in pages.items()}

    seen = [known["member of the group"]]
    for title, state in (("Recording", "published"), (word("another"), "published"), ("Recording", "withdrawn")):
        publish(house.site, HIDDEN, "for pilots", title=title, state=state)
        seen.append(next(inside))
    house.site.save(EVENTS[HIDDEN].model_copy(update={"name": "For everybody"}))
    heard = {reader: next(pages[reader]) for reader in OUTSIDERS}

    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    for reader in OUTSIDERS:
        assert heard[reader] == next(versions(house.readers[reader])), f"{reader} heard of something before"
        assert heard[reader] != known[reader]


def versions(somebody: Somebody) -> Iterator[str]:
    """Open an event's page, and tell of which versions its stream speaks."""
    reply = somebody.get(f"{somebody.address}/events/{HIDDEN}/stream", stream=True, timeout=20)
    for line in reply.iter_lines():
        if line.startswith(b"data: "):
            yield line.decode()


def test_answer_is_kept_by_nobody_whom_it_is_not_for(house: House) -> None:
    plant(house.service, house.site)

    answers = {reader: house.ask(reader, events=("open", HIDDEN)) for reader in house.readers}

    same = {where for where, one in answers["visitor"].items() if is_same_for_all(where, one)}
    assert {
        where for where in same if len({theirs[where].told for theirs in answers.values() if where in theirs}) > 1
    } == set()
    kept = [
        f"{reader}: {where}"
        for reader, theirs in answers.items()
        for where, one in theirs.items()
        if where not in same and not is_for_one_alone(reader, one)
    ]
    assert kept == []


def is_same_for_all(where: str, answer: Answer) -> bool:
    """Tell whether an answer is one that all readers get, whoever they are; what is measured changes with the time."""
    return where.split(": ")[0] in SAME_FOR_ALL and answer.status == 200 and not where.endswith("/metrics")


def is_for_one_alone(reader: str, answer: Answer) -> bool:
    """Tell whether an answer is kept by nobody, or by a cache that asks each time and knows on what it depends."""
    said, depends = answer.cache_control, "Cookie" in answer.headers.get("vary", "")
    asks_again = (
        said in ({"no-cache"}, {"private", "no-cache"}) if reader == "visitor" else said == {"private", "no-cache"}
    )
    return "no-store" in said or (asks_again and depends and "etag" in answer.headers)


def test_what_one_reader_has_is_known_to_no_other(house: House) -> None:
    plant(house.service, house.site)

    for path in ("/", "/events/open", "/events/open.json", "/series/harbour-talks"):
        first, again, head, part = ask_again(house.readers["visitor"], path)
        known = {"If-None-Match": first.headers["etag"]}
        others = [house.readers[reader].ask("GET", path, headers=known) for reader in (*OUTSIDERS[1:], *INSIDERS[:2])]

        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"]), path
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"]), path
        assert (part.status, part.body) == (200, first.body), path
        assert [(one.status, "etag" in one.headers) for one in others] == [(200, False)] * 4, path


def test_what_is_the_same_for_all_is_known_to_all(house: House) -> None:
    plant(house.service, house.site)

    for path in ("/events/open.ics", "/recordings.atom", "/events/open/embed", "/events/open/picture.png"):
        known = {"If-None-Match": house.readers["visitor"].ask("GET", path).headers["etag"]}
        others = [house.readers[reader].ask("GET", path, headers=known) for reader in (*OUTSIDERS, *INSIDERS[:2])]

        assert [one.status for one in others] == [304] * 5, path


def test_what_one_program_has_is_known_to_no_other(house: House) -> None:
    plant(house.service, house.site)
    path, narrow, wide = (
        "/api/v1/events/open",
        *(house.readers[name] for name in ("token of visitors' events", SEES_ALL)),
    )
    tags = [program.ask("GET", path).headers["etag"] for program in (narrow, wide)]

    answers = [narrow.ask("GET", path, headers={"If-None-Match": tag}).status for tag in tags]

    assert answers == [304, 200]


def ask_again(somebody: Somebody, path: str) -> tuple[Answer, Answer, Answer, Answer]:
    """Ask for a page; then again knowing it, then for its head, then for a part of it."""
    first = somebody.ask("GET", path)
    again = somebody.ask("GET", path, headers={"If-None-Match": first.headers["etag"]})
    return first, again, somebody.ask("HEAD", path), somebody.ask("GET", path, headers={"Range": "bytes=0-9"})
