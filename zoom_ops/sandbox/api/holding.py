"""The course of a held webinar: start, end, recording, transcript."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..account import Account
from ..calls import Json
from ..notifications import instance_payload, notify
from ..records import Instance, Recording, Webinar
from ..zones import write_instant
from .auto_delete import auto_delete_settings, plan_auto_delete
from .downloads import make_file
from .recordings import completed_payload, download_token, transcript_payload
from .users import SIGN_IN

_AUTHENTICATION = {"authentication_option": SIGN_IN["id"], "authentication_name": SIGN_IN["name"]}


class Said(BaseModel):
    """A question with its answer. Without an address it is anonymous."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str = ""
    question: str
    answer: str = ""
    minute: float = Field(default=0, ge=0, le=1440)  # after the start of the instance


FULL = 100  # percent of the storage


class Hold(BaseModel):
    """How a webinar is held.

    `start`: None means the webinar's own start, which may lie in the future. `minutes`: of all parts together. `parts`:
    how often the host starts the webinar; each part is its own instance. `rehearsal_minutes`: the first instance begins
    so much earlier, in practice, and is broadcast from `start` on. `segments`: how often the recording starts in
    an instance. `record`: "auto" follows the webinar's setting. `live_s`, `processing_s`: durations on the sandbox's
    clock; the transcript takes another `processing_s`. `views`: each one gives a video. `absent`: the addresses of
    panelists and registrants who do not come; None means every second registrant. `answers`: to polls. `questions`:
    what was asked, and what the host answered.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: datetime | None = None
    minutes: float = Field(default=75, ge=0, le=1440)
    parts: int = Field(default=1, ge=1, le=20)
    segments: int = Field(default=1, ge=1, le=20)
    practice: bool = False
    rehearsal_minutes: float = Field(default=0, ge=0, le=1440)
    record: bool | Literal["auto"] = True
    transcript: bool = True
    timeline: bool = False
    live_s: float = Field(default=0, ge=0)
    processing_s: float = Field(default=2, ge=0)
    views: tuple[str, ...] = ("shared_screen_with_speaker_view",)
    absent: tuple[str, ...] | None = None
    answers: tuple[Said, ...] = ()
    questions: tuple[Said, ...] = ()
    padding_mb: int = Field(default=0, ge=0, le=100_000)  # makes each video larger; it stays playable


def hold(account: Account, webinar: Webinar, options: Hold) -> list[Instance]:
    """Hold a webinar. Put its course on the account's agenda, run what is due, and return the instances."""
    first = options.start or datetime.fromisoformat(webinar.fields.get("start_time") or write_instant(account.now()))
    start = first if first.tzinfo else first.replace(tzinfo=UTC)
    length = timedelta(minutes=options.minutes / options.parts)
    rehearsal = timedelta(minutes=options.rehearsal_minutes)
    instances = []
    for part in range(options.parts):
        instance = Instance(
            uuid=account.names.instance_uuid(),
            webinar=webinar,
            start=start + part * length - (timedelta() if part else rehearsal),
            broadcast=start if rehearsal and not part else None,
            end=start + (part + 1) * length,
            practice=options.practice,
            absent=options.absent,
        )
        instance.answers, instance.questions = _said(instance, options.answers), _said(instance, options.questions)
        instances.append(instance)
        at = account.now() + timedelta(seconds=part * options.live_s)
        ended = at + timedelta(seconds=options.live_s)
        processed = ended + timedelta(seconds=options.processing_s)
        account.schedule(at, partial(_start, account, instance, options, processed))
        account.schedule(ended, partial(end_instance, account, instance))
        account.schedule(processed, partial(_complete, account, instance))
        if options.transcript:
            transcribed = processed + timedelta(seconds=options.processing_s)
            account.schedule(transcribed, partial(_complete_transcript, account, instance))
    account.settle()
    return instances


def end_instance(account: Account, instance: Instance) -> None:
    """End a running instance. Idempotent."""
    if not instance.live:
        return
    instance.live = False
    webinar = instance.webinar
    webinar.used = max(webinar.used, account.now())
    instance.participants = _participants(instance)
    end = write_instant(instance.end)
    if instance.recording:
        notify(account, "recording.stopped", _recording_span(account, instance, end), by_operator=False)
    used = instance.broadcast is not None and account.policy.recordings.practice_session_means == "used"
    payload = {**instance_payload(instance), "end_time": end, "practice_session": instance.practice or used}
    notify(account, "webinar.ended", payload, by_operator=False)


