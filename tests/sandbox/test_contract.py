"""Calls of every operation, with each request and reply checked against our own contract and Zoom's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
import requests

from tests.openapi.checking import ExchangeChecker
from tests.openapi.descriptions import SOURCES, Description, load_description
from tests.sandbox.practice import HOST, NotingClient, Receiver, part
from zoom_ops.sandbox import Sandbox, SandboxOptions

PNG = b"\x89PNG\r\n\x1a\n" + b"\1" * 32


@pytest.fixture(scope="module")
def walked(receiver_of_walk: Receiver) -> Iterator[NotingClient]:
    """A client that has called every operation."""
    options = SandboxOptions(
        listen="127.0.0.1:0",
        plan="business",
        webhook_url=receiver_of_walk.url,
        webhook_secret=receiver_of_walk.secret,
    )
    with Sandbox(options) as sandbox:
        receiver_of_walk.wait_for("endpoint.url_validation")
        client = NotingClient(sandbox.url)
        walk(client)
        yield client


@pytest.fixture(scope="module")
def receiver_of_walk() -> Iterator[Receiver]:
    """A webhook address that receives the notifications of the walk."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module", params=SOURCES)
def contract(request: pytest.FixtureRequest) -> Description:
    """The description that the practice Zoom is checked against."""
    return load_description(request.param)


def test_every_request_and_reply_satisfies_the_contract(contract: Description, walked: NotingClient) -> None:
    checker = ExchangeChecker(contract, walked.url)

    faults = [fault for reply in walked.replies for fault in checker.find_faults(reply)]

    assert faults == []


def test_every_operation_of_the_contract_was_answered(contract: Description, walked: NotingClient) -> None:
    answered = {
        contract.find_operation(entry["method"], entry["path"]) for entry in walked.requests() if entry["status"] < 300
    }

    refused_by_nature = {("DELETE", "/live_webinars/{webinarId}/chat/messages/{messageId}")}
    assert set(contract.operations) - answered == refused_by_nature


def test_notifications_satisfy_the_contract(
    contract: Description, walked: NotingClient, receiver_of_walk: Receiver
) -> None:
    expected = {
        *("webinar.created", "webinar.updated", "webinar.deleted", "webinar.started", "webinar.ended"),
        *("webinar.registration_created", "webinar.registration_approved", "webinar.registration_denied"),
        *("webinar.registration_cancelled", "recording.started", "recording.stopped", "recording.completed"),
        *("recording.transcript_completed", "recording.trashed", "recording.deleted", "recording.recovered"),
        "recording.renamed",
    }

    for event in expected:
        receiver_of_walk.wait_for(event)

    checker = jsonschema.FormatChecker()
    for event in expected:
        for body in receiver_of_walk.bodies(event):
            schema = contract.notifications[event]
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(body)


def walk(client: NotingClient) -> None:
    """Call every operation at least once."""
    client.fetch_token(auth=("client", "secret"))
    walk_users(client)
    webinar = walk_webinars(client)
    walk_panelists(client, webinar)
    walk_registrants(client)
    walk_polls(client, webinar)
    walk_branding(client)
    walk_catalogue(client, webinar)
    walk_running(client)
    held = walk_recordings(client)
    walk_past(client, held)
    client.get("/marketplace/apps/app/webhook_logs", type=1)
    revoked = client.http.headers["authorization"].partition(" ")[2]
    requests.post(f"{client.url}/oauth/revoke", data={"token": revoked}, auth=("client", "secret"), timeout=60)
    client.renew()


def walk_users(client: NotingClient) -> None:
    client.get("/users")
    client.get(f"/users/{HOST}")
    client.get("/users/me")
    client.get(f"/users/{HOST}/settings")
    assert client.call("GET", "/users/nobody").status_code == 404


def walk_webinars(client: NotingClient) -> Any:
    client.a_webinar(
        type=9,
        recurrence={"type": 2, "weekly_days": "2,4", "repeat_interval": 1, "end_times": 4},
        settings={"approval_type": 0},
    )
    client.a_webinar(type=6)
    webinar = client.a_webinar(settings={"auto_recording": "cloud", "alternative_hosts": "second@example.org"})
    client.get(f"/webinars/{webinar['id']}")
    client.get(f"/users/{HOST}/webinars", type="upcoming", page_size=2)
    changed = {"topic": "Briefing 2", "agenda": "All", "password": "a-1", "settings": {"practice_session": True}}
    client.call("PATCH", f"/webinars/{webinar['id']}", changed)
    deleted = client.a_webinar()
    client.call("DELETE", f"/webinars/{deleted['id']}", params={"cancel_webinar_reminder": "true"})
    assert client.call("DELETE", f"/webinars/{deleted['id']}").status_code == 404
    assert client.call("POST", f"/users/{HOST}/webinars", {"type": 7}).status_code == 400
    return webinar


