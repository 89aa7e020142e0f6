"""What the account lets the app do, and what its licences cover."""

from typing import Any

import pytest

from tests.openapi.descriptions import load_description
from tests.sandbox.practice import HOST, Client
from zoom_ops.sandbox.contract import operations


def told(client: Client) -> list[str]:
    """The scopes that a new token names."""
    return sorted(client.fetch_token(auth=("client", "secret")).json()["scope"].split())


def order(client: Client, **tables: Any) -> Any:
    """Order a policy, and return the reply."""
    return client.control("POST", "/policy", tables)


def test_broad_scopes_stand_for_all_that_the_app_has(client: Client) -> None:
    before = told(client)

    order(client, app={"broad_scopes": True})
    client.renew()

    webinars = [scope for scope in told(client) if scope.startswith("webinar:")]
    assert webinars == ["webinar:read:webinar:admin", "webinar:write:webinar:admin"]
    assert [one for one in told(client) if one not in webinars] == [one for one in before if "webinar:" not in one[:8]]
    made = client.a_webinar()
    assert client.call("DELETE", f"/webinars/{made['id']}").status_code == 204


@pytest.mark.parametrize(
    ("addresses", "status"), [([], 403), (["192.0.2.0/24"], 403), (["127.0.0.1"], 200), (["127.0.0.0/8", "::1"], 200)]
)
def test_calls_from_elsewhere_are_refused_and_tokens_are_not(client: Client, addresses: list[str], status: int) -> None:
    assert order(client, app={"ip_allow_list": addresses}).status_code == 200

    assert client.fetch_token(auth=("client", "secret")).status_code == 200
    assert client.call("GET", f"/users/{HOST}").status_code == status


def test_a_role_without_a_right_is_refused(client: Client) -> None:
    order(client, app={"lacks_rights": ["User:Edit", "Recording:Read"]})

    reply = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})

    assert (reply.status_code, reply.json()) == (400, {"code": 200, "message": "No permission."})
    assert client.call("GET", f"/users/{HOST}/recordings").status_code == 400
    assert client.call("GET", f"/users/{HOST}").status_code == 200


def test_rights_are_those_of_zooms_description() -> None:
    described = load_description("zooms").operations
    known = ("User:Read", "User:Edit", "Recording:Read", "UsageReport:Read")

    for operation in operations():
        (right,) = described[operation.method, operation.path]["x-zoom-permissions"] or [None]
        assert operation.right == (right if right in known else None), operation.id


def test_more_panelists_fit_where_meetings_hold_more(client: Client) -> None:
    order(client, features={"meeting_capacity": 300})

    assert client.get(f"/users/{HOST}/settings")["feature"]["meeting_capacity"] == 300


def test_a_feature_without_a_licence_is_dropped_or_refused(client: Client) -> None:
    asked = {"on_demand": True, "host_video": True}

    order(client, features={"unlicensed": ["on_demand"]})
    dropped = client.a_webinar(settings=asked)["settings"]
    order(client, features={"refuse_unlicensed": True})
    refused = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing", "settings": asked})

    assert (dropped["on_demand"], dropped["host_video"]) == (False, True)
    assert (refused.status_code, refused.json()["code"]) == (400, 200)
    assert "on_demand" in refused.json()["message"]
    assert client.a_webinar(settings={"on_demand": False})["settings"]["on_demand"] is False


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"ap": {}}, "There is no key 'ap'. Did you mean 'app'?"),
        ({"app": {"broad_scope": True}}, "There is no key 'broad_scope'. Did you mean 'broad_scopes'?"),
        ({"app": {"ip_allow_list": ["192.0.2.300"]}}, "'192.0.2.300' is no IP address"),
        ({"features": {"unlicensed": ["on_demnd"]}}, "Did you mean 'on_demand'?"),
        ({"app": {"lacks_rights": ["User:Wrte"]}}, "app.lacks_rights.0: expected 'User:Read'"),
    ],
)
def test_a_bad_order_is_refused_with_what_is_wrong(client: Client, tables: Any, message: str) -> None:
    reply = order(client, **tables)

    assert reply.status_code == 400
    assert any(message in error["message"] for error in reply.json()["errors"]), reply.text


def test_a_bad_order_of_a_fault_names_the_nearest_key(client: Client) -> None:
    reply = client.control("POST", "/faults", {"do": "html", "tims": 3})

    assert "Did you mean 'times'?" in reply.json()["errors"][0]["message"]


def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    reply = client.http.post(f"{client.url}/_sandbox/policy", data=b"{", timeout=60)

    assert reply.status_code == 400
    assert reply.json()["error"] == "The order is not understood."
