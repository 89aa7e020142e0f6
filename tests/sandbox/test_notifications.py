"""Notifications at a real webhook address: signature, validation, retries."""

import hashlib
import hmac
import json
from typing import Any

import requests

from tests.sandbox.practice import Client, Receiver, part
from tests.waiting import wait_until
from zoom_ops.sandbox import Sandbox, SandboxOptions

MINUTE = 60


def attempts(client: Client, event: str) -> list[int]:
    (notification,) = [row for row in client.state()["notifications"] if row["event"] == event]
    return [attempt["status"] for attempt in notification["attempts"]]


def test_life_of_a_webinar_is_told_in_order(notifying_client: Client, receiver: Receiver) -> None:
    webinar = notifying_client.a_webinar(topic="Réunion")
    notifying_client.call("PATCH", f"/webinars/{webinar['id']}", {"topic": "Réunion 2"})
    notifying_client.hold(webinar)
    notifying_client.call("DELETE", f"/webinars/{webinar['id']}")

    receiver.wait_for("webinar.deleted")

    assert receiver.events()[1:] == [
        *("webinar.created", "webinar.updated", "webinar.started", "recording.started", "recording.stopped"),
        *("webinar.ended", "recording.completed", "recording.transcript_completed", "webinar.deleted"),
    ]
    (updated,) = receiver.bodies("webinar.updated")
    assert updated["payload"]["object"]["topic"] == "Réunion 2"
    assert updated["payload"]["old_object"]["topic"] == "Réunion"
    assert updated["payload"]["time_stamp"] > 10**12
    (started,) = receiver.bodies("webinar.started")
    assert started["payload"]["object"]["id"] == str(webinar["id"])


