"""Faults, as a caller observes them on its socket."""

import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.practice import HOST, Client
from tests.waiting import wait_until

CREATE = "POST /users/*/webinars"


def exchange(client: Client, method: str, path: str, body: bytes = b"", *, stop_after: int = 1 << 20) -> bytes:
    """Send a request over a plain socket. Read until the server closes, or until `stop_after` bytes."""
    address = urlsplit(client.url)
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: {client.http.headers['authorization']}"
        f"\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        answer = b""
        while len(answer) < stop_after and (more := connection.recv(1024)):
            answer += more
        return answer


def create(client: Client) -> bytes:
    return exchange(client, "POST", f"/v2/users/{HOST}/webinars", json.dumps({"topic": "Briefing"}).encode())


@pytest.mark.parametrize(("after_commit", "webinars"), [(None, 1), (True, 1), (False, 0)])
def test_dropped_response_closes_without_a_byte(client: Client, after_commit: bool | None, webinars: int) -> None:
    client.fault(CREATE, "drop_response", after_commit=after_commit)

    answer = create(client)

    assert answer == b""
    assert len(client.state()["webinars"]) == webinars
    last = client.requests()[-1]
    assert (last["path"], last["status"], last["fault"]) == (f"/users/{HOST}/webinars", None, "drop_response")


def test_requests_sees_a_dropped_response_as_a_connection_error(client: Client) -> None:
    client.fault(CREATE, "drop_response")

    with pytest.raises(requests.ConnectionError):
        client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})


@pytest.mark.parametrize(("after_commit", "webinars"), [(None, 0), (True, 1)])
def test_reset_connection_is_reset(client: Client, after_commit: bool | None, webinars: int) -> None:
    client.fault(CREATE, "reset", after_commit=after_commit)

    with pytest.raises(ConnectionResetError):
        create(client)

    assert len(client.state()["webinars"]) == webinars


def test_drip_sends_the_head_byte_by_byte(client: Client) -> None:
    client.fault("GET /users/*", "drip", bytes_per_s=50)

    head = exchange(client, "GET", f"/v2/users/{HOST}", stop_after=20)

    assert head.startswith(b"HTTP/1.1 200")
    assert b"\r\n\r\n" not in head


def test_drip_ends_in_a_whole_answer(client: Client) -> None:
    client.fault("GET /users/*", "drip", bytes_per_s=20_000)

    reply = client.call("GET", f"/users/{HOST}")

    assert reply.json()["email"] == HOST


def test_delay_answers_late_and_has_done_it_before(client: Client) -> None:
    client.fault(CREATE, "delay", seconds=0.4)

    with pytest.raises(requests.ReadTimeout):
        client.http.post(f"{client.url}/v2/users/{HOST}/webinars", json={"topic": "Briefing"}, timeout=0.1)
    reply = client.http.post(f"{client.url}/v2/users/{HOST}/webinars", json={"topic": "Briefing"}, timeout=60)

    assert reply.status_code == 201
    assert len(client.state()["webinars"]) == 2


@pytest.mark.parametrize("do", ["delay", "drip"])
def test_slow_call_that_is_not_carried_out_says_so_at_the_end(client: Client, do: str) -> None:
    client.fault(CREATE, do, seconds=0.1, bytes_per_s=20_000, after_commit=False)

    reply = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})

    assert reply.status_code == 503
    assert client.state()["webinars"] == []


def test_late_call_is_carried_out_after_the_caller_gave_up(client: Client) -> None:
    client.fault(CREATE, "late", seconds=2)

    with pytest.raises(requests.ReadTimeout):
        client.http.post(f"{client.url}/v2/users/{HOST}/webinars", json={"topic": "Briefing"}, timeout=0.1)
    at_once = len(client.state()["webinars"])
    wait_until(lambda: client.state()["webinars"], "the late webinar")

    assert at_once == 0
    assert len(client.state()["webinars"]) == 1


@pytest.mark.parametrize(("after_commit", "webinars"), [(None, 0), (True, 1)])
def test_http_fault_answers_with_its_status(client: Client, after_commit: bool | None, webinars: int) -> None:
    client.fault(CREATE, "http", status=502, code=3161, message="Hosting is not allowed.", after_commit=after_commit)

    reply = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})

    assert (reply.status_code, reply.json()) == (502, {"code": 3161, "message": "Hosting is not allowed."})
    assert len(client.state()["webinars"]) == webinars


@pytest.mark.parametrize(
    ("kind", "words", "limit_type", "retry_after"),
    [
        ("qps", "maximum per-second rate limit", "QPS", False),
        ("daily", "maximum daily rate limit", "Daily-limit", True),
        ("host_day", "rate limit (100) of Meeting Create/Update", None, False),
        ("registrant", "rate limit of (3) for Add a webinar registrant", None, False),
        ("concurrent", "Too many concurrent requests", None, False),
    ],
)
def test_429_fault_is_one_of_zooms(
    client: Client, kind: str, words: str, limit_type: str | None, retry_after: bool
) -> None:
    client.fault("* **", "429", kind=kind)

    reply = client.call("GET", f"/users/{HOST}")

    assert (reply.status_code, reply.json()["code"]) == (429, 429)
    assert words in reply.json()["message"]
    assert reply.headers.get("X-RateLimit-Type", limit_type) == limit_type
    assert reply.headers.get("Retry-After", "").endswith("T00:00:00Z") == retry_after


def test_html_fault_is_a_page_with_status_200(client: Client) -> None:
    client.fault("GET /users/*", "html")

    reply = client.call("GET", f"/users/{HOST}")

    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, "text/html")


def test_fault_hits_as_often_as_ordered_and_only_what_it_matches(client: Client) -> None:
    client.fault("GET /users/*", "http", status=503, times=2)
    paths = (f"/users/{HOST}/webinars", f"/users/{HOST}", f"/users/{HOST}", f"/users/{HOST}")

    statuses = [client.call("GET", path).status_code for path in paths]

    assert statuses == [200, 503, 503, 200]


def test_fault_hits_at_its_rate_until_it_is_lifted(client: Client) -> None:
    client.fault("GET /users/*", "http", rate=0.5)

    statuses = [client.call("GET", f"/users/{HOST}").status_code for _ in range(20)]
    client.control("DELETE", "/faults")
    afterwards = [client.call("GET", f"/users/{HOST}").status_code for _ in range(5)]

    assert 3 < statuses.count(503) < 17
    assert afterwards == [200] * 5


def test_fault_hits_tokens_and_downloads_too(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar)
    url = client.get(f"/meetings/{webinar['id']}/recordings")["recording_files"][0]["download_url"]
    client.fault("POST /oauth/token", "http", status=500)
    client.fault("GET /rec/download/*", "html")

    token, download = client.fetch_token(auth=("client", "secret")), client.http.get(url, timeout=60)

    assert token.status_code == 500
    assert download.headers["content-type"].startswith("text/html")


def test_fault_that_is_misspelt_is_refused(client: Client) -> None:
    reply = client.control("POST", "/faults", {"match": CREATE, "do": "explode"})

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"] == "do"


def test_server_goes_on_after_every_fault(client: Client) -> None:
    for do in ("drop_response", "reset"):
        client.fault("GET /users/*", do, times=5)
        for _ in range(5):
            with pytest.raises(requests.ConnectionError):
                client.call("GET", f"/users/{HOST}")

    assert client.call("GET", f"/users/{HOST}").status_code == 200
