"""The client on the wire: the requests that it sends, and how it reports failing connections."""

import socket
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.builders import HOST, UUID, WEBINAR_ID, a_draft, a_panelist
from tests.zoom_stub import (
    SHORT_WAITS,
    RawZoom,
    Reply,
    a_gateway,
    an_account,
    drips,
    raw,
    refuses,
    resets,
    says,
    silent,
)
from zoom_ops import __version__
from zoom_ops.errors import AmbiguousError, TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.zoom import AccountStoppedError, Call, Gateway, NoLicenceError, ZoomRefusedError

A_WEBINAR = {"id": WEBINAR_ID, "uuid": UUID, "topic": "Tides of Tomorrow", "start_url": "https://x/s/host-secret"}
CUT_SHORT = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"
HALF_A_HEAD = b"HTTP/1.1 201 Created\r\nContent-Ty"
NO_TOKEN = refuses(401, 124, "Access token is expired.")


@pytest.fixture
def zoom() -> Iterator[RawZoom]:
    """A Zoom that answers as the test orders."""
    with RawZoom() as server:
        yield server


@pytest.fixture
def gateway(zoom: RawZoom, database: Database) -> Gateway:
    """A gateway to that Zoom."""
    return a_gateway(an_account(zoom.url), database)


def test_request_carries_token_and_name_and_no_cookie(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(says(200, A_WEBINAR, Set_Cookie="cred=1; Path=/"), says(200, A_WEBINAR))

    gateway.get_webinar(WEBINAR_ID)
    gateway.get_webinar(WEBINAR_ID)

    lines = zoom.requests[1].split("\r\n")
    assert lines[0] == f"GET /v2/webinars/{WEBINAR_ID} HTTP/1.1"
    assert "Authorization: Bearer token-1" in lines
    assert f"User-Agent: zoom_ops/{__version__}" in lines
    assert not [line for line in lines if line.lower().startswith("cookie")]
    assert len(zoom.token_requests) == 1


def test_uuid_arrives_as_it_was_encoded(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(says(200, {"uuid": "/b//c+=="}), says(200, {"uuid": UUID}))

    gateway.get_recording("/b//c+==")
    gateway.get_recording(UUID)

    paths = [request.split(" ")[1] for request in zoom.requests]
    assert paths == [
        "/v2/meetings/%252Fb%252F%252Fc%252B%253D%253D/recordings",
        "/v2/meetings/4y5M2wqRTk6kGmWZ%2FXh0vQ%3D%3D/recordings",
    ]


def test_call_is_noted_without_host_or_query(zoom: RawZoom, database: Database) -> None:
    calls: list[Call] = []
    zoom.answer(says(200, {"webinars": [], "next_page_token": ""}, x_zm_trackingid="WEB_1"))

    list(a_gateway(an_account(zoom.url), database, calls=calls).iter_webinars(HOST))

    assert [(call.method, call.path, call.status, call.tracking_id) for call in calls] == [
        ("POST", "/oauth/token", 200, None),
        ("GET", f"/users/{HOST}/webinars", 200, "WEB_1"),
    ]


def test_log_tells_no_secret_and_no_address(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(says(201, A_WEBINAR | {"password": "tidewater"}), says(201, {}))

    with capture_logs() as logs:
        gateway.create_webinar(HOST, a_draft())
        gateway.add_panelists(WEBINAR_ID, [a_panelist()])

    assert [log["verb"] for log in logs if log["event"] == "zoom_called"][1:] == ["create_webinar", "add_panelists"]
    for word in ("token-1", "secret", "tidewater", "@", "tk="):
        assert word not in str(logs)


@pytest.mark.parametrize(
    "reply",
    [
        resets,
        silent,
        drips(b"HTTP/1.1 201 Created\r\nX-Slow: ", b"x"),
        raw(CUT_SHORT),
        raw(HALF_A_HEAD),
        raw(b"garbage\r\n\r\n"),
        raw(b""),
        says(201, "<html>Welcome</html>"),
        says(201, {"topic": "no id"}),
        says(502, "<html>Bad gateway</html>"),
    ],
    ids=["reset", "silence", "drip", "cut short", "half a head", "garbage", "hung up", "html", "no id", "502"],
)
def test_create_that_may_have_happened_is_ambiguous_and_sent_once(
    zoom: RawZoom, database: Database, reply: Reply
) -> None:
    zoom.answer(reply)

    with pytest.raises(AmbiguousError, match="is not known"):
        a_gateway(an_account(zoom.url), database, waits=SHORT_WAITS).create_webinar(HOST, a_draft())
    assert len(zoom.requests) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refuses(400, 300, "Validation Failed."), ZoomRefusedError),
        (refuses(200, 200, "Webinar plan is missing."), NoLicenceError),
        (says(404, "<html>Not here</html>"), TemporaryError),
        (says(307, None, Location="/elsewhere"), AccountStoppedError),
    ],
)
def test_create_that_was_refused_is_not_ambiguous(
    zoom: RawZoom, gateway: Gateway, reply: Reply, kind: type[Exception]
) -> None:
    zoom.answer(reply)

    with pytest.raises(kind) as caught:
        gateway.create_webinar(HOST, a_draft())
    assert not isinstance(caught.value, AmbiguousError)
    assert len(zoom.requests) == 1


