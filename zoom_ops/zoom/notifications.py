"""Notifications from Zoom: signature check and lenient parser."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from ..webinars import CloudStorage
from .parsing import as_id, as_int, as_key, as_mapping, as_moment, as_object, as_rows, as_text
from .payloads import parse_fields

VALIDATION_KIND = "endpoint.url_validation"
STORAGE_KIND = "recording.cloud_storage_usage_updated"
KNOWN_KINDS = (
    "recording.batch_deleted",
    "recording.batch_recovered",
    "recording.batch_trashed",
    STORAGE_KIND,
    "recording.completed",
    "recording.deleted",
    "recording.recovered",
    "recording.transcript_completed",
    "recording.trashed",
    "webinar.converted_to_meeting",
    "webinar.created",
    "webinar.deleted",
    "webinar.ended",
    "webinar.permanently_deleted",
    "webinar.recovered",
    "webinar.started",
    "webinar.updated",
)
"""The kinds of notification that submit a run, or change what is known of a host."""

MOST_UUIDS = 500  # of one notification; the sweep finds what others name
_LARGEST_BATCH = 16_000_000  # bytes: each uuid of a batch is stored with the whole body
_SIGNATURE = re.compile("v0=[0-9a-f]{64}")
_LARGEST_SHARE, _AMOUNT_LIMIT = 100_000, 50  # percent that are plausible; characters


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One delivery, parsed leniently: only `kind` and `body_hash` are always present."""

    kind: str
    occurred_at: datetime | None  # when it happened
    webinar_id: int | None
    uuid: str | None  # of the instance in started, ended and recording.*; else of the scheduled webinar
    uuids: tuple[str, ...]  # all of them, at most MOST_UUIDS: recording.batch_* has several
    left_out: int  # how many more it names
    webinar_type: int | None  # 5, 6, 9; recording.* also comes for meetings
    request_id: str | None
    body_hash: str
    subject: Mapping[str, Any] = field(repr=False)  # what it is about, as Zoom writes it
    practice: bool = False
    storage: CloudStorage | None = None  # of the account, in the notification of its kind
    start: datetime | None = None
    end: datetime | None = None
    host_id: str | None = None  # Zoom's id of the host

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The fields of its object, named as in `update_webinar`, the start as text; read when they are needed."""
        return parse_fields(self.subject)


def read_signed_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when a notification was signed; None if its headers cannot be of one that Zoom signed."""
    lowered = _lower(headers)
    if not _SIGNATURE.fullmatch(lowered.get("x-zm-signature", "")):
        return None
    return _from_seconds(lowered.get("x-zm-request-timestamp"))


def find_secret(secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str | None:
    """Find the secret that Zoom signed a body with, or None. Checks every secret, each in constant time."""
    lowered = _lower(headers)
    signature = lowered.get("x-zm-signature", "").encode()
    signed = b"v0:" + lowered.get("x-zm-request-timestamp", "").encode() + b":" + body
    matching = [
        secret
        for secret in secrets
        if secret and hmac.compare_digest(b"v0=" + _hmac(secret, signed).encode(), signature)
    ]
    return matching[0] if matching else None


def answer_validation(secret: str, body: bytes) -> dict[str, str] | None:
    """Build the answer to Zoom's validation of our URL; None when the body is no such request."""
    envelope = as_object(body)
    if envelope is None or envelope.get("event") != VALIDATION_KIND:
        return None
    plain = as_text(as_mapping(envelope.get("payload")).get("plainToken")) or ""
    return {"plainToken": plain, "encryptedToken": _hmac(secret, plain.encode())}


def parse(headers: Mapping[str, str], body: bytes) -> Notification | None:
    """Parse a notification; None when the body is no JSON object or has no kind."""
    envelope = as_object(body)
    kind = as_text(envelope.get("event")) if envelope else None
    if envelope is None or not kind:
        return None
    subject = as_mapping(as_mapping(envelope.get("payload")).get("object"))
    batch = subject.get("meeting_uuids")
    named = [subject.get("uuid"), *(batch if isinstance(batch, list) else [])]
    named += [row.get("meeting_uuid") for row in as_rows(subject.get("meetings"))]
    most = min(MOST_UUIDS, max(1, _LARGEST_BATCH // len(body)))
    known = dict.fromkeys(uuid for uuid in map(as_key, named) if uuid)
    uuids = tuple(islice(known, most))
    lowered = _lower(headers)
    occurred_at = as_moment(envelope.get("event_ts"))
    return Notification(
        kind=kind,
        occurred_at=occurred_at,
        webinar_id=as_id(subject.get("id")),
        uuid=uuids[0] if uuids else None,
        uuids=uuids,
        left_out=len(known) - len(uuids),
        webinar_type=as_int(subject.get("type")),
        request_id=as_key(lowered.get("x-zm-request-id")),
        body_hash=hashlib.sha256(body).hexdigest(),
        subject=subject,
        practice=subject.get("practice_session") in (True, "true"),
        storage=_parse_storage(subject, occurred_at) if kind == STORAGE_KIND and occurred_at else None,
        start=as_moment(subject.get("start_time")),
        end=as_moment(subject.get("end_time")),
        host_id=as_key(subject.get("host_id")),
    )


def _parse_storage(usage: Mapping[str, Any], told_at: datetime) -> CloudStorage | None:
    """Parse how much of an account's storage is used; None if it is not said. Zoom specifies a number from 0 to 100."""
    share = usage.get("storage_used_percentage")
    percentage = as_int(share.strip().removesuffix("%") if isinstance(share, str) else share)
    if percentage is None or not 0 <= percentage <= _LARGEST_SHARE:
        return None
    return CloudStorage(
        used_percentage=percentage, used=(as_text(usage.get("storage_used")) or "")[:_AMOUNT_LIMIT], told_at=told_at
    )


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _from_seconds(text: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
