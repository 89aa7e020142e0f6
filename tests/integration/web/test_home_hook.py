"""The endpoint that homes call: who is taken at their word that something changed, and who is refused."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from pydantic import TypeAdapter
from requests import Response
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from tests.integration.city import City
from tests.integration.served import quick_services_of
from tests.integration.web.test_zoom_webhook import talk
from tests.web_site import Visitor, served, visited
from zoom_ops.operations.homes.hook import NOBODYS
from zoom_ops.operations.metrics import registry
from zoom_ops.signing import SigningSecrets
from zoom_ops.web.app import create_app
from zoom_ops.web.home_hook import BODY_LIMIT

SECRET = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRlc3Rz"
NEW = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLW90aGVy"
TOWNS = "whsec_dGlkZXdhdGVyLWhvb2stc2VjcmV0LW9mLXRvd25z"
BODY = '{"page": 12}'


@pytest.fixture
def city(make_city: Callable[..., City]) -> City:
    """A service with a home that may call by two secrets, and that was read long ago."""
    city = make_city('hook_secret_env = "CITY_HOOK"\n', settings={"CITY_HOOK": f'["{SECRET}", "{NEW}"]'})
    city.service.work()
    city.service.later(timedelta(minutes=1))
    return city


@pytest.fixture
def caller(city: City) -> Iterator[Visitor]:
    with visited(create_app(quick_services_of(city.service.app))) as visitor:
        yield visitor


def sign(now: datetime, secret: str = SECRET, body: str = BODY) -> dict[str, str]:
    signature = Webhook(secret).sign("msg_1", now, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}


def call(caller: Visitor, headers: dict[str, str], home: str = "city", body: str | bytes = BODY) -> Response:
    return caller.post(f"/hooks/homes/{home}", data=body, headers=headers)


def is_pulled(city: City) -> bool:
    """Return whether a pull is due."""
    return any(run.job == "pull_homes" and run.state == "active" for run in city.service.runs())


@pytest.mark.parametrize("secret", [SECRET, NEW])
def test_signed_call_brings_what_changed(city: City, caller: Visitor, secret: str) -> None:
    city.write()

    answer = call(caller, sign(city.service.clock.now(), secret))
    city.service.work()

    assert (answer.status_code, answer.json()) == (202, {"pull": "asked"})
    assert city.event().name == "Open harbour"


@pytest.mark.parametrize("secret", [SECRET, NEW])
def test_call_that_shows_the_secret_rings_the_pull(city: City, caller: Visitor, secret: str) -> None:
    answer = call(caller, {"Authorization": f"Bearer {secret}"}, body="")

    assert (answer.status_code, is_pulled(city)) == (202, True)


def test_page_of_another_site_may_call(city: City, caller: Visitor) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Origin": "https://home.example.org"}

    assert call(caller, headers).status_code == 202


def test_call_that_is_sent_again_is_taken_and_pulls_once(city: City, caller: Visitor) -> None:
    headers = sign(city.service.clock.now())

    assert [call(caller, headers).status_code for _ in range(3)] == [202] * 3
    assert sum(run.state == "active" for run in city.service.runs(job="pull_homes")) == 1


REFUSED: dict[str, Callable[[datetime], dict[str, str]]] = {
    "no headers": lambda now: {},
    "another secret": lambda now: sign(now, TOWNS),
    "another body": lambda now: sign(now, body="{}"),
    "old": lambda now: sign(now - timedelta(minutes=6)),
    "too new": lambda now: sign(now + timedelta(minutes=6)),
    "no signature": lambda now: {**sign(now), "webhook-signature": ""},
    "no time": lambda now: {**sign(now), "webhook-timestamp": ""},
    "another bearer": lambda now: {"Authorization": f"Bearer {TOWNS}"},
    "no scheme": lambda now: {"Authorization": SECRET},
    "wrong signature beside the secret": lambda now: {**sign(now, TOWNS), "Authorization": f"Bearer {SECRET}"},
}


@pytest.mark.parametrize("what", REFUSED)
def test_other_calls_are_refused(city: City, caller: Visitor, what: str) -> None:
    answer = call(caller, REFUSED[what](city.service.clock.now()))

    assert (answer.status_code, is_pulled(city)) == (401, False)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_unknown_home_is_refused_as_a_wrong_secret_is(city: City, caller: Visitor) -> None:
    wrong = sign(city.service.clock.now(), TOWNS)

    known, unknown = (call(caller, wrong, home) for home in ("city", "nowhere"))

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (401, known.content)
    assert {**known.headers, "Date": ""} == {**unknown.headers, "Date": ""}


def test_secret_of_nobody_can_sign() -> None:
    """With one that cannot, an unknown home would fail where a known one refuses."""
    assert TypeAdapter(SigningSecrets).validate_python(NOBODYS)


def test_home_without_a_secret_takes_no_call(make_city: Callable[..., City]) -> None:
    city = make_city()
    city.service.work()
    with visited(create_app(quick_services_of(city.service.app))) as caller:
        statuses = {
            call(caller, headers).status_code
            for headers in ({"Authorization": "Bearer "}, sign(city.service.clock.now()))
        }

    assert (statuses, is_pulled(city)) == ({401}, False)


@pytest.mark.parametrize("home", ["city", "nowhere"])
def test_body_that_is_too_long_is_refused(city: City, caller: Visitor, home: str) -> None:
    body = "x" * (BODY_LIMIT + 1)

    statuses = [
        call(caller, headers, home, body).status_code
        for headers in (sign(city.service.clock.now(), body=body), {"Authorization": f"Bearer {TOWNS}"})
    ]

    assert (statuses, is_pulled(city)) == ([413, 401], False)
    assert call(caller, sign(city.service.clock.now(), body=body[1:]), body=body[1:]).status_code == 202


def test_call_without_headers_is_refused_before_its_body_comes(city: City) -> None:
    with served(create_app(quick_services_of(city.service.app))) as visitor:
        reply = talk(visitor, b"POST /hooks/homes/city HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n")

    assert reply.startswith(b"HTTP/1.1 401 ")


def test_calls_are_counted_and_logged_without_secrets_and_names_of_strangers(city: City, caller: Visitor) -> None:
    before = [_counted(outcome) for outcome in ("asked", "refused")]

    with capture_logs() as lines:
        call(caller, {"Authorization": f"Bearer {SECRET}"})
        call(caller, {"Authorization": f"Bearer {TOWNS}"})
        call(caller, {"Authorization": f"Bearer {TOWNS}"}, "nowhere")

    assert [_counted(outcome) for outcome in ("asked", "refused")] == [before[0] + 1, before[1] + 2]
    assert [(line["event"], line["home"]) for line in lines if line["event"].startswith("home_call")] == [
        ("home_called", "city"),
        ("home_call_refused", "city"),
        ("home_call_refused", None),
    ]
    assert not [word for word in (SECRET, TOWNS, "nowhere") if word in str(lines)]


def _counted(outcome: str) -> float:
    return registry.get_sample_value("zoom_ops_home_calls_total", {"outcome": outcome}) or 0.0
