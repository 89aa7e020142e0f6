"""Recordings: processing, trash, downloads, pages."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.practice import HOST, Client, part

FORMS = {"MP4": b"ftyp", "M4A": b"ftyp", "TRANSCRIPT": b"WEBVTT", "CHAT": b"00:00:01"}


def a_recording(client: Client, **how: Any) -> tuple[Any, Any]:
    webinar = client.a_webinar()
    client.hold(webinar, **how)
    return webinar, client.get(f"/meetings/{webinar['id']}/recordings")


def test_recording_appears_when_it_is_processed_and_the_transcript_later(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar, processing_s=60)
    path = f"/meetings/{webinar['id']}/recordings"

    processing = client.call("GET", path)
    client.advance(61)
    ready = client.get(path)
    client.advance(60)
    transcribed = client.get(path)

    assert (processing.status_code, processing.json()["code"]) == (404, 3301)
    assert [file["file_type"] for file in ready["recording_files"]] == ["MP4", "M4A", "CHAT"]
    assert [file["file_type"] for file in transcribed["recording_files"]] == ["MP4", "M4A", "CHAT", "TRANSCRIPT"]
    assert {file["status"] for file in transcribed["recording_files"]} == {"completed"}
    assert (ready["type"], ready["duration"], ready["start_time"]) == (5, 75, webinar["start_time"])
    assert ready["total_size"] == sum(file["file_size"] for file in ready["recording_files"])


def test_each_part_is_an_instance_and_the_id_leads_to_the_latest(client: Client) -> None:
    webinar = client.a_webinar()
    parts = client.hold(webinar, parts=3)
    uuids = [instance["uuid"] for instance in parts]

    past = client.get(f"/past_webinars/{webinar['id']}/instances")["webinars"]
    each = [client.get(f"/meetings/{part(uuid)}/recordings") for uuid in uuids]
    latest = client.get(f"/meetings/{webinar['id']}/recordings")

    assert [instance["uuid"] for instance in past] == uuids
    assert [(recording["uuid"], recording["duration"]) for recording in each] == [(uuid, 25) for uuid in uuids]
    assert latest["uuid"] == uuids[-1]
    assert [instance["start_time"] for instance in past] == [
        "2031-01-31T13:30:00Z",
        "2031-01-31T13:55:00Z",
        "2031-01-31T14:20:00Z",
    ]


def test_uuids_have_what_breaks_addresses_and_want_encoding_twice(client: Client) -> None:
    webinar = client.a_webinar()
    uuids = [instance["uuid"] for instance in client.hold(webinar, parts=3)]

    once = [client.call("GET", f"/meetings/{requests.utils.quote(uuid, safe='')}/recordings") for uuid in uuids]

    assert any("+" in uuid for uuid in uuids)
    assert any(re.match(r"[^/]+//", uuid) for uuid in uuids)
    assert any(uuid.startswith("/") for uuid in uuids)
    slashed = [uuid.startswith("/") or "//" in uuid for uuid in uuids]
    assert [reply.status_code for reply in once] == [404 if bad else 200 for bad in slashed]
    assert {client.call("GET", f"/meetings/{part(uuid)}/recordings").status_code for uuid in uuids} == {200}


def test_segments_are_groups_of_files_in_one_instance(client: Client) -> None:
    _, recording = a_recording(client, segments=2, transcript=False)

    starts = [file["recording_start"] for file in recording["recording_files"]]

    assert len(starts) == 6
    assert len(set(starts)) == 2


def test_practice_session_is_told_apart_by_its_end_only(notifying_client: Client, receiver: Any) -> None:
    webinar = notifying_client.a_webinar()
    notifying_client.hold(webinar, practice=True, minutes=10)
    notifying_client.hold(webinar)

    receiver.wait_for("webinar.ended", 2)

    ends = [body["payload"]["object"]["practice_session"] for body in receiver.bodies("webinar.ended")]
    starts = [body["payload"]["object"] for body in receiver.bodies("webinar.started")]
    assert ends == [True, False]
    assert not any("practice_session" in start for start in starts)


def test_recording_by_setting_is_made_only_where_it_is_set(client: Client) -> None:
    silent = client.a_webinar()
    recorded = client.a_webinar(settings={"auto_recording": "cloud"})

    for webinar in (silent, recorded):
        client.hold(webinar, record="auto")

    assert client.call("GET", f"/meetings/{silent['id']}/recordings").json()["code"] == 3301
    assert client.get(f"/meetings/{recorded['id']}/recordings")["recording_files"]


def test_list_goes_by_day_and_spans_a_month_at_most(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar)
    client.hold(webinar, start=datetime.now(UTC).isoformat())
    path = f"/users/{HOST}/recordings"

    today = client.get(path)
    that_day = client.get(path, **{"from": "2031-01-31", "to": "2031-01-31"})
    elsewhen = client.get(path, **{"from": "2030-01-01", "to": "2030-01-31"})
    moved_up = client.get(path, **{"from": "2030-01-01", "to": "2031-02-02"})

    assert [entry["id"] for entry in today["meetings"]] == [webinar["id"]]
    assert [entry["start_time"] for entry in that_day["meetings"]] == ["2031-01-31T13:30:00Z"]
    assert "password" not in that_day["meetings"][0]
    assert (elsewhen["meetings"], elsewhen["page_size"], elsewhen["next_page_token"]) == ([], 0, "")
    assert (moved_up["from"], moved_up["to"]) == ("2031-01-02", "2031-02-02")
    assert moved_up["meetings"] == that_day["meetings"]


def test_trashed_recording_is_listed_as_trash_and_recovered(client: Client) -> None:
    webinar, recording = a_recording(client)
    path = f"/meetings/{webinar['id']}/recordings"

    client.call("DELETE", path)
    deleted = client.call("GET", path)
    trash = client.get(f"/users/{HOST}/recordings", trash="true")["meetings"]
    recovered = client.call("PUT", f"/meetings/{part(recording['uuid'])}/recordings/status", {"action": "recover"})

    assert deleted.json()["code"] == 3301
    assert [entry["uuid"] for entry in trash] == [recording["uuid"]]
    assert trash[0]["recording_files"][0]["deleted_time"]
    assert (recovered.status_code, recovered.text) == (200, "")
    assert client.get(path)["recording_files"] == recording["recording_files"]


def test_recording_stays_in_the_trash_for_thirty_days(client: Client) -> None:
    webinar, recording = a_recording(client)
    client.call("DELETE", f"/meetings/{webinar['id']}/recordings")
    client.advance(31 * 86400)
    client.renew()

    reply = client.call("PUT", f"/meetings/{part(recording['uuid'])}/recordings/status", {"action": "recover"})

    assert reply.json()["code"] == 3301
    assert client.state()["recordings"][0]["state"] == "trashed"


def test_file_is_deleted_alone_and_for_good(client: Client) -> None:
    webinar, recording = a_recording(client)
    path = f"/meetings/{webinar['id']}/recordings"
    file_id = recording["recording_files"][0]["id"]

    client.call("DELETE", f"{path}/{file_id}", params={"action": "delete"})
    recovered = client.call("PUT", f"{path}/{file_id}/status", {"action": "recover"})

    assert file_id not in [file["id"] for file in client.get(path)["recording_files"]]
    assert recovered.json()["code"] == 3301


def test_settings_are_of_one_instance_and_ask_for_a_strong_passcode(client: Client) -> None:
    webinar = client.a_webinar()
    first, second = (f"/meetings/{part(instance['uuid'])}/recordings" for instance in client.hold(webinar, parts=2))
    before = client.get(first)

    weak = client.call("PATCH", f"{first}/settings", {"password": "12345678"})
    strong = client.call("PATCH", f"{first}/settings", {"password": "Ab+12345", "viewer_download": False})

    after = client.get(first)
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (400, "password")
    assert strong.status_code == 204
    assert after["password"] == "Ab+12345"
    assert after["recording_play_passcode"] != before["recording_play_passcode"]
    assert client.get(f"{first}/settings")["viewer_download"] is False
    assert client.get(f"{second}/settings")["viewer_download"] is True


@pytest.mark.parametrize("file_type", FORMS)
def test_downloads_are_real_files_of_the_size_that_was_told(client: Client, file_type: str) -> None:
    _, recording = a_recording(client)
    (file,) = [entry for entry in recording["recording_files"] if entry["file_type"] == file_type]

    reply = client.http.get(file["download_url"], timeout=60)

    assert urlsplit(reply.url).path.endswith(f"_Recording.{file['file_extension'].lower()}")
    assert reply.headers["content-type"].partition(";")[0] != "text/html"
    assert FORMS[file_type] in reply.content[:16]
    assert len(reply.content) == file["file_size"] == int(reply.headers["content-length"])


def test_download_obeys_a_range_and_can_be_of_any_size(client: Client) -> None:
    _, recording = a_recording(client, padding_mb=3000)
    video = recording["recording_files"][0]

    reply = client.http.get(video["download_url"], headers={"range": "bytes=2999999990-3000000009"}, timeout=60)

    assert reply.status_code == 206
    assert reply.headers["content-range"] == f"bytes 2999999990-3000000009/{video['file_size']}"
    assert (len(reply.content), video["file_size"] > 3_000_000_000) == (20, True)


def test_download_without_a_token_is_a_page_with_status_200(client: Client) -> None:
    webinar, recording = a_recording(client)
    url = recording["recording_files"][0]["download_url"]

    stranger = requests.get(url, timeout=60)
    client.call("DELETE", f"/meetings/{webinar['id']}/recordings")
    deleted = client.http.get(url, timeout=60)

    for reply in (stranger, deleted):
        assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, "text/html")


def test_download_token_of_a_recording_works_for_as_long_as_was_asked(client: Client) -> None:
    webinar, _ = a_recording(client)
    recording = client.get(f"/meetings/{webinar['id']}/recordings", include_fields="download_access_token", ttl=100)
    url = recording["recording_files"][2]["download_url"]
    bearer = {"authorization": f"Bearer {recording['download_access_token']}"}

    by_header = requests.get(url, headers=bearer, timeout=60)
    by_query = requests.get(url, params={"access_token": recording["download_access_token"]}, timeout=60)
    client.advance(101)
    expired = requests.get(url, headers=bearer, timeout=60)

    assert by_header.text == by_query.text
    assert by_header.text.startswith("00:00:01")
    assert expired.text.startswith("<!DOCTYPE html>")


def test_share_link_shows_the_recording_to_who_has_the_passcode(client: Client) -> None:
    _, recording = a_recording(client)
    share = recording["share_url"]

    locked = requests.get(share, timeout=60)
    wrong = requests.post(share, data={"passcode": "guess"}, timeout=60)
    typed = requests.post(share, data={"passcode": recording["password"]}, timeout=60)
    linked = requests.get(share, params={"pwd": recording["recording_play_passcode"]}, timeout=60)

    assert "<video" not in locked.text
    assert 'name="passcode"' in locked.text
    assert "Wrong passcode" in wrong.text
    assert typed.text == linked.text
    (source,) = re.findall(r'<video[^>]* src="([^"]+)"', linked.text)
    video = requests.get(f"{client.url}{source.replace('&amp;', '&')}", timeout=60)
    assert video.headers["content-type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"


@pytest.mark.parametrize("how", ["none", "internally"])
def test_share_link_keeps_to_whom_it_is_shared(client: Client, how: str) -> None:
    webinar, recording = a_recording(client)
    client.call("PATCH", f"/meetings/{webinar['id']}/recordings/settings", {"share_recording": how})

    page = requests.get(recording["share_url"], params={"pwd": recording["recording_play_passcode"]}, timeout=60)

    assert "<video" not in page.text


def test_join_link_leads_to_a_page(client: Client) -> None:
    webinar = client.a_webinar(topic="Panel <b>")

    page = requests.get(webinar["join_url"], timeout=60)

    assert page.status_code == 200
    assert "Panel &lt;b&gt;" in page.text


def test_transcript_is_told_ready_missing_or_deleted(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar, processing_s=60)
    path = f"/meetings/{webinar['id']}/transcript"

    soon = client.get(path)
    client.advance(125)
    ready = client.get(path)
    text = client.http.get(ready["download_url"], timeout=60).text
    client.call("DELETE", path)
    deleted = client.get(path)

    assert (soon["can_download"], soon["download_restriction_reason"]) == (False, "NOT_READY")
    assert text.startswith("WEBVTT")
    assert deleted["download_restriction_reason"] == "DELETED_OR_TRASHED"
    assert client.call("GET", "/meetings/99999999999/transcript").json()["code"] == 3322


def test_running_webinar_ends_by_request(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar, live_s=3600, record=False)
    running = client.state()["webinars"][0]["instances"][0]["live"]

    reply = client.call("PUT", f"/webinars/{webinar['id']}/status", {"action": "end"})

    assert (running, reply.status_code) == (True, 204)
    assert client.state()["webinars"][0]["instances"][0]["live"] is False
    assert len(client.get(f"/past_webinars/{webinar['id']}/instances")["webinars"]) == 1


def test_report_is_refused_after_a_year(client: Client) -> None:
    webinar = client.a_webinar()
    client.hold(webinar, start=(datetime.now(UTC) - timedelta(days=366)).isoformat())

    reply = client.call("GET", f"/report/webinars/{webinar['id']}")

    assert (reply.status_code, reply.json()["code"]) == (400, 12702)


def test_video_has_a_picture_and_a_sound_track(client: Client) -> None:
    _, recording = a_recording(client)
    video = io.BytesIO(client.http.get(recording["recording_files"][0]["download_url"], timeout=60).content)

    assert {kind for kind in (b"avc1", b"mp4a") if kind in video.getvalue()} == {b"avc1", b"mp4a"}
