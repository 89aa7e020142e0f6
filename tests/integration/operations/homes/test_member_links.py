"""Links for members that open without an account here: what a key opens, what ends it, and where it never stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from sqlalchemy import select

from tests.builders import AN_OPERATOR, END, EVENT_ID, an_attachment, an_event
from tests.integration.memory_home import MemoryHome, add_home
from tests.integration.served import WITHOUT_TLS, Served, visit_pages
from tests.integration.service import SETTLED, MakeService, Service
from zoom_ops.errors import AmbiguousError, BadInputError
from zoom_ops.homes import CannotHideError, ExposedError
from zoom_ops.operations.events.decisions import withhold_recording
from zoom_ops.operations.homes.admin import show_event_homes
from zoom_ops.operations.homes.renewing import renew_keys_of_event, renew_keys_of_home
from zoom_ops.store.backups.restoration import mark_restored
from zoom_ops.store.tables import metadata
from zoom_ops.web.public.member_link import _KEPT_S

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # the queries are tried on both by the leak search
PATH = f"/events/{EVENT_ID}/recording"
FOR_MEMBERS = {"title": "Recording", "kind": "recording", "visibility": "members", "state": "expected", "url": None}


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """An event with its webinar, whose recording is for members, just before it is made; without TLS for cookies."""
    service = make_service(settings=WITHOUT_TLS)
    service.add(an_event(attachments=(an_attachment(**FOR_MEMBERS),)))
    service.settle()
    service.clock.advance(END - service.clock.now())
    return service


@pytest.fixture
def home(service: Service) -> MemoryHome:
    return add_home(service, MemoryHome("site"), EVENT_ID, members_open="key")


@pytest.fixture
def pages(service: Service) -> Iterator[Served]:
    with visit_pages(service) as served:
        yield served


def record(service: Service) -> str:
    """Hold the webinar, and let the recording be published; return its uuid."""
    uuid = str(service.zoom.hold()[0]["uuid"])
    service.settle()
    return uuid


def address_in(home: MemoryHome, uuid: str) -> str:
    """Return the path of the link that a home shows."""
    return home.records[EVENT_ID][uuid].url.removeprefix(WITHOUT_TLS["ZOOM_OPS_BASE_URL"])


def key_in(home: MemoryHome, uuid: str) -> str:
    return address_in(home, uuid).partition("key=")[2]


def held(pages: Served, key: str, path: str = PATH, part: int = 1) -> requests.Response:
    """Ask for a recording as somebody who holds a key."""
    return pages.visitor.get(path, cookies={f"zoom_ops_key_{part}": key})


def as_answer(answer: requests.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all of an answer but what every answer has anew."""
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k.lower() != "date"}


def stored(service: Service) -> str:
    """Return everything in the database as a text."""
    with service.app.database.read() as connection:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))


def test_member_of_a_home_opens_the_recording_without_an_account(
    service: Service, home: MemoryHome, pages: Served
) -> None:
    uuid = record(service)
    address = address_in(home, uuid)

    taken = pages.visitor.get(address)
    opened = pages.visitor.get(taken.headers["Location"])

    assert (taken.status_code, taken.headers["Location"]) == (303, PATH)
    assert taken.headers["Set-Cookie"] == (
        f"zoom_ops_key_1={key_in(home, uuid)}; HttpOnly; Max-Age={_KEPT_S}; Path={PATH}; SameSite=lax"
    )
    assert opened.status_code == 303
    assert "/rec/share/" in opened.headers["Location"]
    for answer in (taken, opened):
        assert [answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")] == [
            "no-store", "no-referrer", "noindex",
        ]  # fmt: skip
    assert pages.visitor.get(f"/events/{EVENT_ID}").text.count("zopsk_") == 0
    assert "/rec/" not in pages.visitor.get(f"/events/{EVENT_ID}.json").text

    key = key_in(home, uuid)
    withhold_recording(service.context, EVENT_ID, uuid, AN_OPERATOR)
    service.settle()

    assert (held(pages, key).status_code, home.records) == (404, {EVENT_ID: {}})