def walk_panelists(client: NotingClient, webinar: Any) -> None:
    path = f"/webinars/{webinar['id']}/panelists"
    people = [{"name": "Ada", "email": "ada@example.org"}, {"name": "Ben", "email": "ben@example.org"}]
    client.call("POST", path, {"panelists": people})
    client.get(path)
    client.call("DELETE", f"{path}/ada@example.org")
    client.call("DELETE", path)


def walk_registrants(client: NotingClient) -> None:
    webinar = client.a_webinar(settings={"approval_type": 1})
    path = f"/webinars/{webinar['id']}/registrants"
    questions = {"questions": [{"field_name": "org", "required": True}], "custom_questions": []}
    client.call("PATCH", f"{path}/questions", questions)
    client.get(f"{path}/questions")
    people = [
        client.call("POST", path, {"first_name": name, "email": f"{name}@example.org", "org": "Example"}).json()
        for name in ("cy", "dee", "eli", "flo")
    ]
    batch = {"auto_approve": True, "registrants": [{"first_name": "Gil", "email": "gil@example.org"}]}
    client.call("POST", f"/webinars/{webinar['id']}/batch_registrants", batch)
    for person, action in zip(people, ("approve", "deny", "cancel"), strict=False):
        chosen = [{"id": person["registrant_id"]}]
        client.call("PUT", f"{path}/status", {"action": action, "registrants": chosen})
    client.get(path, status="approved")
    client.get(path, status="pending")
    client.get(f"{path}/{people[0]['registrant_id']}")
    client.call("DELETE", f"{path}/{people[3]['registrant_id']}")
    assert client.call("GET", f"{path}/nobody").status_code == 400


def walk_polls(client: NotingClient, webinar: Any) -> None:
    path = f"/webinars/{webinar['id']}/polls"
    question = {"name": "Well?", "type": "single", "answers": ["Yes", "No"]}
    poll = client.call("POST", path, {"title": "Mood", "poll_type": 1, "questions": [question]}).json()
    client.get(path)
    client.get(f"{path}/{poll['id']}")
    client.call("PUT", f"{path}/{poll['id']}", {"title": "Moods", "questions": [question]})
    client.call("DELETE", f"{path}/{poll['id']}")
    survey = f"/webinars/{webinar['id']}/survey"
    client.call("PATCH", survey, {"third_party_survey": "https://example.org/survey"})
    client.get(survey)
    client.call("DELETE", survey)


def walk_branding(client: NotingClient) -> None:
    webinar = client.a_webinar(settings={"enable_session_branding": True})
    path = f"/webinars/{webinar['id']}/branding"
    colours = {"text_color": "#FFFFFF", "accent_color": "#0B5CFF", "background_color": "#131619"}
    tag = client.call("POST", f"{path}/name_tags", {"name": "Speaker", **colours}).json()
    client.call("PATCH", f"{path}/name_tags/{tag['id']}", {"name": "Chair"})
    background = upload(client, f"{path}/virtual_backgrounds")
    client.call("PATCH", f"{path}/virtual_backgrounds", params={"id": background["id"]})
    upload(client, f"{path}/wallpaper")
    client.get(path)
    client.call("DELETE", f"{path}/name_tags", params={"name_tag_ids": tag["id"]})
    client.call("DELETE", f"{path}/virtual_backgrounds", params={"ids": background["id"]})
    client.call("DELETE", f"{path}/wallpaper")


def upload(client: NotingClient, path: str) -> Any:
    reply = client.call("POST", path, files={"file": ("picture.png", PNG, "image/png")})
    assert reply.status_code == 201, reply.text
    return reply.json()


def walk_catalogue(client: NotingClient, webinar: Any) -> None:
    client.call("POST", "/tracking_fields", {"field": "event", "required": False, "visible": True})
    client.get("/tracking_fields")
    client.call("POST", f"/users/{HOST}/webinar_templates", {"webinar_id": webinar["id"], "name": "Panel"})
    client.get(f"/users/{HOST}/webinar_templates")
    client.get(f"/webinars/{webinar['id']}/tracking_sources")


