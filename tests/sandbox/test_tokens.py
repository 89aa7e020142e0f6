"""Tokens: issue, lifetime, scopes."""

import pytest

from tests.sandbox.practice import HOST, Client
from zoom_ops.sandbox import Sandbox, SandboxOptions

CREDENTIALS = ("client-1", "secret-1", "account-1")


def test_token_is_given_for_a_form_body_and_for_a_query(client: Client) -> None:
    query = {"grant_type": "account_credentials", "account_id": "account"}

    by_form = client.fetch_token(auth=("client", "secret"))
    by_query = client.fetch_token(auth=("client", "secret"), data=None, params=query)

    for reply in (by_form, by_query):
        granted = reply.json()
        assert (granted["token_type"], granted["expires_in"]) == ("bearer", 3600)
        assert granted["api_url"] == client.url
        assert "webinar:write:webinar:admin" in granted["scope"].split()


@pytest.mark.parametrize(
    ("form", "auth", "status", "error"),
    [
        (
            {"grant_type": "account_credentials", "account_id": "account-1"},
            ("client-1", "wrong"),
            400,
            "invalid_client",
        ),
        ({"grant_type": "account_credentials", "account_id": "account-2"}, CREDENTIALS[:2], 400, "invalid_request"),
        ({"grant_type": "account_credentials"}, CREDENTIALS[:2], 400, "invalid_request"),
        (
            {"grant_type": "client_credentials", "account_id": "account-1"},
            CREDENTIALS[:2],
            400,
            "unsupported_grant_type",
        ),
    ],
)
def test_token_is_refused_in_zooms_form(form: dict[str, str], auth: tuple[str, str], status: int, error: str) -> None:
    with Sandbox(SandboxOptions(listen="127.0.0.1:0", credentials=CREDENTIALS)) as sandbox:
        client = Client.__new__(Client)
        client.url = sandbox.url

        reply = client.fetch_token(data=form, auth=auth)

    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert set(reply.json()) == {"reason", "error"}


def test_token_expires_after_an_hour_of_the_sandboxes_clock(client: Client) -> None:
    client.advance(3599)
    alive = client.call("GET", f"/users/{HOST}")
    client.advance(2)

    expired = client.call("GET", f"/users/{HOST}")

    assert alive.status_code == 200
    assert (expired.status_code, expired.json()) == (401, {"code": 124, "message": "Access token is expired."})


def test_several_tokens_live_side_by_side_and_one_is_revoked_alone(client: Client) -> None:
    first = client.http.headers["authorization"]
    client.renew()
    second = str(client.http.headers["authorization"])

    client.http.post(
        f"{client.url}/oauth/revoke",
        data={"token": second.partition(" ")[2]},
        headers={"authorization": ""},
        auth=("client", "secret"),
    )

    refused = client.call("GET", f"/users/{HOST}")
    client.http.headers["authorization"] = first
    assert refused.json() == {"code": 124, "message": "Invalid access token."}
    assert client.call("GET", f"/users/{HOST}").status_code == 200


def test_missing_scope_is_named(client: Client) -> None:
    options = SandboxOptions(listen="127.0.0.1:0", scopes=("webinar:read:webinar:admin",))
    with Sandbox(options) as sandbox:
        narrow = Client(sandbox.url)

        reply = narrow.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})

    assert (reply.status_code, reply.json()) == (
        400,
        {
            "code": 4711,
            "message": "Invalid access token, does not contain scopes:[webinar:write:webinar:admin].",
        },
    )


def test_every_reply_is_tracked_and_tells_the_rate_limit(client: Client) -> None:
    reply = client.call("GET", f"/users/{HOST}/webinars")

    assert reply.headers["x-zm-trackingid"]
    assert reply.headers["X-RateLimit-Category"] == "Medium"
    assert reply.headers["X-RateLimit-Limit"] == "20"
    assert reply.headers["X-RateLimit-Remaining"] == "19"
    assert client.call("GET", "/no/such/path").json()["code"] == 2300
