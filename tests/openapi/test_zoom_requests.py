"""Requests of the gateway satisfy our own contract, and Zoom's description if that is present."""

import json
import re
import shutil
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
import responses
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import HOST, NOW, UUID, WEBINAR_ID, a_draft, a_panelist
from tests.openapi.checking import RequestChecker
from tests.openapi.descriptions import SOURCES, Description, load_description
from tests.zoom_stub import a_gateway, an_account
from zoom_ops.clock import HeldClock
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import open_database
from zoom_ops.webinars import Panelist, WebinarDraft
from zoom_ops.zoom import Gateway
from zoom_ops.zoom.accounts import API_URL, OAUTH_URL
from zoom_ops.zoom.endpoints import ENDPOINTS

A_DAY_S = 24 * 60 * 60
ANSWER = {"id": WEBINAR_ID, "uuid": UUID, "webinars": [], "meetings": [], "panelists": [], "next_page_token": ""}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
topics = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
uuids = st.text(string.ascii_letters + string.digits + "+/=", min_size=1, max_size=24)
emails = st.from_regex(r"[a-z0-9+._'-]{1,20}@example\.org", fullmatch=True).filter(lambda e: ".." not in e)
ids = st.integers(min_value=1, max_value=2**53)
starts = st.datetimes(timezones=st.just(UTC)).filter(lambda start: start.year >= 2000)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2020, 3, 31))
webinar_settings = st.fixed_dictionaries(
    {},
    optional={
        "approval_type": st.sampled_from([0, 1, 2]),
        "auto_recording": st.sampled_from(["cloud", "local", "none"]),
        "alternative_hosts": emails,
        "practice_session": st.booleans(),
        "question_and_answer.enable": st.booleans(),
        "question_and_answer.answer_questions": st.sampled_from(["only", "all"]),
        "language_interpretation.enable": st.booleans(),
        "language_interpretation.interpreters": st.lists(
            st.tuples(
                st.tuples(st.just("email"), st.just("tomas.herrera@example.org")),
                st.tuples(st.just("interpreter_languages"), st.just("English,Spanish")),
            ),
            max_size=2,
        ).map(tuple),
        "global_dial_in_countries": st.lists(st.sampled_from(["US", "CH"]), max_size=2).map(tuple),
    },
)
drafts = st.builds(
    WebinarDraft,
    topic=topics,
    agenda=texts,
    start=starts,
    duration=st.integers(1, 1440),
    timezone=st.sampled_from(["America/New_York", "Europe/Zurich", "UTC"]),
    settings=webinar_settings.map(lambda chosen: tuple(sorted(chosen.items()))),
)
changes = st.tuples(
    st.fixed_dictionaries(
        {},
        optional={
            "topic": topics, "agenda": texts, "start": starts, "duration": st.integers(1, 1440),
            "timezone": st.sampled_from(["Asia/Tokyo", "UTC"]), "passcode": st.text("abc123@-_*", max_size=10),
        },
    ),
    webinar_settings.map(lambda chosen: {f"settings.{name}": value for name, value in chosen.items()}),
).map(lambda parts: parts[0] | parts[1])  # fmt: skip
panelists = st.lists(st.builds(Panelist, email=emails, name=texts), min_size=1, max_size=30)


class Contract:
    """A description of Zoom's API with the gateway whose requests it checks."""

    def __init__(self, description: Description, gateway: Gateway, clock: HeldClock, requests: list[Any]) -> None:
        self.description = description
        self.gateway = gateway
        self._clock = clock
        self._requests = requests
        self._checker = RequestChecker(description)

    def check(self, act: Callable[[Gateway], object]) -> list[str]:
        """Check the requests that an action of the gateway sends. Return their methods and paths."""
        self._clock.advance(A_DAY_S)  # so that the limit of 100 a day does not apply
        self._requests.clear()
        act(self.gateway)
        sent = [request for request in self._requests if request.url.startswith(API_URL)]
        for request in sent:
            self._checker.check(request)
        return [f"{request.method} {request.path_url}" for request in sent]


@pytest.fixture(scope="module", params=SOURCES)
def contract(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Contract]:
    """A gateway to a Zoom that accepts everything, with a record of its requests."""
    description = load_description(request.param)
    clock, requests = HeldClock(NOW), list[Any]()
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("contract") / "zoom_ops.db")

    def agree(request: Any) -> tuple[int, dict[str, str], str]:
        requests.append(request)
        return 200, {"Content-Type": "application/json"}, json.dumps(ANSWER)

    with responses.RequestsMock(assert_all_requests_are_fired=False) as zoom:
        token = {"access_token": "token", "expires_in": 3600, "scope": ""}
        zoom.post(OAUTH_URL, json=token)
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            zoom.add_callback(method, re.compile(f"{re.escape(API_URL)}/.*"), agree)
        account = an_account(api_url=API_URL, oauth_url=OAUTH_URL)
        database = open_database(f"sqlite:///{path}", clock)
        yield Contract(description, a_gateway(account, database, clock=clock), clock, requests)
        database.close()


