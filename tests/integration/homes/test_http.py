"""Requests to a home: its own origin only, and bounded answers."""

import traceback
from dataclasses import replace

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from tests.integration.homes.hostile import LIMITS, Connection, Server
from zoom_ops.clock import SystemClock
from zoom_ops.errors import AmbiguousError
from zoom_ops.homes import (
    Answer,
    Client,
    HomeDownError,
    HomeSettings,
    Limits,
    PacedError,
    StrangeAnswerError,
    UnauthorizedError,
    list_memory,
)
from zoom_ops.homes.ids import is_id
from zoom_ops.linear import weigh_json


class HastyClock(SystemClock):
    """A clock that does not wait, and is put forward instead."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def elapsed(self) -> float:
        return super().elapsed() + self.slept_s

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds


def _client(url: str) -> Client:
    return Client("city", url, SystemClock(), LIMITS, credentials=lambda: {"Authorization": "Bearer secret"})


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/events?page=2", "https://city.example.org/events?page=2"),
        ("?page=2", "https://city.example.org/api/?page=2"),
        ("https://city.example.org:443/api/events", "https://city.example.org:443/api/events"),
        ("HTTPS://CITY.example.org/api/events", "https://CITY.example.org/api/events"),
    ],
)
def test_link_of_the_same_origin_is_joined(link: str, address: str) -> None:
    assert _client("https://city.example.org/api").join(link) == address


@pytest.mark.parametrize(
    "link",
    [
        "http://city.example.org/api",
        "https://city.example.org:8443/api",
        "https://city.example.org.evil.example/",
        "https://evil.example/https://city.example.org/",
        "https://user:pass@city.example.org/",
        "https://city.example.org@evil.example/",
        "https://evil.example\\@city.example.org/",
        "https://city.example.org\\.evil.example/",
        "//evil.example/api",
        "javascript:alert(1)",
        "https://[",
        "https://city.example.org\u2028.evil.example/",
    ],
)
def test_link_of_another_origin_is_refused(link: str) -> None:
    with pytest.raises(StrangeAnswerError):
        _client("https://city.example.org/api").join(link)


def test_path_that_looks_like_an_address_stays_below_the_home() -> None:
    with Server(lambda connection: connection.answer("{}")) as server:
        _client(server.url).get("//evil.example/x")
        _client(server.url).get("ftp://evil.example/x")

    assert [asked.path for asked in server.asked] == ["/evil.example/x", "/ftp://evil.example/x"]


@pytest.mark.parametrize("value", [b"10", b"{}", b"[[]]", b'{"":{"":1}}'])
def test_answer_with_more_values_than_are_read_is_refused(value: bytes) -> None:
    many = b"[" + (value + b",") * 900_000 + b"0]"
    with Server(lambda connection: connection.answer(many)) as server:
        client = Client("city", server.url, SystemClock(), type(LIMITS)())

        with pytest.raises(StrangeAnswerError, match="more values than are read"):
            client.get("/").json()


def test_home_waits_while_the_lists_of_others_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = list_memory.ListMemory()
    list_memory.Reading(shared).enlarge("abbey", SystemClock().elapsed())
    monkeypatch.setattr(list_memory, "_MEMORY", shared)
    sizes = {"/small": 10_000, "/large": 3_000_000}
    with Server(lambda connection: connection.answer(b"x" * sizes[connection.asked.path])) as server:
        client = Client("city", server.url, SystemClock(), Limits())
        small = client.get("/small")
        with pytest.raises(PacedError):
            client.get("/large")
        with pytest.raises(AmbiguousError):
            client.send("POST", "/large", json={})
        with pytest.raises(PacedError):
            client.keep(1_000)

    assert len(small.body) == 10_000


@pytest.mark.parametrize("said", ["1e999", "[-1e999]", "NaN", "Infinity", "9" * 1_001])
def test_number_that_no_json_can_hold_again_is_refused(said: str) -> None:
    with pytest.raises(StrangeAnswerError):
        Answer(status=200, headers={}, body=said.encode(), where="city").json()


def test_half_a_letter_is_replaced_and_a_whole_one_is_kept() -> None:
    answer = Answer(status=200, headers={}, body=rb'["\ud83d\ude00", "a\uD83D", "\\ud83d"]', where="city")

    whole, half, text = answer.json()

    assert (whole, text) == ("\N{GRINNING FACE}", "\\ud83d")
    assert half.startswith("a\ufffd")
    assert not is_id(half)


@pytest.mark.parametrize("secret", ["line\nbreak", "Gehe\u00efm", "\u202e"])
def test_secret_that_fits_in_no_header_is_told_without_it(secret: str) -> None:
    with Server(lambda connection: connection.answer("{}")) as server, pytest.raises(UnauthorizedError) as caught:
        Client("city", server.url, SystemClock(), LIMITS, credentials=lambda: {"Authorization": secret}).get("/")

    shown = "".join(traceback.format_exception(caught.value))
    assert server.asked == []
    assert secret not in shown
    assert repr(secret)[1:-1] not in shown


def test_header_that_a_home_made_up_is_not_sent() -> None:
    with Server(lambda connection: connection.answer("{}")) as server, pytest.raises(StrangeAnswerError):
        _client(server.url).send("PUT", "/", json={}, headers={"If-Match": '"1"\r\nX-Admin: yes'})

    assert server.asked == []


def test_list_is_bounded_as_a_whole() -> None:
    with Server(lambda connection: connection.answer(b"x" * 100)) as server:
        client = Client("city", server.url, SystemClock(), replace(LIMITS, largest_list=250))
        with client.listing():
            client.get("/1")
            client.as_visitor().get("/2")
            with pytest.raises(StrangeAnswerError):
                client.get("/3")
        client.get("/4")

    assert [asked.path for asked in server.asked] == ["/1", "/2", "/3", "/4"]


@pytest.mark.parametrize("packs", [False, True])
def test_list_whose_pages_are_packed_may_have_more_of_them(packs: bool) -> None:
    page = b"[" + b'{"id": 1, "title": "Tides"},' * 100 + b"{}]"
    text, whole = len(page), weigh_json(page)
    most = (10 * whole - (whole - text)) // text if packs else 10
    with Server(lambda connection: connection.answer(page)) as server:
        client = Client("city", server.url, SystemClock(), replace(LIMITS, largest_list=10 * whole))
        with client.listing(packs=packs):
            for _ in range(most):
                client.get("/")
            with pytest.raises(StrangeAnswerError, match="list less of it"):
                client.get("/")

    assert (most > 30) is packs


def test_list_that_has_begun_waits_for_its_pages_and_comes_to_its_end() -> None:
    clock = HastyClock()
    limits = replace(LIMITS, requests_a_minute=4, at_once=1)
    with Server(lambda connection: connection.answer("{}")) as server:
        client = Client("city", server.url, clock, limits)
        with client.listing():
            for _ in range(6):
                client.get("/")

    assert len(server.asked) == 6
    assert clock.slept_s > 60


def test_home_whose_own_address_holds_a_password_is_asked_nothing() -> None:
    with pytest.raises(StrangeAnswerError):
        _client("https://:pw@city.example.org").join("https://user@evil.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://:pw@a.example",
        "https://u@a.example",
        "https://@a.example",
        "https://a.example\\@b.example",
        "https://a:x",
    ],
)
def test_address_with_a_password_in_it_is_no_home(url: str) -> None:
    with pytest.raises(ValidationError):
        HomeSettings(kind="any", url=url)


def test_broken_write_is_ambiguous_and_a_broken_read_is_not() -> None:
    with Server(lambda connection: connection.send(b"")) as server:
        with pytest.raises(HomeDownError):
            _client(server.url).get("/")
        with pytest.raises(AmbiguousError):
            _client(server.url).send("PUT", "/", json={})


def test_cookies_of_an_answer_are_not_sent_back() -> None:
    def give(connection: Connection) -> None:
        connection.answer("{}", headers={"Set-Cookie": "session=1"})

    with Server(give) as server:
        client = _client(server.url)
        client.get("/")
        client.get("/")

    assert "cookie:" not in server.asked[-1].head.lower()


def test_visitor_of_a_home_sends_no_credentials() -> None:
    with Server(lambda connection: connection.answer("{}")) as server:
        client = Client("city", server.url, SystemClock(), LIMITS, credentials=lambda: {"Authorization": "Bearer 1"})
        client.as_visitor().get("/")
        client.get("/")

    assert ["authorization:" in asked.head.lower() for asked in server.asked] == [False, True]


@pytest.mark.parametrize(("logs_paths", "path"), [(True, {"path": "/api/events"}), (False, {})])
def test_log_tells_path_and_seconds_of_a_request_and_no_query(logs_paths: bool, path: dict[str, str]) -> None:
    with Server(lambda connection: connection.answer("{}")) as server, capture_logs() as lines:
        Client("city", server.url, SystemClock(), LIMITS, logs_paths=logs_paths).get("/api/events?key=s3cret")

    (line,) = (line for line in lines if line["event"] == "home_asked")
    seconds = line.pop("seconds")
    assert 0 <= seconds < LIMITS.deadline_s
    said = {"event": "home_asked", "log_level": "info", "home": "city", "method": "GET", "status": 200}
    assert line == said | path
