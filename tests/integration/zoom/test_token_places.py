"""The access token goes only to the configured addresses, whatever an answer or the machine's settings say."""

import base64
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import WEBINAR_ID, a_panelist
from tests.zoom_stub import RawZoom, a_gateway, an_account, says
from zoom_ops.errors import ZoomOpsError
from zoom_ops.store.db.connect import Database
from zoom_ops.zoom import Gateway

Act = Callable[[Gateway], object]

ACTS: dict[str, Act] = {
    "read": lambda gateway: gateway.get_webinar(WEBINAR_ID),
    "write": lambda gateway: gateway.add_panelists(WEBINAR_ID, [a_panelist()]),
}
A_WEBINAR = says(200, {"id": WEBINAR_ID})
OURS = base64.b64encode(b"harbour-client:harbour-client-secret").decode()

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def zoom() -> Iterator[RawZoom]:
    """The configured Zoom."""
    with RawZoom() as server:
        yield server


@pytest.fixture
def stranger() -> Iterator[RawZoom]:
    """A server of somebody else: another port of the same host."""
    with RawZoom() as server:
        server.answer(*[A_WEBINAR] * 9)
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_redirected_call_takes_the_token_nowhere(
    zoom: RawZoom, stranger: RawZoom, database: Database, status: int, host: str, act: Act
) -> None:
    zoom.answer(says(status, "", Location=f"{stranger.url.replace('127.0.0.1', host)}/v2/webinars/{WEBINAR_ID}"))

    with pytest.raises(ZoomOpsError):
        act(a_gateway(an_account(zoom.url), database))

    assert zoom.bearers == ["Authorization: Bearer token-1"]
    assert stranger.requests + stranger.token_requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_call_redirected_from_https_to_http_takes_the_token_nowhere(
    tls: ssl.SSLContext, stranger: RawZoom, database: Database, status: int, act: Act
) -> None:
    """The stranger is another port of the same host. Anybody on the network path can read what is sent there."""
    with RawZoom(tls=tls) as zoom:
        zoom.answer(says(status, "", Location=f"{stranger.url}/v2/webinars/{WEBINAR_ID}"))

        with pytest.raises(ZoomOpsError):
            act(a_gateway(an_account(zoom.url), database))

    assert zoom.bearers == ["Authorization: Bearer token-1"]
    assert stranger.requests + stranger.token_requests == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirected_token_request_takes_the_client_secret_nowhere(
    zoom: RawZoom, stranger: RawZoom, database: Database, status: int
) -> None:
    zoom.token_replies.append(says(status, "", Location=f"{stranger.url}/oauth/token"))

    with pytest.raises(ZoomOpsError):
        a_gateway(an_account(zoom.url), database).get_webinar(WEBINAR_ID)

    assert stranger.requests + stranger.token_requests == []


def test_token_request_redirected_from_https_to_http_takes_the_client_secret_nowhere(
    tls: ssl.SSLContext, stranger: RawZoom, database: Database
) -> None:
    with RawZoom(tls=tls) as zoom:
        zoom.token_replies.append(says(307, "", Location=f"{stranger.url}/oauth/token"))

        with pytest.raises(ZoomOpsError):
            a_gateway(an_account(zoom.url), database).get_webinar(WEBINAR_ID)

    assert f"Authorization: Basic {OURS}" in zoom.token_requests[0]
    assert stranger.requests + stranger.token_requests == []


def test_address_in_the_answer_to_a_token_request_is_not_followed(
    zoom: RawZoom, stranger: RawZoom, database: Database
) -> None:
    token = {"access_token": "token-1", "expires_in": 3600, "scope": "a", "api_url": stranger.url}
    zoom.token_replies.append(says(200, token))
    zoom.answer(A_WEBINAR)

    a_gateway(an_account(zoom.url), database).get_webinar(WEBINAR_ID)

    assert len(zoom.requests) == 1
    assert stranger.requests + stranger.token_requests == []


def test_netrc_of_the_machine_changes_no_credentials(
    zoom: RawZoom, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    zoom.answer(A_WEBINAR)

    a_gateway(an_account(zoom.url), database).get_webinar(WEBINAR_ID)

    assert "Authorization: Bearer token-1" in zoom.requests[0]
    assert f"Authorization: Basic {OURS}" in zoom.token_requests[0]


def test_servers_see_what_they_are_sent(stranger: RawZoom, database: Database) -> None:
    """The negative control: a request to the stranger is recorded."""
    a_gateway(an_account(stranger.url), database).get_webinar(WEBINAR_ID)

    assert "Authorization: Bearer token-1" in stranger.requests[0]