# without Phase.explain: it takes more than a minute on a busy machine, and the shrunk example shows the fault
phases = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=phases)
fewer = settings(few, max_examples=10)  # for requests that differ only in an address and two days


@few
@given(draft=drafts, host=emails)
def test_create_webinar_satisfies_zoom(contract: Contract, draft: WebinarDraft, host: str) -> None:
    assert len(contract.check(lambda gateway: gateway.create_webinar(host, draft))) == 1


@few
@given(change=changes, webinar_id=ids)
def test_update_webinar_satisfies_zoom(contract: Contract, change: dict[str, Any], webinar_id: int) -> None:
    sent = contract.check(lambda gateway: gateway.update_webinar(webinar_id, HOST, change))

    assert sent == ([f"PATCH /v2/webinars/{webinar_id}"] if change else [])


@few
@given(people=panelists, webinar_id=ids)
def test_add_panelists_satisfies_zoom(contract: Contract, people: list[Panelist], webinar_id: int) -> None:
    assert len(contract.check(lambda gateway: gateway.add_panelists(webinar_id, people))) == 1


@fewer
@given(email=emails, webinar_id=ids)
def test_remove_panelist_satisfies_zoom(contract: Contract, email: str, webinar_id: int) -> None:
    assert len(contract.check(lambda gateway: gateway.remove_panelist(webinar_id, email))) == 1


@few
@given(uuid=uuids)
def test_recording_requests_satisfy_zoom(contract: Contract, uuid: str) -> None:
    def get(gateway: Gateway) -> None:
        with suppress(TemporaryError):  # the reply always describes the same recording
            gateway.get_recording(uuid)

    contract.check(get)


@fewer
@given(host=emails, first=days, last=days)
def test_list_requests_satisfy_zoom(contract: Contract, host: str, first: date, last: date) -> None:
    contract.check(lambda gateway: list(gateway.iter_webinars(host)))
    contract.check(lambda gateway: list(gateway.iter_recordings(host, first, last)))
    contract.check(lambda gateway: gateway.fetch_host(host))


@pytest.mark.parametrize("tell_people", [True, False])
def test_delete_webinar_satisfies_zoom(contract: Contract, tell_people: bool) -> None:
    assert contract.check(lambda gateway: gateway.delete_webinar(WEBINAR_ID, tell_people=tell_people))


def test_every_verb_was_held_against_the_contract(contract: Contract) -> None:
    acts: list[Callable[[Gateway], object]] = [
        lambda gateway: gateway.fetch_host(HOST),
        lambda gateway: gateway.create_webinar(HOST, a_draft()),
        lambda gateway: gateway.update_webinar(WEBINAR_ID, HOST, {"topic": "New"}),
        lambda gateway: gateway.get_webinar(WEBINAR_ID),
        lambda gateway: list(gateway.iter_webinars(HOST)),
        lambda gateway: gateway.delete_webinar(WEBINAR_ID, tell_people=True),
        lambda gateway: gateway.get_panelists(WEBINAR_ID),
        lambda gateway: gateway.add_panelists(WEBINAR_ID, [a_panelist()]),
        lambda gateway: gateway.remove_panelist(WEBINAR_ID, "panelist-jonas"),
        lambda gateway: gateway.get_instances(WEBINAR_ID),
        lambda gateway: gateway.get_recording(UUID),
        lambda gateway: gateway.get_sharing(UUID),
        lambda gateway: list(gateway.iter_recordings(HOST, date(2040, 1, 1), date(2040, 1, 2))),
    ]

    sent = [request.split("?")[0] for act in acts for request in contract.check(act)]

    where = {"host": HOST, "webinar": WEBINAR_ID, "panelist": "panelist-jonas", "uuid": UUID}
    assert sorted(sent) == sorted(f"{verb.method} /v2{verb.fill(where)}" for verb in ENDPOINTS)


def test_table_of_verbs_agrees_with_the_contract(contract: Contract) -> None:
    described = {
        (method, re.sub(r"\{\w+\}", "{}", path)): operation
        for (method, path), operation in contract.description.operations.items()
    }

    for verb in ENDPOINTS:
        operation = described[verb.method, re.sub(r"\{\w+\}", "{}", verb.path)]
        assert operation["x-zoom-rate-limit-label"] == verb.label
        assert f"{verb.granular}:admin" in operation["x-zoom-scopes-granular"]
        assert verb.classic in operation["x-zoom-scopes-classic"]
