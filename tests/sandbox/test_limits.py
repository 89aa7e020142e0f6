"""Rate limits; pagination."""

from datetime import UTC, datetime

import pytest

from tests.endings import run_sandbox
from tests.sandbox.practice import HOST, Client
from zoom_ops.clock import HeldClock


@pytest.mark.parametrize(("plan", "limit"), [("pro", 10), ("business", 40)])
def test_a_label_is_limited_per_second_for_the_whole_account(plan: str, limit: int) -> None:
    clock = HeldClock(datetime(2031, 1, 1, tzinfo=UTC))
    with run_sandbox(clock, plan=plan) as sandbox:
        client = Client(sandbox.url)
        paths = ("/report/webinars/1", "/past_webinars/1/absentees")

        replies = [client.call("GET", paths[turn % 2]) for turn in range(limit + 1)]
        light = client.call("GET", f"/users/{HOST}")
        client.advance(1)
        later = client.call("GET", paths[0])

        assert {reply.status_code for reply in replies[:-1]} == {404}
        assert replies[-1].status_code == 429
        assert replies[-1].json() == {
            "code": 429,
            "message": "You have reached the maximum per-second rate limit for this API. Try again later.",
        }
        rate_headers = {name: value for name, value in replies[-1].headers.items() if name.startswith("x-ratelimit")}
        assert rate_headers == {
            "x-ratelimit-category": "Heavy",
            "x-ratelimit-type": "QPS",
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": "0",
        }
        assert (light.status_code, later.status_code) == (200, 404)


def test_a_host_has_a_hundred_creates_and_updates_a_day(client: Client) -> None:
    webinar = client.a_webinar()
    for _ in range(4):
        for _ in range(24):
            client.call("PATCH", f"/webinars/{webinar['id']}", {"topic": "Again"})
        client.advance(1)
    for _ in range(3):
        client.a_webinar()

    refused = client.call("PATCH", f"/webinars/{webinar['id']}", {"topic": "Once more"})
    other_host = client.call("POST", "/users/second@example.org/webinars", {"topic": "Briefing"})
    deleted = client.call("DELETE", f"/webinars/{webinar['id']}")
    client.advance(86400)
    client.renew()
    next_day = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing"})

    assert refused.status_code == 429
    assert "daily rate limit (100) of Meeting Create/Update" in refused.json()["message"]
    assert not {"x-ratelimit-type", "retry-after"} & {name.lower() for name in refused.headers}
    assert [reply.status_code for reply in (other_host, deleted, next_day)] == [201, 204, 201]


def test_without_limits_nothing_is_limited() -> None:
    with run_sandbox(limits=False) as sandbox:
        client = Client(sandbox.url)

        replies = [client.call("GET", "/report/webinars/1") for _ in range(30)]

    assert {reply.status_code for reply in replies} == {404}


def test_pages_lead_through_a_list_once(client: Client) -> None:
    created = [client.a_webinar()["id"] for _ in range(5)]
    path, listed, token = f"/users/{HOST}/webinars", [], ""

    for _ in range(3):
        page = client.get(path, page_size=2, next_page_token=token)
        listed += [webinar["id"] for webinar in page["webinars"]]
        token = page["next_page_token"]

    assert listed == created
    assert token == ""
    assert (page["total_records"], page["page_count"], page["page_size"]) == (5, 3, 2)
    assert [row["id"] for row in client.get(path, page_size=2, page_number=2)["webinars"]] == created[2:4]


def test_page_token_is_refused_altered_moved_or_old(client: Client) -> None:
    for _ in range(3):
        client.a_webinar()
    path = f"/users/{HOST}/webinars"
    token = client.get(path, page_size=2, type="scheduled")["next_page_token"]

    replies = [
        client.call("GET", path, params={"page_size": 2, "next_page_token": f"{token}x"}),
        client.call("GET", path, params={"page_size": 2, "next_page_token": token, "type": "upcoming"}),
        client.call("GET", "/users/second@example.org/webinars", params={"next_page_token": token}),
    ]
    client.advance(15 * 60)
    replies.append(client.call("GET", path, params={"page_size": 2, "next_page_token": token}))

    for reply in replies:
        assert (reply.status_code, reply.json()["code"]) == (400, 300)
        assert "next page token" in reply.json()["message"]


def test_a_page_that_is_longer_than_zoom_allows_is_shortened(client: Client) -> None:
    client.a_webinar()

    assert client.get(f"/users/{HOST}/webinars", page_size=301)["page_size"] == 300
    assert client.get("/users", page_size=5000)["page_size"] == 2000


def test_page_size_is_a_number(client: Client) -> None:
    reply = client.call("GET", f"/users/{HOST}/webinars", params={"page_size": "many"})

    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, "page_size")