def test_redirect_is_not_followed(zoom: RawZoom, gateway: Gateway) -> None:
    with RawZoom() as elsewhere:
        zoom.answer(says(302, None, Location=f"{elsewhere.url}/v2/webinars/1"))

        with pytest.raises(AccountStoppedError, match="API_URL redirects"):
            gateway.get_webinar(WEBINAR_ID)
        assert elsewhere.requests == []


def test_nobody_listening_is_certainly_not_sent(zoom: RawZoom, database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    account = an_account(zoom.url, api_url=f"http://127.0.0.1:{port}/v2")

    with pytest.raises(TemporaryError, match=r"there is no connection \(connection refused\)") as caught:
        a_gateway(account, database).create_webinar(HOST, a_draft())
    assert not isinstance(caught.value, AmbiguousError)


def test_unknown_machine_is_certainly_not_sent(zoom: RawZoom, database: Database) -> None:
    account = an_account(zoom.url, api_url="http://zoom.invalid/v2")

    with pytest.raises(TemporaryError, match="there is no connection") as caught:
        a_gateway(account, database).create_webinar(HOST, a_draft())
    assert not isinstance(caught.value, AmbiguousError)


@pytest.mark.parametrize("url", ["nonsense", "ftp://zoom.example.org", "http://"])
def test_address_that_is_none_names_the_setting(zoom: RawZoom, database: Database, url: str) -> None:
    account = an_account(zoom.url, api_url=url)

    with pytest.raises(AccountStoppedError, match="ZOOM_OPS_ACCOUNTS__MAIN__API_URL"):
        a_gateway(account, database).get_webinar(WEBINAR_ID)


def test_read_is_repeated_once_when_the_connection_breaks(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(resets, says(200, A_WEBINAR))

    assert gateway.get_webinar(WEBINAR_ID).id == WEBINAR_ID
    assert len(zoom.requests) == 2


def test_read_is_repeated_no_more_than_once(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(resets, resets, says(200, A_WEBINAR))

    with pytest.raises(TemporaryError, match="the connection broke"):
        gateway.get_webinar(WEBINAR_ID)
    assert len(zoom.requests) == 2


@pytest.mark.parametrize("reply", [NO_TOKEN, refuses(400, 124, "Invalid access token."), says(401, "<html></html>")])
def test_write_is_sent_again_with_a_new_token_when_zoom_refused_the_old(
    zoom: RawZoom, gateway: Gateway, reply: Reply
) -> None:
    zoom.answer(reply, says(201, A_WEBINAR))

    webinar = gateway.create_webinar(HOST, a_draft())

    assert webinar.id == WEBINAR_ID
    assert ["Bearer token-1" in zoom.requests[0], "Bearer token-2" in zoom.requests[1]] == [True, True]


def test_new_token_that_is_refused_too_ends_it(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(NO_TOKEN, NO_TOKEN)

    with pytest.raises(AccountStoppedError, match="even a new access token"):
        gateway.create_webinar(HOST, a_draft())
    assert (len(zoom.requests), len(zoom.token_requests)) == (2, 2)


def test_answer_without_end_is_not_read_to_it(zoom: RawZoom, gateway: Gateway) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    zoom.answer(drips(head, b" " * (1 << 20), every_s=0), drips(head, b" " * (1 << 20), every_s=0))

    with pytest.raises(TemporaryError):
        gateway.get_webinar(WEBINAR_ID)


def test_list_is_read_page_by_page(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(
        says(200, {"webinars": [{"id": 1}], "next_page_token": "p&2"}),
        says(200, {"webinars": [{"id": "2"}, None], "next_page_token": ""}),
    )

    assert [webinar.id for webinar in gateway.iter_webinars(HOST)] == [1, 2]
    assert "page_size=300&next_page_token=p%262" in zoom.requests[1]


def test_list_that_is_not_whole_is_no_list(zoom: RawZoom, gateway: Gateway) -> None:
    circle = says(200, {"webinars": [], "next_page_token": "again"})
    zoom.answer(circle, circle, says(200, {}))

    with pytest.raises(TemporaryError, match="its list has no end"):
        list(gateway.iter_webinars(HOST))
    with pytest.raises(TemporaryError, match="cannot be read"):
        list(gateway.iter_webinars(HOST))


def test_nothing_to_change_asks_nothing(zoom: RawZoom, gateway: Gateway) -> None:
    gateway.update_webinar(WEBINAR_ID, HOST, {})

    assert (zoom.requests, zoom.token_requests) == ([], [])


def test_panelist_who_is_not_seated_is_removed(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(refuses(400, 300, "Panelist does not exist."), refuses(400, 300, "Invalid webinar ID."))

    gateway.remove_panelist(WEBINAR_ID, "nobody@example.org")
    with pytest.raises(ZoomRefusedError, match="Invalid webinar"):
        gateway.remove_panelist(WEBINAR_ID, "nobody@example.org")


def test_webinar_that_was_not_held_has_no_instances(zoom: RawZoom, gateway: Gateway) -> None:
    zoom.answer(refuses(404, 3001, "Webinar does not exist."), says(200, {"webinars": None}))

    assert gateway.get_instances(WEBINAR_ID) == ()
    assert gateway.get_instances(WEBINAR_ID) == ()
