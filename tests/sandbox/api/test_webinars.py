"""Webinars: checks, defaults, and fields that Zoom silently drops."""

import pytest

from tests.sandbox.practice import HOST, START, Client
from zoom_ops.sandbox import Sandbox, SandboxOptions, SandboxUser


def test_created_webinar_is_filled_in_and_read_back_the_same(client: Client) -> None:
    webinar = client.a_webinar(settings={"question_and_answer": {"enable": False}})

    read = client.get(f"/webinars/{webinar['id']}")

    assert {**read, "start_url": None} == {**webinar, "start_url": None}
    assert (webinar["host_email"], webinar["start_time"], webinar["creation_source"]) == (HOST, START, "open_api")
    assert webinar["settings"]["approval_type"] == 2
    assert webinar["settings"]["question_and_answer"]["enable"] is False
    assert webinar["settings"]["question_and_answer"]["allow_submit_questions"] is True
    assert webinar["id"] > 2**32
    assert len(webinar["password"]) == 6
    assert "registration_url" not in webinar


@pytest.mark.parametrize(
    ("start", "zone", "instant"),
    [
        ("2031-07-01T09:30:00", "America/New_York", "2031-07-01T13:30:00Z"),
        ("2031-07-01T09:30:00Z", "America/New_York", "2031-07-01T09:30:00Z"),
        ("2031-01-01T09:30:00", None, "2031-01-01T14:30:00Z"),  # the user's own zone
    ],
)
def test_start_is_read_in_its_zone_unless_it_is_utc(client: Client, start: str, zone: str | None, instant: str) -> None:
    webinar = client.a_webinar(start_time=start, timezone=zone)

    assert webinar["start_time"] == instant
    assert webinar["timezone"] == (zone or "America/New_York")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"timezone": "Europe/Tallinn"}, "timezone"),
        ({"topic": "x" * 201}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"password": "a b"}, "password"),
        ({"password": "x" * 11}, "password"),
        ({"start_time": "2031-02-30T10:00:00Z"}, "start_time"),
        ({"start_time": "tomorrow"}, "start_time"),
        ({"duration": 1.5}, "duration"),
        ({"type": 7}, "type"),
        ({"settings": {"audio": "loud"}}, "settings.audio"),
        ({"recurrence": {"end_times": 3}}, "recurrence.type"),
        ({"type": 9, "recurrence": {"type": 1, "end_times": -1}}, "recurrence.end_times"),
        ({"type": 9, "recurrence": {"type": 2, "weekly_days": "12"}}, "recurrence.weekly_days"),
    ],
)
def test_invalid_field_is_named(client: Client, fields: dict[str, object], named: str) -> None:
    reply = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Briefing", **fields})

    assert reply.status_code == 400
    assert reply.json() == {
        "code": 300,
        "message": "Validation Failed.",
        "errors": [{"field": named, "message": "Invalid field."}],
    }
    assert client.state()["webinars"] == []


def test_host_must_exist_and_have_a_licence() -> None:
    users = (SandboxUser(email=HOST), SandboxUser(email="basic@example.org", webinar=False))
    with Sandbox(SandboxOptions(listen="127.0.0.1:0", users=users)) as sandbox:
        client = Client(sandbox.url)
        body = {"topic": "Briefing"}

        unknown = client.call("POST", "/users/stranger@example.org/webinars", body)
        unlicensed = client.call("POST", "/users/basic@example.org/webinars", body)
        for_stranger = client.call("POST", f"/users/{HOST}/webinars", {**body, "schedule_for": "stranger@example.org"})

        assert (unknown.status_code, unknown.json()["code"]) == (404, 1001)
        assert (unlicensed.status_code, unlicensed.json()["code"]) == (400, 200)
        assert "Webinar plan is missing" in unlicensed.json()["message"]
        assert (for_stranger.status_code, for_stranger.json()["code"]) == (400, 300)
        assert client.get("/users/basic@example.org/settings")["feature"]["webinar"] is False


