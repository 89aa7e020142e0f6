"""Nothing leaks: every surface is searched as every reader, with and without access."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.integration.leaks.house import HOLDER, INSIDERS, OUTSIDERS, House, open_house
from tests.integration.leaks.programme import (
    ATTACHMENTS,
    DRAFT,
    EVENTS,
    GROUP,
    PROFILES,
    PUBLIC,
    SETTINGS,
    UNLISTED,
    Planted,
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
from zoom_ops.web.kept.answer import OWN, SHARED

SEES_ALL = INSIDERS[-1]
READ_ONLY = (*INSIDERS, "member")  # a member of another group may do all that a member may, and asks for everything
EVERYTHING = "GET HEAD POST PUT PATCH DELETE"
# no pages of events
OF_PROGRAMMES = {"console", "API", "probes", "static files", "sign-in", "own account", "webhook intake"}
WRITTEN = r"(DTSTAMP|LAST-MODIFIED):\w+|<lastmod>[^<]+|(?m:^(etag|content-length): .*$)"


@pytest.fixture
def house(make_service: MakeService) -> Iterator[House]:
    """A house without events."""
    with open_house(make_service(settings=SETTINGS, profiles=PROFILES)) as house:
        yield house


@pytest.mark.timeout(600)
@pytest.mark.parametrize("languages_of", [some_languages, pytest.param(all_languages, marks=pytest.mark.long)])
def test_nothing_leaks(house: House, record_property: Callable[[str, object], None], languages_of: LanguagesOf) -> None:
    """One walk for all checks: it takes ten seconds of processor time."""
    plant(house.service, house.site)

    asked = {reader: dict(ask_all(house, reader, languages_of)) for reader in house.readers}

    answers = {
        f"{reader}: {where}": answer.content for reader, theirs in asked.items() for where, answer in theirs.items()
    }
    counted = count(answers)
    record_property("counts", counted)
    key = Planted(name="key of a link for members", text=house.key, places=())
    assert [leak for planted in (*list_planted(), key) for leak in planted.leaks(answers)] == [], counted
    assert [place for planted in list_planted() for place in planted.missing(answers)] == [], counted
    assert {where.split(": ")[1] for where in answers} == {*SURFACES, "refusal", "failure"}
    assert_answers_are_kept_by_nobody_whom_they_are_not_for(asked)


def ask_all(house: House, reader: str, languages_of: LanguagesOf) -> Iterator[tuple[str, Answer]]:
    """Yield a reader's answers. One without access also sends refused requests, and reads while pages fail."""
    if reader in READ_ONLY:
        yield from house.ask(reader, languages_of=languages_of).items()
        return
    for method, path, options in REFUSED:
        yield f"refusal: {method} {path}", house.readers[reader].ask(method, path, **options)
    with house.broken():
        failed = house.ask(reader, events=(HIDDEN,))
    yield from ((f"failure: {where}", answer) for where, answer in failed.items() if answer.status >= 500)
    yield from house.ask(reader, methods=EVERYTHING, languages_of=languages_of).items()


def count(answers: Mapping[str, bytes]) -> str:
    """List the searched surfaces with the statuses of their answers."""
    counts = Counter((where.split(": ")[1], content[:3].decode()) for where, content in answers.items())
    by_surface: dict[str, list[str]] = {}
    for (surface, status), number in sorted(counts.items()):
        by_surface.setdefault(surface, []).append(f"{number} × {status}")
    lines = [f"{surface}: {', '.join(statuses)}" for surface, statuses in by_surface.items()]
    exempt = [f"not looked at: {template}: {why}" for template, why in EXEMPT.items()]
    return "; ".join((f"looked for leaks at {len(lines)} surfaces, in {len(answers)} answers", *lines, *exempt))