def test_key_stands_in_the_home_and_nowhere_else(
    service: Service, home: MemoryHome, capfd: pytest.CaptureFixture[str]
) -> None:
    uuid = record(service)
    first = key_in(home, uuid)
    renew_event(service)
    service.settle()
    second = key_in(home, uuid)
    url = home.records[EVENT_ID][uuid].url
    service.change(
        description=f"Members find it at {url} now.", attachments=[an_attachment(**FOR_MEMBERS), an_attachment(url=url)]
    )
    home.edit(EVENT_ID, uuid, url=url[:-1] + "x")
    service.ask("publish_links", EVENT_ID)

    (shown,) = show_event_homes(service.context, EVENT_ID)
    assert [link["state"] for link in shown["links"]] == ["changed"]
    everything = stored(service) + "".join(capfd.readouterr()) + str(show_event_homes(service.context, EVENT_ID))

    for key in (first, second):
        assert key.startswith("zopsk_")
        assert key not in everything
    assert "zopsk_hidden_" in everything
    assert "zopsk_" not in everything.replace("zopsk_hidden_", "")


def test_key_that_is_not_right_is_as_none(service: Service, home: MemoryHome, pages: Served) -> None:
    """Wrong, cut, of another event, another home, another part, or where the home uses no keys: as a visitor."""
    other = add_home(service, MemoryHome("other"), EVENT_ID)
    service.add(an_event(id="another"))
    another = add_home(service, MemoryHome("another"), "another", members_open="key")
    uuid = record(service)
    key, clean = key_in(home, uuid), other.records[EVENT_ID][uuid].url
    service.context.home_settings.replace(
        {
            name: settings.model_copy(update={"members_open": "key"})
            for name, settings in service.context.home_settings.items()
        }
    )
    service.ask("publish_links", EVENT_ID)
    of_other = key_in(other, uuid)
    both = [held(pages, each).status_code for each in (key, of_other)]
    nearly = key[:-1] + ("1" if key[-1] == "0" else "0")
    service.context.home_settings.replace(
        {
            **service.context.home_settings,
            "other": service.context.home_settings["other"].model_copy(update={"members_open": "sign_in"}),
        }
    )
    visitor = as_answer(pages.recording())

    service.app.refusals.take()
    wrong = [key[:-1], key + "0", "zopsk_" + "0" * 40, nearly, of_other, "x" * 5000, "zopsk_ü", ""]
    answers = [as_answer(held(pages, each)) for each in wrong]

    assert clean.endswith(PATH)
    assert (both, another.writes) == ([303, 303], [])
    assert answers == [visitor] * len(wrong)
    assert service.app.refusals.take() == {("key_wrong", "127.0.0.1"): len(wrong) - 1}  # none is no wrong one
    assert visitor[0] == 404
    assert as_answer(held(pages, key, f"{PATH}?part=2")) == as_answer(pages.recording(part=2))
    assert held(pages, key).status_code == 303
    assert held(pages, key, "/events/another/recording").status_code == 404
    for path in (f"/events/{EVENT_ID}", f"/events/{EVENT_ID}.json", "/", "/-/", f"/api/v1/events/{EVENT_ID}"):
        assert as_answer(held(pages, key, path)) == as_answer(pages.visitor.get(path)), path


def change_recording(service: Service, **changes: Any) -> None:
    service.change(attachments=[an_attachment(**FOR_MEMBERS | changes)])


def mark(service: Service) -> None:
    """Note that the database was restored."""
    with service.app.database.begin() as connection:
        mark_restored(connection, service.clock.now())


def use(service: Service, way: str) -> None:
    """Let the file of the home say what its links for members open."""
    settings = service.context.home_settings["site"]
    service.context.home_settings.replace({"site": settings.model_copy(update={"members_open": way})})


def renew_event(service: Service) -> None:
    renew_keys_of_event(service.context, EVENT_ID, AN_OPERATOR)


def renew_home(service: Service) -> None:
    renew_keys_of_home(service.context, "site", AN_OPERATOR)


ENDS: dict[str, tuple[Callable[[Service], Any], Callable[[Service], Any] | None]] = {
    "renewed for the event": (renew_event, None),
    "renewed for the home": (renew_home, None),
    "restored from a backup": (mark, None),
    "not used by the home any more": (lambda service: use(service, "sign_in"), lambda service: use(service, "key")),
    "for a group": (lambda service: change_recording(service, groups=("Pilots",)), change_recording),
    "cancelled": (
        lambda service: service.change(status="cancelled"),
        lambda service: service.change(status="scheduled"),
    ),
}