def test_patch_changes_what_it_names_and_nothing_else(client: Client) -> None:
    webinar = client.a_webinar(settings={"question_and_answer": {"enable": False}})
    change = {"topic": "Later", "settings": {"question_and_answer": {"answer_questions": "only"}}}

    reply = client.call("PATCH", f"/webinars/{webinar['id']}", change)

    assert (reply.status_code, reply.text) == (204, "")
    read = client.get(f"/webinars/{webinar['id']}")
    webinar["topic"] = "Later"
    webinar["settings"]["question_and_answer"]["answer_questions"] = "only"
    assert {**read, "start_url": None} == {**webinar, "start_url": None}


def test_new_passcode_makes_a_new_join_link(client: Client) -> None:
    webinar = client.a_webinar()

    client.call("PATCH", f"/webinars/{webinar['id']}", {"password": "b-2"})

    read = client.get(f"/webinars/{webinar['id']}")
    assert read["password"] == "b-2"
    assert read["join_url"] != webinar["join_url"]


def test_approval_type_of_a_series_is_dropped_in_silence(client: Client) -> None:
    series = client.a_webinar(type=9, recurrence={"type": 1, "end_times": 2})
    single = client.a_webinar()
    change = {"settings": {"approval_type": 0}}

    replies = [client.call("PATCH", f"/webinars/{webinar['id']}", change) for webinar in (series, single)]

    assert [reply.status_code for reply in replies] == [204, 204]
    assert client.get(f"/webinars/{series['id']}")["settings"]["approval_type"] == 2
    assert client.get(f"/webinars/{single['id']}")["registration_url"]


def test_series_keeps_its_wall_time_across_daylight_saving(client: Client) -> None:
    series = client.a_webinar(
        type=9,
        start_time="2031-03-03T09:00:00",
        timezone="America/New_York",
        recurrence={"type": 2, "weekly_days": "2", "end_times": 2},
    )

    assert [date["start_time"] for date in series["occurrences"]] == [
        "2031-03-03T14:00:00Z",
        "2031-03-10T13:00:00Z",
    ]


def test_occurrence_is_changed_and_deleted_alone(client: Client) -> None:
    series = client.a_webinar(type=9, recurrence={"type": 1, "end_times": 3})
    first, second, third = (date["occurrence_id"] for date in series["occurrences"])
    path = f"/webinars/{series['id']}"

    client.call("PATCH", path, {"duration": 30}, params={"occurrence_id": second})
    client.call("DELETE", path, params={"occurrence_id": third})
    again = client.call("DELETE", path, params={"occurrence_id": third})

    dates = client.get(path)["occurrences"]
    assert [(date["occurrence_id"], date["duration"], date["status"]) for date in dates] == [
        (first, 75, "available"),
        (second, 30, "available"),
        (third, 75, "deleted"),
    ]
    assert again.json() == {"code": 3000, "message": "Webinar occurrence does not exist."}


def test_deleted_webinar_is_gone(client: Client) -> None:
    webinar = client.a_webinar()
    path = f"/webinars/{webinar['id']}"

    replies = [client.call("DELETE", path), client.call("DELETE", path), client.call("GET", path)]

    assert [(reply.status_code, reply.text and reply.json()["code"]) for reply in replies] == [
        (204, ""),
        (404, 3001),
        (404, 3001),
    ]
    assert client.get(f"/users/{HOST}/webinars")["webinars"] == []
    assert [entry["id"] for entry in client.state()["deleted_webinars"]] == [webinar["id"]]


def test_webinar_expires_thirty_days_after_its_last_use(client: Client) -> None:
    webinar = client.a_webinar(start_time="2020-01-01T10:00:00Z")
    client.advance(29 * 86400)
    client.renew()
    unexpired = client.call("GET", f"/webinars/{webinar['id']}")
    client.advance(2 * 86400)
    client.renew()

    expired = client.call("GET", f"/webinars/{webinar['id']}")

    assert (unexpired.status_code, expired.status_code) == (200, 404)