def test_notification_is_signed_over_its_raw_body(notifying_client: Client, receiver: Receiver) -> None:
    notifying_client.a_webinar(topic="Réunion")
    receiver.wait_for("webinar.created")

    headers, body = receiver.received[-1]

    signed = f"v0:{headers['x-zm-request-timestamp']}:".encode() + body
    digest = hmac.new(receiver.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["x-zm-signature"] == f"v0={digest}"
    assert headers["user-agent"] == "Zoom Marketplace/1.0a"
    assert json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode() == body


def test_change_of_nothing_tells_nothing(notifying_client: Client, receiver: Receiver) -> None:
    webinar = notifying_client.a_webinar()
    notifying_client.call("PATCH", f"/webinars/{webinar['id']}", {"topic": webinar["topic"]})
    notifying_client.call("DELETE", f"/webinars/{webinar['id']}")

    receiver.wait_for("webinar.deleted")

    assert "webinar.updated" not in receiver.events()


def test_failed_delivery_is_retried_after_5_20_and_60_minutes(notifying_client: Client, receiver: Receiver) -> None:
    receiver.answers = [500, 502, 503, 500]
    notifying_client.a_webinar()
    receiver.wait_for("webinar.created")
    counts = []

    def await_answer(number: int) -> None:
        wait_until(lambda: len(attempts(notifying_client, "webinar.created")) == number, f"answer {number}")

    for number, minutes in enumerate((5, 20, 60), 1):
        await_answer(number)  # the next pause starts at this answer
        notifying_client.advance(minutes * MINUTE - 10)
        counts.append(len(receiver.bodies("webinar.created")))
        notifying_client.advance(11)
        receiver.wait_for("webinar.created", counts[-1] + 1)
    await_answer(4)
    notifying_client.advance(600 * MINUTE)
    statuses = attempts(notifying_client, "webinar.created")
    notifying_client.renew()
    notifying_client.a_webinar()
    receiver.wait_for("webinar.created", 5)

    assert counts == [1, 2, 3]
    assert statuses == [500, 502, 503, 500]
    deliveries = [headers for headers, body in receiver.received if b"webinar.created" in body][:4]
    assert len({headers["x-zm-request-id"] for headers in deliveries}) == 1


def test_refusal_by_the_receiver_is_not_retried(notifying_client: Client, receiver: Receiver) -> None:
    receiver.answers = [401, 302]
    notifying_client.a_webinar()
    notifying_client.a_webinar()
    receiver.wait_for("webinar.created", 2)

    notifying_client.advance(600 * MINUTE)
    notifying_client.renew()
    notifying_client.a_webinar()
    receiver.wait_for("webinar.created", 3)

    assert len(receiver.bodies("webinar.created")) == 3


def test_slow_answer_counts_as_failed(notifying_client: Client, receiver: Receiver) -> None:
    receiver.pause_s = 3.4
    notifying_client.a_webinar()
    receiver.wait_for("webinar.created")

    wait_until(lambda: attempts(notifying_client, "webinar.created") == [-1], "the attempt to be given up")
    receiver.pause_s = 0
    notifying_client.advance(5 * MINUTE + 1)
    receiver.wait_for("webinar.created", 2)


def test_address_that_is_not_there_yet_is_validated_when_it_answers(receiver: Receiver) -> None:
    receiver.validates = False
    options = SandboxOptions(listen="127.0.0.1:0", webhook_url=receiver.url, webhook_secret=receiver.secret)
    with Sandbox(options) as sandbox:
        client = Client(sandbox.url)
        client.a_webinar()
        receiver.wait_for("endpoint.url_validation", 2)
        before = receiver.events()

        receiver.validates = True
        receiver.wait_for("webinar.created")

    assert set(before) == {"endpoint.url_validation"}


def test_address_is_validated_again_every_72_hours_and_given_up_after_six_failures(
    notifying_client: Client, receiver: Receiver
) -> None:
    receiver.validates = False

    for failures in range(1, 7):
        notifying_client.advance(72 * 60 * MINUTE + 1)
        wait_until(lambda n=failures: notifying_client.state()["subscription"]["failures"] == n, f"failure {failures}")

    assert notifying_client.state()["subscription"] == {"validated": True, "failures": 6, "disabled": True}


def test_recording_is_downloaded_with_the_token_of_its_notification_for_a_day(
    notifying_client: Client, receiver: Receiver
) -> None:
    notifying_client.hold(notifying_client.a_webinar())
    (body,) = receiver.wait_for("recording.completed")
    url = body["payload"]["object"]["recording_files"][0]["download_url"]
    bearer = {"authorization": f"Bearer {body['download_token']}"}

    fresh = requests.get(url, headers=bearer, timeout=60)
    notifying_client.advance(24 * 60 * MINUTE + 1)
    stale = requests.get(url, headers=bearer, timeout=60)

    assert "/rec/webhook_download/" in url
    assert fresh.headers["content-type"] == "video/mp4"
    assert stale.headers["content-type"].startswith("text/html")


def test_journal_shows_failed_deliveries(notifying_client: Client, receiver: Receiver) -> None:
    receiver.answers = [500]
    notifying_client.a_webinar()
    wait_until(lambda: attempts(notifying_client, "webinar.created") == [500], "the delivery to fail")

    failed = notifying_client.get("/marketplace/apps/app/webhook_logs")["webhook_logs"]
    every = notifying_client.get("/marketplace/apps/app/webhook_logs", type=1)["webhook_logs"]

    assert [(entry["event"], entry["status"], entry["retry_num"]) for entry in failed] == [("webinar.created", 500, 0)]
    assert len(every) == 2


def test_recording_that_comes_and_goes_is_told(notifying_client: Client, receiver: Receiver) -> None:
    webinar = notifying_client.a_webinar()
    (instance,) = notifying_client.hold(webinar)
    path = f"/meetings/{part(instance['uuid'])}/recordings"

    notifying_client.call("DELETE", path)
    notifying_client.call("PUT", f"{path}/status", {"action": "recover"})
    notifying_client.call("DELETE", path, params={"action": "delete"})

    subjects: list[Any] = [
        receiver.wait_for(f"recording.{how}")[0]["payload"]["object"] for how in ("trashed", "recovered", "deleted")
    ]
    assert {subject["uuid"] for subject in subjects} == {instance["uuid"]}
