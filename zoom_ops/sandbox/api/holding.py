"""Holding a webinar: it starts, runs, ends, is processed, and its recording appears."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..account import Account
from ..calls import Json
from ..notifications import held, notify
from ..records import Instance, Recording, Webinar
from ..zones import write_instant
from .downloads import make_file, make_transcript
from .recordings import download_token, told_completed, told_transcript


class Hold(BaseModel):
    """How a webinar is held.

    `start`: None takes the webinar's own, which may lie in the future. `parts`: the host restarts it, each part is an
    instance of its own. `segments`: within an instance the recording is stopped and started. `record`: "auto" obeys the
    webinar's setting. `live_s`, `processing_s`: on the sandbox's clock. `views`: one video each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: datetime | None = None
    minutes: float = Field(default=75, ge=0, le=1440)
    parts: int = Field(default=1, ge=1, le=20)
    segments: int = Field(default=1, ge=1, le=20)
    practice: bool = False
    record: bool | Literal["auto"] = True
    transcript: bool = True
    timeline: bool = False
    live_s: float = Field(default=0, ge=0)
    processing_s: float = Field(default=2, ge=0)
    views: tuple[str, ...] = ("shared_screen_with_speaker_view",)
    padding_mb: int = Field(default=0, ge=0, le=100_000)  # makes the videos so much larger, still playable


def hold(account: Account, webinar: Webinar, asked: Hold) -> list[Instance]:
    """Hold a webinar; what takes time happens on the sandbox's clock."""
    first = asked.start or datetime.fromisoformat(webinar.fields.get("start_time") or write_instant(account.now()))
    start = first if first.tzinfo else first.replace(tzinfo=UTC)
    length = timedelta(minutes=asked.minutes / asked.parts)
    instances = []
    for part in range(asked.parts):
        instance = Instance(
            uuid=account.names.instance_uuid(),
            webinar=webinar,
            start=start + part * length,
            end=start + (part + 1) * length,
            practice=asked.practice,
        )
        instances.append(instance)
        _schedule(account, instance, asked, account.now() + timedelta(seconds=part * asked.live_s))
    account.settle()
    return instances


def end(account: Account, instance: Instance) -> None:
    """End a running instance; once is enough."""
    if not instance.live:
        return
    instance.live = False
    webinar = instance.webinar
    webinar.used = max(webinar.used, account.now())
    instance.participants = _participants(instance)
    if instance.recording:
        notify(account, "recording.stopped", _recorded(instance, ended=True), by_operator=False)
    notify(
        account,
        "webinar.ended",
        held(instance, end_time=write_instant(instance.end), practice_session=instance.practice),
        by_operator=False,
    )


def _schedule(account: Account, instance: Instance, asked: Hold, at: datetime) -> None:
    over = at + timedelta(seconds=asked.live_s)
    processed = over + timedelta(seconds=asked.processing_s)
    account.at(at, lambda: _start(account, instance, asked, processed))
    account.at(over, lambda: end(account, instance))
    account.at(processed, lambda: _complete(account, instance))
    if asked.transcript:
        later = processed + timedelta(seconds=asked.processing_s)
        account.at(later, lambda: _complete_transcript(account, instance))


def _start(account: Account, instance: Instance, asked: Hold, processed: datetime) -> None:
    instance.webinar.instances.append(instance)
    instance.live = True
    notify(account, "webinar.started", held(instance), by_operator=False)
    automatic = instance.webinar.settings["auto_recording"] == "cloud"
    if automatic if asked.record == "auto" else asked.record:
        instance.recording = _recording(account, instance, asked, processed)
        notify(account, "recording.started", _recorded(instance, ended=False), by_operator=False)


def _recording(account: Account, instance: Instance, asked: Hold, ready: datetime) -> Recording:
    kinds = [*asked.views, "audio_only", "chat_file", *(["timeline"] if asked.timeline else [])]
    length = (instance.end - instance.start) / asked.segments
    return Recording(
        share_key=account.names.opaque(86),
        ready=ready,
        settings=_settings(account, instance.webinar),
        transcribed=asked.transcript,
        files=[
            make_file(account.names, instance, kind, instance.start + part * length, length, asked.padding_mb)
            for part in range(asked.segments)
            for kind in kinds
        ],
    )


def _settings(account: Account, webinar: Webinar) -> Json:
    return {
        "share_recording": "publicly",
        "recording_authentication": False,
        "viewer_download": True,
        "password": account.names.passcode(),
        "on_demand": bool(webinar.settings["on_demand"]),
        "approval_type": 2,
        "send_email_to_host": False,
        "show_social_share_buttons": False,
        "topic": webinar.fields["topic"],
        "auto_delete": False,
        "auto_delete_date": "",
    }


def _complete(account: Account, instance: Instance) -> None:
    if instance.recording and not instance.recording.trashed:
        notify(
            account,
            "recording.completed",
            told_completed(account, instance, instance.recording),
            by_operator=False,
            download_token=download_token(account),
        )


def _complete_transcript(account: Account, instance: Instance) -> None:
    recording = instance.recording
    if recording is None or recording.trashed or not recording.files:
        return
    recording.transcript_ready = account.now()
    transcript = make_transcript(account.names, instance)
    recording.files.append(transcript)
    notify(
        account,
        "recording.transcript_completed",
        told_transcript(account, instance, recording, [transcript]),
        by_operator=False,
        download_token=download_token(account),
    )


def _recorded(instance: Instance, *, ended: bool) -> Json:
    fields = held(instance)
    span = {
        "recording_start": write_instant(instance.start),
        "recording_end": write_instant(instance.end) if ended else "",
    }
    return {**fields, "id": instance.webinar.id, "recording_file": span}


def _participants(instance: Instance) -> list[Json]:
    """Tell who was there: the host, the panelists, and every other registrant."""
    webinar = instance.webinar
    approved = [person for person in webinar.registrants if person["status"] == "approved"]
    people = [
        (webinar.host.id, webinar.host.email.partition("@")[0], webinar.host.email, ""),
        *(("", person["name"], person["email"], "") for person in webinar.panelists),
        *(
            ("", f"{person['first_name']} {person.get('last_name', '')}".strip(), person["email"], person["id"])
            for person in approved[::2]
        ),
    ]
    return [
        {
            "id": user_id,
            "user_id": str(16_778_240 + place * 1024),
            "name": name,
            "user_email": email,
            "registrant_id": registrant,
            "join_time": write_instant(instance.start),
            "leave_time": write_instant(instance.end),
            "duration": int((instance.end - instance.start).total_seconds()),
            "failover": False,
            "status": "in_meeting",
            "internal_user": bool(user_id),
        }
        for place, (user_id, name, email, registrant) in enumerate(people)
    ]