def test_list_cuts_agendas_and_leaves_details_out(client: Client) -> None:
    client.a_webinar(agenda="x" * 400)

    (listed,) = client.get(f"/users/{HOST}/webinars")["webinars"]

    assert listed["agenda"] == "x" * 250
    assert not {"settings", "password", "occurrences"} & set(listed)


def test_upcoming_leaves_out_what_is_over(client: Client) -> None:
    client.a_webinar(start_time="2020-01-01T10:00:00Z")
    coming = client.a_webinar()
    held = client.a_webinar()
    client.hold(held)

    upcoming = client.get(f"/users/{HOST}/webinars", type="upcoming")["webinars"]

    assert [entry["id"] for entry in upcoming] == [coming["id"]]
    assert client.get(f"/users/{HOST}/webinars")["total_records"] == 3


def test_new_webinar_is_missing_from_lists_for_as_long_as_they_lag(client: Client) -> None:
    client.control("POST", "/list_lag", {"seconds": 60})
    webinar = client.a_webinar()

    before = client.get(f"/users/{HOST}/webinars")["webinars"]
    client.advance(61)
    after = client.get(f"/users/{HOST}/webinars")["webinars"]

    assert (before, [entry["id"] for entry in after]) == ([], [webinar["id"]])
    assert client.call("GET", f"/webinars/{webinar['id']}").status_code == 200


def test_interpretation_needs_the_licence_for_it() -> None:
    users = (SandboxUser(email=HOST, capacity=100),)
    with Sandbox(SandboxOptions(listen="127.0.0.1:0", users=users)) as sandbox:
        webinar = Client(sandbox.url).a_webinar(settings={"language_interpretation": {"enable": True}})

    assert webinar["settings"]["language_interpretation"] == {"enable": False}


def test_alternative_hosts_come_back_with_semicolons(client: Client) -> None:
    webinar = client.a_webinar(settings={"alternative_hosts": "ada@example.org, ben@example.org"})

    assert webinar["settings"]["alternative_hosts"] == "ada@example.org;ben@example.org"


def test_simulive_is_refused_as_at_an_account_without_it(client: Client) -> None:
    plain = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Film", "is_simulive": True})
    no_time = client.call("POST", f"/users/{HOST}/webinars", {"topic": "Film", "is_simulive": True, "type": 6})

    assert [plain.json()["code"], no_time.json()["code"]] == [300, 4505]


def test_webinar_is_not_a_meeting(client: Client) -> None:
    webinar = client.a_webinar()

    as_meeting = client.call("DELETE", f"/meetings/{webinar['id']}")
    unknown = client.call("GET", "/meetings/99999999999")

    assert (as_meeting.status_code, as_meeting.json()["code"]) == (400, 3000)
    assert (unknown.status_code, unknown.json()["code"]) == (404, 3001)


def test_null_counts_as_not_sent_and_unknown_fields_are_ignored(client: Client) -> None:
    body = {"topic": "Briefing", "agenda": None, "user_id": HOST, "settings": {"audio": None, "loudness": 11}}

    webinar = client.call("POST", f"/users/{HOST}/webinars", body).json()

    assert (webinar["agenda"], webinar["settings"]["audio"], "loudness" in webinar["settings"]) == ("", "both", False)


def test_tracking_fields_are_kept_where_the_account_has_them(client: Client) -> None:
    client.call("POST", "/tracking_fields", {"field": "event"})
    tracking_fields = [{"field": "event", "value": "ungis"}, {"field": "budget", "value": "1"}]

    webinar = client.a_webinar(tracking_fields=tracking_fields)

    assert webinar["tracking_fields"] == [{"field": "event", "value": "ungis", "visible": True}]
