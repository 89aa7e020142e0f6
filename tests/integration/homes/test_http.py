"""Requests to a home: its own origin only, and bounded answers."""

import pytest

from tests.integration.homes.hostile import LIMITS, Connection, Server
from zoom_ops.clock import SystemClock
from zoom_ops.errors import AmbiguousError
from zoom_ops.homes import Client, HomeDownError, StrangeAnswerError


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


def test_answer_with_more_values_than_are_read_is_refused() -> None:
    limits_of_text = b"[" + b"0," * 1_000_001 + b"0]"
    with Server(lambda connection: connection.answer(limits_of_text)) as server:
        client = Client("city", server.url, SystemClock(), type(LIMITS)())

        with pytest.raises(StrangeAnswerError):
            client.get("/").json()


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
