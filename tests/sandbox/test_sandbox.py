"""The sandbox: options, controls, start, stop."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.sandbox.practice import HOST, Client
from zoom_ops.errors import BadInputError, ZoomOpsError
from zoom_ops.sandbox import Sandbox, SandboxOptions, SandboxUser, load_users, parse_credentials

SERVE = "from zoom_ops.sandbox import SandboxOptions, serve; serve(SandboxOptions(listen='127.0.0.1:0'))"


def test_log_of_requests_tells_each_call_in_order(client: Client) -> None:
    webinar = client.a_webinar()
    client.call("GET", f"/webinars/{webinar['id']}")
    client.call("GET", "/nothing/here")

    log = [{name: entry[name] for name in ("method", "path", "status", "label", "host")} for entry in client.requests()]

    assert log == [
        {"method": "POST", "path": "/oauth/token", "status": 200, "label": None, "host": None},
        {"method": "POST", "path": f"/users/{HOST}/webinars", "status": 201, "label": "LIGHT", "host": HOST},
        {"method": "GET", "path": f"/webinars/{webinar['id']}", "status": 200, "label": "LIGHT", "host": HOST},
        {"method": "GET", "path": "/nothing/here", "status": 404, "label": None, "host": None},
    ]


def test_state_holds_every_secret_that_was_handed_out(client: Client) -> None:
    webinar = client.a_webinar()
    client.call(
        "POST", f"/webinars/{webinar['id']}/panelists", {"panelists": [{"name": "Ada", "email": "ada@example.org"}]}
    )
    client.hold(webinar)
    recording = client.get(f"/meetings/{webinar['id']}/recordings")
    (panelist,) = client.get(f"/webinars/{webinar['id']}/panelists")["panelists"]

    handed_out = client.state()["secrets"]

    token = str(client.http.headers["authorization"]).partition(" ")[2]
    secrets = {token, webinar["password"], webinar["join_url"], panelist["join_url"], recording["password"]}
    assert secrets | {recording["recording_play_passcode"]} <= set(handed_out)
    assert any(secret in webinar["start_url"] for secret in handed_out)


@pytest.mark.parametrize("sent", [b"", b'{"topic": "Briefing", "type'])
def test_call_that_was_cut_off_is_not_carried_out(client: Client, sent: bytes) -> None:
    host, port = client.url.removeprefix("http://").split(":")
    token = client.http.headers["authorization"]
    head = f"POST /v2/users/{HOST}/webinars HTTP/1.1\r\nHost: zoom\r\nAuthorization: {token!s}\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n".encode() + sent)
        time.sleep(0.1)
    time.sleep(0.1)

    assert client.state()["webinars"] == []


def test_everything_is_forgotten(client: Client) -> None:
    client.a_webinar()
    client.control("POST", "/list_lag", {"seconds": 60})
    client.fault("* **", "http")
    client.advance(3600)

    client.control("DELETE")

    state = client.state()
    assert [state[name] for name in ("users", "webinars", "recordings", "tokens", "secrets", "notifications")] == [
        []
    ] * 6
    assert client.requests() == []
    assert client.call("GET", f"/users/{HOST}").json()["code"] == 124


def test_hold_of_an_unknown_webinar_or_in_an_unknown_way_is_refused(client: Client) -> None:
    webinar = client.a_webinar()

    unknown = client.control("POST", "/webinars/1/hold", {})
    misspelt = client.control("POST", f"/webinars/{webinar['id']}/hold", {"minuts": 5})

    assert (unknown.status_code, misspelt.status_code) == (404, 400)
    assert misspelt.json()["errors"][0]["field"] == "minuts"


def test_users_file_is_read_and_its_faults_are_found(tmp_path: Path) -> None:
    good, bad = tmp_path / "users.json", tmp_path / "bad.json"
    good.write_text('[{"email": "a@example.org"},\n {"email": "b@example.org", "webinar": false, "capacity": 500}]')
    bad.write_text('[\n  {"email": "a@example.org"},\n  {"email": "b@example.org", "webinars": true}\n]')

    users = load_users(good)
    with pytest.raises(BadInputError, match="webinars") as caught:
        load_users(bad)

    assert users == (
        SandboxUser(email="a@example.org"),
        SandboxUser(email="b@example.org", webinar=False, capacity=500),
    )
    assert (caught.value.file, caught.value.line) == (str(bad), 3)


@pytest.mark.parametrize(
    "text", ["{}", "[]", "[1]", "[", '[{"email": "nobody"}]', '[{"email": "a@b", "capacity": "x"}]']
)
def test_users_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "users.json"
    file.write_text(text)

    with pytest.raises(BadInputError):
        load_users(file)


@pytest.mark.parametrize(
    "wrong",
    [
        {"listen": "0.0.0.0:4100"},
        {"listen": "4100"},
        {"plan": "free"},
        {"webhook_url": "http://127.0.0.1:1/"},
    ],
)
def test_options_that_cannot_be_served_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInputError):
        SandboxOptions(**wrong)  # type: ignore[arg-type]


def test_credentials_are_three_parts() -> None:
    assert parse_credentials("a:b:c") == ("a", "b", "c")
    with pytest.raises(BadInputError):
        parse_credentials("a:b")


def test_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(ZoomOpsError, match=f"cannot listen on {listen}"):
            Sandbox(SandboxOptions(listen=listen))


@pytest.mark.process
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_served_sandbox_says_where_it_is_and_stops_cleanly(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        line = served.stdout.readline() if served.stdout else ""
        (url,) = re.findall(r"(http://\S+)/v2", line)
        answered = requests.get(f"{url}/_sandbox/requests", timeout=60)
        served.send_signal(how)
        _, complaints = served.communicate(timeout=60)

    assert (answered.json(), served.returncode, complaints) == ([], 0, "")
