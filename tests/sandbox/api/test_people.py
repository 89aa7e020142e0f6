"""Panelists and registrants."""

from typing import Any

import pytest

from tests.sandbox.practice import HOST, Client


def people(count: int, start: int = 0) -> list[dict[str, str]]:
    return [{"name": f"Person {n}", "email": f"person{n}@example.org"} for n in range(start, start + count)]


def test_panelist_added_again_keeps_id_and_link_and_is_invited_again(client: Client) -> None:
    webinar = client.a_webinar()
    path = f"/webinars/{webinar['id']}/panelists"
    first = client.call("POST", path, {"panelists": [{"name": "Ada", "email": "Ada@example.org"}]})
    before = client.get(path)

    client.call("POST", path, {"panelists": [{"name": "Ada L.", "email": "ada@EXAMPLE.org"}]})

    assert set(first.json()) == {"id", "updated_at"}
    assert first.json()["id"] == str(webinar["id"])
    assert client.get(path) == before
    assert (before["total_records"], before["panelists"][0]["email"]) == (1, "Ada@example.org")
    (state,) = client.state()["webinars"]
    assert [mail["email"] for mail in state["invitations"]] == ["Ada@example.org", "ada@EXAMPLE.org"]


def test_panelists_are_not_invited_where_the_webinar_says_so(client: Client) -> None:
    webinar = client.a_webinar(settings={"panelists_invitation_email_notification": False})

    client.call("POST", f"/webinars/{webinar['id']}/panelists", {"panelists": people(1)})

    assert client.state()["webinars"][0]["invitations"] == []


def test_thirty_panelists_at_once_and_twice_the_capacity_in_all(client: Client) -> None:
    webinar = client.a_webinar()
    path = f"/webinars/{webinar['id']}/panelists"

    too_many_at_once = client.call("POST", path, {"panelists": people(31)})
    for start in range(0, 180, 30):
        client.call("POST", path, {"panelists": people(30, start)})
    too_many_in_all = client.call("POST", path, {"panelists": people(21, 180)})

    assert (too_many_at_once.status_code, too_many_at_once.json()["code"]) == (400, 300)
    assert (too_many_in_all.status_code, too_many_in_all.json()["code"]) == (400, 3000)
    assert client.get(path)["total_records"] == 180
    assert client.call("POST", path, {"panelists": people(20, 180)}).ok


def test_panelist_needs_name_and_address(client: Client) -> None:
    webinar = client.a_webinar()

    reply = client.call("POST", f"/webinars/{webinar['id']}/panelists", {"panelists": [{"name": "Ada"}]})

    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "panelists.0.email")


@pytest.mark.parametrize("by", ["id", "email"])
def test_panelist_is_removed_by_id_or_address(client: Client, by: str) -> None:
    webinar = client.a_webinar()
    path = f"/webinars/{webinar['id']}/panelists"
    tagged = {"name": "Ada", "email": "ada+tag@example.org"}
    client.call("POST", path, {"panelists": [tagged, *people(1)]})
    ada = client.get(path)["panelists"][0]

    reply = client.call("DELETE", f"{path}/{ada[by].replace('+', '%2B')}")

    assert reply.status_code == 204
    assert [panelist["email"] for panelist in client.get(path)["panelists"]] == ["person0@example.org"]


def register(client: Client, webinar: Any, email: str, **fields: str) -> Any:
    body = {"email": email, "first_name": "Cy", **fields}
    return client.call("POST", f"/webinars/{webinar['id']}/registrants", body)


def test_registration_needs_to_be_enabled(client: Client) -> None:
    webinar = client.a_webinar()

    reply = register(client, webinar, "cy@example.org")

    assert (reply.status_code, reply.json()["code"]) == (400, 3000)


def test_registrant_waits_for_approval_and_then_gets_the_link(client: Client) -> None:
    webinar = client.a_webinar(settings={"approval_type": 1})
    path = f"/webinars/{webinar['id']}/registrants"
    registration = register(client, webinar, "cy@example.org").json()
    pending = client.get(path, status="pending")["registrants"]

    client.call("PUT", f"{path}/status", {"action": "approve", "registrants": [{"email": "CY@example.org"}]})

    approved = client.get(path)["registrants"]
    assert "join_url" not in registration
    assert [("join_url" in row, row["status"]) for row in pending] == [(False, "pending")]
    assert [(row["id"], row["status"]) for row in approved] == [(registration["registrant_id"], "approved")]
    assert approved[0]["join_url"]


def test_registrant_again_keeps_id_and_may_try_three_times_a_day(client: Client) -> None:
    webinar = client.a_webinar(settings={"approval_type": 0})

    replies = [register(client, webinar, "cy@example.org") for _ in range(4)]
    client.advance(86400)
    client.renew()
    next_day = register(client, webinar, "cy@example.org")

    assert [reply.status_code for reply in replies] == [201, 201, 201, 429]
    assert len({reply.json()["registrant_id"] for reply in replies[:3]}) == 1
    assert "(3)" in replies[3].json()["message"]
    assert next_day.status_code == 201


@pytest.mark.parametrize(("email", "code"), [(HOST, 3027), ("person0@example.org", 3000)])
def test_host_and_panelists_cannot_register(client: Client, email: str, code: int) -> None:
    webinar = client.a_webinar(settings={"approval_type": 0})
    client.call("POST", f"/webinars/{webinar['id']}/panelists", {"panelists": people(1)})

    reply = register(client, webinar, email)

    assert (reply.status_code, reply.json()["code"]) == (400, code)


def test_nobody_registers_for_what_is_over(client: Client) -> None:
    webinar = client.a_webinar(start_time="2020-01-01T10:00:00Z", settings={"approval_type": 0})

    assert register(client, webinar, "cy@example.org").json()["code"] == 3038


def test_batch_is_for_single_webinars_only(client: Client) -> None:
    series = client.a_webinar(type=9, recurrence={"type": 1, "end_times": 2}, settings={"approval_type": 0})
    body = {"registrants": [{"email": "cy@example.org", "first_name": "Cy"}]}

    reply = client.call("POST", f"/webinars/{series['id']}/batch_registrants", body)

    assert (reply.status_code, reply.json()["code"]) == (400, 300)


def test_absentees_are_the_registrants_who_were_not_there(client: Client) -> None:
    webinar = client.a_webinar(settings={"approval_type": 0})
    for name in ("ivy", "jon"):
        register(client, webinar, f"{name}@example.org")
    client.hold(webinar)

    participants = client.get(f"/past_webinars/{webinar['id']}/participants")["participants"]
    absent = client.get(f"/past_webinars/{webinar['id']}/absentees")["registrants"]

    assert [row["user_email"] for row in participants] == [HOST, "ivy@example.org"]
    assert [row["email"] for row in absent] == ["jon@example.org"]
