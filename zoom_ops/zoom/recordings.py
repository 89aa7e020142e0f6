"""Recordings in Zoom's JSON, parsed leniently."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..webinars import Recording, RecordingFile
from .parsing import as_count, as_id, as_int, as_key, as_moment, as_rows, as_text, as_url

WEBINAR_TYPES = (5, 6, 9)
WINDOW_DAYS = 28  # Zoom lists at most a month at once, and February is one


def iter_windows(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Cut a span of days, both ends included, to windows that Zoom lists at once."""
    while first <= last:
        end = min(last, first + timedelta(days=WINDOW_DAYS - 1))
        yield first, end
        first = end + timedelta(days=1)


def parse_recording(told: Mapping[str, Any]) -> Recording:
    """Parse the recording of one instance."""
    return Recording(
        uuid=as_key(told.get("uuid")) or "",
        webinar_id=as_id(told.get("id")) or 0,
        type=as_int(told.get("type")) or 0,
        topic=as_text(told.get("topic")) or "",
        start=as_moment(told.get("start_time")),
        duration=as_count(told.get("duration")),
        share_url=as_url(told.get("share_url")),
        passcode=_passcode(told.get("password")),
        play_passcode=_passcode(told.get("recording_play_passcode")),
        files=tuple(parse_file(row) for row in as_rows(told.get("recording_files")) if as_text(row.get("file_type"))),
    )


def _passcode(value: Any) -> str | None:
    """Read a passcode; a number is none, for 0123 would have become another one."""
    return (as_text(value) or None) if isinstance(value, str) else None


def parse_file(row: Mapping[str, Any]) -> RecordingFile:
    """Parse one file; captions and timelines come without id and status, and are there once they are listed."""
    kind = as_text(row.get("file_type")) or ""
    return RecordingFile(
        id=as_text(row.get("id")) or f"{kind.lower()}-{as_text(row.get('recording_start')) or ''}",
        file_type=kind,
        recording_type=as_text(row.get("recording_type")) or None,
        extension=as_text(row.get("file_extension")) or kind,
        size=as_int(row.get("file_size")) or 0,
        status=as_text(row.get("status")) or "completed",
        start=as_moment(row.get("recording_start")),
        end=as_moment(row.get("recording_end")),
        play_url=as_url(row.get("play_url")),
        download_url=as_url(row.get("download_url")),
    )