def walk_running(client: NotingClient) -> None:
    webinar = client.a_webinar()
    path = f"/webinars/{webinar['id']}"
    stream = {"stream_url": "rtmp://example.org/live", "stream_key": "key", "page_url": "https://example.org/live"}
    client.call("PATCH", f"{path}/livestream", stream)
    client.get(f"{path}/livestream")
    client.hold(webinar, live_s=60, record=False)
    client.call("PATCH", f"{path}/livestream/status", {"action": "start", "settings": {"display_name": "Live"}})
    client.get(f"{path}/token")
    for kind in ("live_streaming", "local_archiving", "local_recording"):
        client.get(f"{path}/jointoken/{kind}")
    client.call("POST", f"{path}/invite_links", {"attendees": [{"name": "Ada"}], "ttl": 60})
    client.call("POST", f"{path}/sip_dialing", {"passcode": "1"})
    client.call("DELETE", f"/live_webinars/{webinar['id']}/chat/messages/message")
    client.call("PUT", f"{path}/status", {"action": "end"})


def walk_recordings(client: NotingClient) -> Any:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    webinar = client.a_webinar(settings={"auto_recording": "cloud", "approval_type": 0})
    for name in ("ivy", "jon"):
        body = {"first_name": name, "email": f"{name}@example.org"}
        client.call("POST", f"/webinars/{webinar['id']}/registrants", body)
    said = {"email": "jon@example.org", "question": "Well?", "answer": "Yes", "minute": 0.5}
    asked = [said, {"question": "Who asks?"}]
    (instance,) = client.hold(
        webinar, minutes=1, start=now, absent=["ivy@example.org"], answers=[said], questions=asked
    )
    recordings = f"/meetings/{part(instance['uuid'])}/recordings"
    recording = client.get(recordings, include_fields="download_access_token", ttl=60)
    client.get(f"/users/{HOST}/recordings")
    client.get(f"{recordings}/settings")
    shared = {"password": "Ab+12345", "on_demand": True, "approval_type": 0, "topic": "The recording"}
    client.call("PATCH", f"{recordings}/settings", shared)
    walk_viewers(client, f"/meetings/{webinar['id']}/recordings")
    client.get(f"/meetings/{part(instance['uuid'])}/transcript")
    client.call("DELETE", f"/meetings/{part(instance['uuid'])}/transcript")
    file_id = recording["recording_files"][0]["id"]
    client.call("DELETE", f"{recordings}/{file_id}", params={"action": "trash"})
    client.get(f"/users/{HOST}/recordings", trash="true")
    client.call("PUT", f"{recordings}/{file_id}/status", {"action": "recover"})
    client.call("DELETE", recordings)
    client.call("PUT", f"{recordings}/status", {"action": "recover"})
    client.call("DELETE", recordings, params={"action": "delete"})
    assert client.call("GET", recordings).status_code == 404
    return webinar


def walk_viewers(client: NotingClient, recordings: str) -> None:
    client.call("PATCH", f"{recordings}/registrants/questions", {"questions": [], "custom_questions": []})
    client.get(f"{recordings}/registrants/questions")
    viewer = client.call("POST", f"{recordings}/registrants", {"first_name": "Kim", "email": "kim@example.org"}).json()
    chosen = [{"id": viewer["registrant_id"]}]
    client.call("PUT", f"{recordings}/registrants/status", {"action": "approve", "registrants": chosen})
    client.get(f"{recordings}/registrants")
    client.get(f"{recordings}/analytics_summary")
    client.get(f"{recordings}/analytics_details", type="by_view")


def walk_past(client: NotingClient, webinar: Any) -> None:
    past = f"/past_webinars/{webinar['id']}"
    (instance,) = client.get(f"{past}/instances")["webinars"]
    for what in ("participants", "absentees", "qa", "polls"):
        client.get(f"/past_webinars/{part(instance['uuid'])}/{what}")
    report = f"/report/webinars/{webinar['id']}"
    client.get(report)
    for what in ("participants", "polls", "qa", "survey"):
        client.get(f"{report}/{what}")
    client.get("/report/upcoming_events", **{"from": "2031-01-01", "to": "2031-01-31"})
    today = datetime.now(UTC).date().isoformat()
    client.get("/report/history_meetings", **{"from": today, "to": today})
    client.get("/report/cloud_recording", **{"from": today, "to": today})