def test_what_ends_a_key_ends_it_at_once(service: Service, home: MemoryHome, pages: Served) -> None:
    """Also for those who have opened it before: the cookie is the key. What can be taken back lets it open again."""
    uuid = record(service)

    for what, (end, undo) in ENDS.items():
        service.ask("publish_links", EVENT_ID)
        key = key_in(home, uuid)
        assert held(pages, key).status_code == 303, what
        end(service)
        assert as_answer(held(pages, key)) == as_answer(pages.recording()), what
        assert pages.recording().status_code == 404, what
        if undo:
            undo(service)
            assert held(pages, key).status_code == 303, what


def test_link_with_a_renewed_key_is_written_in_place(service: Service, home: MemoryHome) -> None:
    uuid = record(service)
    before, keys = home.records[EVENT_ID][uuid], [key_in(home, uuid)]

    for renew in (renew_event, renew_home):
        renew(service)
        service.settle()
        keys.append(key_in(home, uuid))
        service.ask("publish_links", EVENT_ID)

    shown = home.records[EVENT_ID][uuid]
    assert shown == replace(before, url=shown.url)
    assert len(set(keys)) == 3
    assert home.writes == [("publish", EVENT_ID, uuid)] * 3
    assert service.plan(EVENT_ID).is_idle
    assert service.plan().is_idle


@pytest.mark.parametrize("broken", ["publish", "publish done"])
def test_renewal_that_is_broken_off_leaves_one_link_with_the_newest_key(
    service: Service, home: MemoryHome, pages: Served, broken: str
) -> None:
    """Also where the keys are renewed once more before it is looked up what became of the write."""
    uuid = record(service)
    home.errors = [(broken, AmbiguousError("site: the answer was lost."))]
    renew_event(service)
    service.settle()
    lost = key_in(home, uuid)
    renew_home(service)

    service.later(SETTLED)

    assert len(home.records[EVENT_ID]) == 1
    assert (held(pages, lost).status_code, held(pages, key_in(home, uuid)).status_code) == (404, 303)
    assert service.plan(EVENT_ID).is_idle


def test_link_follows_whom_the_recording_is_for_and_the_file_of_its_home(service: Service, home: MemoryHome) -> None:
    uuid = record(service)
    seen = [home.records[EVENT_ID][uuid]]
    for change in (
        lambda: change_recording(service, visibility="public"),
        lambda: change_recording(service, groups=("Pilots",)),
        lambda: change_recording(service),
        lambda: (use(service, "sign_in"), renew_home(service)),
        lambda: (use(service, "key"), renew_home(service)),
    ):
        change()
        service.settle()
        seen.append(home.records[EVENT_ID][uuid])

    assert [(each.visibility, "key=" in each.url) for each in seen] == [
        ("members", True), ("public", False), ("members", False), ("members", True), ("members", False),
        ("members", True),
    ]  # fmt: skip
    assert {each.url.partition("?")[0].endswith(PATH) for each in seen} == {True}
    assert {each.external_id for each in seen} == {"1"}
    service.add(an_event(id="another"))
    with pytest.raises(BadInputError, match="No link for members"):
        renew_keys_of_event(service.context, "another", AN_OPERATOR)


def test_key_that_visitors_may_have_seen_opens_nothing_more(service: Service, home: MemoryHome, pages: Served) -> None:
    """Where a home did not hide it as asked, and where somebody published the private page in which it stands."""
    home.errors = [("publish", ExposedError("Visitors saw it for a moment."))]
    uuid = record(service)
    ended = service.happened().count("member_keys_renewed")
    service.ask("publish_links", EVENT_ID)
    key = key_in(home, uuid)
    assert (ended, held(pages, key).status_code) == (1, 303)
    home.edit(EVENT_ID, uuid, visibility="public")
    home.errors = [("publish", CannotHideError("Visitors may read this page."))]

    service.ask("publish_links", EVENT_ID)

    assert held(pages, key).status_code == 404
    assert key not in str(home.records)
