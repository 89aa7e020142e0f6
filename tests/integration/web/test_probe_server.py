"""A process without pages answers the probes as one with pages does, whatever else connects to it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
import requests

from tests.in_process import bare_caller, opened
from tests.integration.service import Service
from tests.web_site import METRICS_TOKEN, WITH_TOKEN
from zoom_ops.errors import ConfigurationError
from zoom_ops.web.app import create_app
from zoom_ops.web.daemon import build_services
from zoom_ops.web.probes.answers import Probes
from zoom_ops.web.probes.server import ProbeServer, open_probes


def not_ready() -> tuple[bool, str]:
    return False, "The database does not answer."


@contextmanager
def served(probes: Probes) -> Iterator[ProbeServer]:
    server = open_probes(probes, "127.0.0.1", 0)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def probes() -> Iterator[ProbeServer]:
    with served(Probes(is_ready=not_ready, metrics=lambda: b"a 1\n", token=METRICS_TOKEN)) as server:
        yield server


def ask(server: ProbeServer, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    ("method", "path", "token"),
    [
        ("GET", "/ready", ""), ("GET", "/ready", METRICS_TOKEN), ("GET", "/metrics", ""),
        ("GET", "/metrics", METRICS_TOKEN[:-1]), ("HEAD", "/metrics", METRICS_TOKEN),
    ],
)  # fmt: skip
def test_process_without_pages_answers_as_one_with_pages(service: Service, method: str, path: str, token: str) -> None:
    services = replace(
        build_services(service.app), is_ready=not_ready, metrics=lambda: b"a 1\n", metrics_token=METRICS_TOKEN
    )
    answers = Probes(is_ready=not_ready, metrics=services.metrics, token=METRICS_TOKEN)
    sent = {"Authorization": f"Bearer {token}"} if token else {}

    with opened(create_app(services)) as site, served(answers) as server:
        expected = bare_caller().request(method, f"{site}{path}", timeout=60, headers=sent)
        answer = requests.request(method, f"http://127.0.0.1:{server.port}{path}", timeout=60, headers=sent)

    headers = ("Content-Type", "Cache-Control", "X-Content-Type-Options", "WWW-Authenticate")
    assert answer.status_code == expected.status_code
    assert [answer.headers.get(name) for name in headers] == [expected.headers.get(name) for name in headers]
    assert answer.content == expected.content


@pytest.mark.parametrize("sent", ["", "Bearer ", f"Basic {METRICS_TOKEN}", f"Bearer {METRICS_TOKEN}x", "Bearer é"])
@pytest.mark.parametrize("token", [METRICS_TOKEN, None])
def test_metrics_and_reasons_are_for_who_has_the_token(sent: str, token: str | None) -> None:
    probes = Probes(is_ready=not_ready, metrics=lambda: b"a 1\n", token=token)

    metrics, ready = probes.answer("/metrics", sent), probes.answer("/ready", sent)

    assert (metrics.status, b"a 1" in metrics.body) == (401, False)
    assert (ready.status, ready.body) == (503, b'{"ready":false}')


def test_process_that_is_not_ready_says_why(probes: ProbeServer) -> None:
    answer = requests.get(f"http://127.0.0.1:{probes.port}/ready", timeout=60, headers=WITH_TOKEN)

    assert (answer.status_code, answer.json()) == (503, {"ready": False, "reason": "The database does not answer."})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 "),
        (b"POST /health HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n", b"HTTP/1.1 405 "),
        (b"GET /health?now HTTP/1.1\r\n\r\nGET /ready HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 "),
        (b"\r\n\r\n", b"HTTP/1.1 405 "),
        (b"\xff\xfe /health\r\n\r\n", b"HTTP/1.1 405 "),
        (b"x" * 40_000, b""),
    ],
)
def test_anything_gets_one_answer_or_none(probes: ProbeServer, sent: bytes, status: bytes) -> None:
    try:
        answer = ask(probes, sent)
    except ConnectionError:  # it was closed while there was more to read
        answer = b""

    assert answer[: len(status)] == status
    assert answer.count(b"HTTP/1.1") == (status != b"")


def test_half_requests_keep_nobody_out(probes: ProbeServer) -> None:
    with ExitStack() as stack:
        for _ in range(120):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", probes.port), timeout=60))
            half.sendall(b"GET /health HTTP/1.1\r\n")

        assert requests.get(f"http://127.0.0.1:{probes.port}/health", timeout=60).json() == {"status": "ok"}


def test_port_that_is_taken_is_told(probes: ProbeServer) -> None:
    with pytest.raises(ConfigurationError, match=f"Cannot listen on 127.0.0.1:{probes.port}: "):
        open_probes(Probes(is_ready=not_ready, metrics=bytes), "127.0.0.1", probes.port)