def test_search_knows_nothing_of_what_is_hidden(house: House) -> None:
    plant(house.service, house.site)
    nonsense = word("nothing that is anywhere")
    words = [planted.text for planted in list_planted() if planted.text.isalpha()]

    for reader, somebody in house.readers.items():
        for path in ("/?q={}", "/api/v1/events?q={}&when=past"):
            unknown = somebody.ask("GET", path.format(nonsense))
            for hidden in words:
                results = somebody.ask("GET", path.format(hidden))
                same = results.body.replace(hidden.encode(), nonsense.encode())
                assert (results.status, same) == (unknown.status, unknown.body), (reader, hidden)


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
    """No byte, header or tag changes. One exception: the time of a record's last change is public for every record."""
    site, readers = house.site, (*outsiders, "member of the group")
    site.save(*EVENTS.values(), EVENTS["open"].model_copy(update={"attachments": PUBLIC}))
    hidden = [
        entry
        for entry in ATTACHMENTS
        if entry.groups == groups and entry.visibility == "members" and not entry.title_shown
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


def test_draft_and_unlisted_event_leave_no_trace(house: House) -> None:
    """No byte of any answer changes with a draft. Of an unlisted event only its own addresses know."""
    site, readers = house.site, ("visitor", "member of the group", "token of visitors' events")
    site.save(EVENTS["open"])

    before = {reader: everything_for(house, reader) for reader in readers}
    site.save(DRAFT, UNLISTED)
    after = {reader: everything_for(house, reader) for reader in readers}
    site.save(DRAFT.model_copy(update={"visibility": "listed"}))

    for reader in readers:
        changed = differences(before[reader], after[reader])
        assert {where for where in changed if "/events/unlisted" not in where} == set(), reader
        assert any(where.endswith("/events/unlisted") or "unlisted?lang" in where for where in changed), reader
        assert differences(after[reader], everything_for(house, reader)), reader
    assert [house.readers["operator"].ask("GET", f"/events/{name}").status for name in ("draft", "unlisted")] == [
        200
    ] * 2


def everything_for(house: House, reader: str) -> dict[str, str]:
    """Return what a reader gets at the addresses of a draft, of an unlisted event, and of everything that lists."""
    unrelated = ("console", "probes", "static files", "sign-in")
    answers = house.ask(reader, unrelated, methods="GET DELETE", events=(DRAFT.id, UNLISTED.id))
    paths = [f"/{kind}/{event.series}" for event in (DRAFT, UNLISTED) for kind in ("series", "sitemaps")]
    paths += [f"/?q={event.name}&language=is&year=2051" for event in (DRAFT, UNLISTED)]
    answers |= {f"page: GET {path}": house.readers[reader].ask("GET", path) for path in paths}
    return {
        where: answer.content.decode("latin-1")
        for where, answer in answers.items()
        if not where.endswith(("openapi.json", "GET /account/second-factor"))  # the latter has a new secret each time
    }


def pages_of(house: House, reader: str) -> dict[str, str]:
    """Return the pages that show events."""
    replies = house.ask(reader, OF_PROGRAMMES, events=("open", "pilots-film", "members-film"))
    return {where: reply.content.decode("latin-1") for where, reply in replies.items()}


def without_dates(pages: Mapping[str, str]) -> dict[str, str]:
    """Remove from pages the times of their records' last change."""
    return {where: re.sub(WRITTEN, "", content) for where, content in pages.items()}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """List the pages that differ."""
    return {where for where in before.keys() | after.keys() if before.get(where) != after.get(where)}


def test_stream_says_nothing_of_what_is_hidden(house: House) -> None:
    house.site.save(*EVENTS.values())
    pages = {reader: versions(house.readers[reader]) for reader in (*OUTSIDERS, "member of the group")}
    inside = pages["member of the group"]
    known = {reader: next(page) for reader, page in pages.items()}

    inside_versions = [known["member of the group"]]
    for title, state in (("Recording", "published"), (word("another"), "published"), ("Recording", "withdrawn")):
        publish(house.site, HIDDEN, "for pilots", title=title, state=state)
        inside_versions.append(next(inside))
    house.site.save(EVENTS[HIDDEN].model_copy(update={"name": "For everybody"}))
    heard = {reader: next(pages[reader]) for reader in OUTSIDERS}

    assert len(set(inside_versions[:3])) == 3
    assert inside_versions[3] == inside_versions[0]
    for reader in OUTSIDERS:
        assert heard[reader] == next(versions(house.readers[reader])), f"{reader} heard of something before"
        assert heard[reader] != known[reader]


def versions(somebody: Somebody) -> Iterator[str]:
    """Open an event's page and yield the versions that its stream sends."""
    reply = somebody.get(f"{somebody.address}/events/{HIDDEN}/stream", stream=True, timeout=60)
    for line in reply.iter_lines():
        if line.startswith(b"data: "):
            yield line.decode()


def assert_answers_are_kept_by_nobody_whom_they_are_not_for(asked: Mapping[str, Mapping[str, Answer]]) -> None:
    read = {reader: {where: theirs[where] for where in theirs if is_read(where)} for reader, theirs in asked.items()}
    same = {where for where, answer in read["visitor"].items() if is_same_for_all(where, answer)}
    assert len(same) > 50
    assert {
        where for where in same if len({theirs[where].content for theirs in read.values() if where in theirs}) > 1
    } == set()
    assert [
        f"{reader}: {where}"
        for reader, theirs in read.items()
        for where, answer in theirs.items()
        if where not in same and not is_for_one_alone(reader, answer)
    ] == []


def is_read(where: str) -> bool:
    """Return whether the answer is one to GET, and not refused on purpose."""
    kind, request = where.split(": ", 1)
    return kind not in ("refusal", "failure") and request.startswith("GET ")


def is_same_for_all(where: str, answer: Answer) -> bool:
    """Return whether all readers get the same answer. Metrics change with time and do not count."""
    return where.split(": ")[0] in SAME_FOR_ALL and answer.status == 200 and not where.endswith("/metrics")


def is_for_one_alone(reader: str, answer: Answer) -> bool:
    """Return whether no cache stores the answer, or only one that revalidates it and varies by cookie."""
    directives, depends = answer.cache_control, "Cookie" in answer.headers.get("vary", "")
    of_visitors = set(SHARED.split(", ")), set(OWN.split(", "))
    revalidating = [{"private", "no-cache"}, *(of_visitors if reader in ("visitor", HOLDER) else ())]
    return "no-store" in directives or (directives in revalidating and depends and "etag" in answer.headers)


def test_what_one_reader_has_is_known_to_no_other(house: House) -> None:
    plant(house.service, house.site)

    for path in ("/", "/events/open", "/events/open.json", "/series/harbour-talks"):
        first, again, head, part = ask_again(house.readers["visitor"], path)
        known = {"If-None-Match": first.headers["etag"]}
        others = [house.readers[reader].ask("GET", path, headers=known) for reader in (*OUTSIDERS[1:], *INSIDERS[:2])]

        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"]), path
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"]), path
        assert (part.status, part.body) == (200, first.body), path
        assert [(other.status, "etag" in other.headers) for other in others] == [(200, False)] * 4, path


def test_what_is_the_same_for_all_is_known_to_all(house: House) -> None:
    plant(house.service, house.site)

    for path in ("/events/open.ics", "/recordings.atom", "/events/open/embed", "/events/open/picture.png"):
        known = {"If-None-Match": house.readers["visitor"].ask("GET", path).headers["etag"]}
        others = [house.readers[reader].ask("GET", path, headers=known) for reader in (*OUTSIDERS, *INSIDERS[:2])]

        assert [other.status for other in others] == [304] * 5, path


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
    """Request a page, then again with its ETag, then its head, then a part of it."""
    first = somebody.ask("GET", path)
    again = somebody.ask("GET", path, headers={"If-None-Match": first.headers["etag"]})
    return first, again, somebody.ask("HEAD", path), somebody.ask("GET", path, headers={"Range": "bytes=0-9"})