def _start(account: Account, instance: Instance, options: Hold, processed: datetime) -> None:
    instance.webinar.instances.append(instance)
    notify(account, "webinar.started", instance_payload(instance), by_operator=False)
    recordings, webinar = account.policy.recordings, instance.webinar
    automatic = webinar.settings["auto_recording"] == "cloud" and not webinar.fields["is_simulive"]
    asked = automatic if options.record == "auto" else options.record
    if asked and recordings.allow(webinar.host.email) and recordings.used < FULL:
        instance.recording = _recording(account, instance, options, processed)
        notify(account, "recording.started", _recording_span(account, instance, ""), by_operator=False)


def _recording(account: Account, instance: Instance, options: Hold, ready: datetime) -> Recording:
    kinds = [*options.views, "audio_only", "chat_file", *(["timeline"] if options.timeline else [])]
    begin, policy = _recorded_from(account, instance), account.policy.recordings
    length = (instance.end - begin) / options.segments
    return Recording(
        share_key=account.names.opaque(86),
        ready=ready,
        settings={
            "share_recording": policy.share,
            "recording_authentication": policy.authentication,
            **(_AUTHENTICATION if policy.authentication else {}),
            "viewer_download": policy.viewer_download,
            "password": account.names.passcode() if policy.passcode_required else "",
            "on_demand": policy.on_demand or bool(instance.webinar.settings["on_demand"]),
            "approval_type": 2,
            "send_email_to_host": False,
            "show_social_share_buttons": False,
            "topic": instance.webinar.fields["topic"],
            **auto_delete_settings(account, ready),
        },
        transcribed=options.transcript,
        files=[
            make_file(account.names, instance, kind, begin + part * length, length, options.padding_mb)
            for part in range(options.segments)
            for kind in kinds
        ],
    )


def _complete(account: Account, instance: Instance) -> None:
    if instance.recording and instance.recording.kept():
        plan_auto_delete(account, instance)
        payload, token = completed_payload(account, instance), download_token(account)
        notify(account, "recording.completed", payload, by_operator=False, download_token=token)


def _complete_transcript(account: Account, instance: Instance) -> None:
    recording = instance.recording
    if recording is None or not recording.kept():
        return
    recording.transcript_ready = account.now()
    begin = _recorded_from(account, instance)
    transcript = make_file(account.names, instance, "audio_transcript", begin, instance.end - begin)
    recording.files.append(transcript)
    payload, token = transcript_payload(account, instance, [transcript]), download_token(account)
    notify(account, "recording.transcript_completed", payload, by_operator=False, download_token=token)


def _recorded_from(account: Account, instance: Instance) -> datetime:
    if instance.broadcast is None or account.policy.recordings.rehearsal_recorded:
        return instance.start
    return instance.broadcast


def _recording_span(account: Account, instance: Instance, end: str) -> Json:
    span = {"recording_start": write_instant(_recorded_from(account, instance)), "recording_end": end}
    return {**instance_payload(instance), "id": instance.webinar.id, "recording_file": span}


def _said(instance: Instance, entries: Iterable[Said]) -> list[Json]:
    return [
        {**entry.model_dump(), "at": write_instant(instance.start + timedelta(minutes=entry.minute))}
        for entry in entries
    ]


def _participants(instance: Instance) -> list[Json]:
    """Build the participants: the host, and all panelists and approved registrants who are not absent."""
    webinar = instance.webinar
    approved = [person for person in webinar.registrants if person["status"] == "approved"]
    unasked = [person["email"] for person in approved[1::2]]
    missing = {email.lower() for email in (unasked if instance.absent is None else instance.absent)}
    people = [
        (webinar.host.id, webinar.host.name, webinar.host.email, ""),
        *(("", person["name"], person["email"], "") for person in webinar.panelists if _came(person, missing)),
        *(
            ("", f"{person['first_name']} {person.get('last_name', '')}".strip(), person["email"], person["id"])
            for person in approved
            if _came(person, missing)
        ),
    ]
    return [
        {
            "id": user_id,
            "user_id": str(16_778_240 + index * 1024),
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
        for index, (user_id, name, email, registrant) in enumerate(people)
    ]


def _came(person: Json, missing: Collection[str]) -> bool:
    return person["email"].lower() not in missing
