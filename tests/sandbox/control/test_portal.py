"""What people do in Zoom's portal, and what the practice Zoom's API shows of it afterwards."""

import pytest

from tests.sandbox.practice import HOST, Client


def held(client: Client, **how: object) -> tuple[int, str]:
    """Hold a new webinar; return its number and the uuid of the instance, as a path needs it."""
    number = client.a_webinar()["id"]
    client.control("POST", f"/webinars/{number}/hold", {"processing_s": 0, "transcript": False, **how})
    (recording,) = client.state()["recordings"]
    return number, recording["uuid"]


def path_of(uuid: str) -> str:
    """Return the path of an instance's recording."""
    return f"/meetings/{uuid.replace('/', '%252F')}/recordings"


def test_converted_webinar_is_refused_and_its_recordings_are_of_a_meeting(client: Client) -> None:
    number, uuid = held(client)
    assert client.control("POST", f"/webinars/{number}/convert").json() == {"webinar_id": number, "type": 2}

    refused = client.call("GET", f"/webinars/{number}")
    assert (refused.status_code, refused.json()["code"]) == (400, 3000)
    assert client.get(f"/users/{HOST}/webinars")["webinars"] == []
    assert client.get(path_of(uuid))["type"] == 2
    assert client.state()["notifications"][-1]["event"] == "webinar.converted_to_meeting"

    client.control("POST", f"/webinars/{number}/convert", {"to": "webinar"})
    assert client.get(f"/webinars/{number}")["type"] == 5


def test_trimmed_recording_has_other_files_and_is_shorter(client: Client) -> None:
    _, uuid = held(client)
    before = client.get(path_of(uuid))
    client.control("POST", "/recordings/trim", {"uuid": uuid, "minutes": 20})

    after = client.get(path_of(uuid))
    assert (after["duration"], after["share_url"]) == (20, before["share_url"])
    ids = [{file["id"] for file in answer["recording_files"]} for answer in (before, after)]
    assert ids[0].isdisjoint(ids[1])


def test_webinar_of_zoom_events_can_be_read_and_neither_changed_nor_deleted(client: Client) -> None:
    number = client.a_webinar()["id"]
    client.control("POST", f"/webinars/{number}/origin", {"made_by_events": True})
    for method, body in (("PATCH", {"topic": "Briefing"}), ("DELETE", None)):
        refused = client.call(method, f"/webinars/{number}", body)
        assert (refused.status_code, refused.json()["code"]) == (400, 3000)
        assert "event directory" in refused.json()["message"]
    assert client.get(f"/webinars/{number}")["id"] == number


def test_simulive_webinar_is_not_recorded_and_closed_once_it_has_started(client: Client) -> None:
    number = client.a_webinar(settings={"auto_recording": "cloud"})["id"]
    client.control("POST", f"/webinars/{number}/origin", {"is_simulive": True})
    assert client.call("PATCH", f"/webinars/{number}", {"topic": "Briefing"}).ok
    client.control("POST", f"/webinars/{number}/hold", {"record": "auto"})
    assert client.state()["recordings"] == []
    assert client.call("PATCH", f"/webinars/{number}", {"topic": "Talk"}).json()["code"] == 3000


def test_half_ready_recording_has_rows_that_say_nothing(client: Client) -> None:
    client.control("POST", "/policy", {"recordings": {"half_ready": True, "external_storage": "s3.example.org/a"}})
    _, uuid = held(client, processing_s=60)

    half = client.get(path_of(uuid))
    assert half["external_storage_addr"] == "s3.example.org/a"
    assert [(file["file_type"], file["status"]) for file in half["recording_files"]] == [
        ("MP4", "completed"),
        ("", ""),
        ("", ""),
    ]
    client.control("POST", "/clock", {"advance_s": 61})
    assert {file["status"] for file in client.get(path_of(uuid))["recording_files"]} == {"completed"}


@pytest.mark.parametrize("path", ["/webinars/1/convert", "/webinars/1/origin", "/recordings/trim"])
def test_what_is_not_there_is_named(client: Client, path: str) -> None:
    body = {"uuid": "bm90aGluZw==", "minutes": 1} if path.endswith("trim") else {}
    answer = client.http.post(f"{client.url}/_sandbox{path}", json=body)
    assert (answer.status_code, "There is no such" in answer.text) == (404, True)
