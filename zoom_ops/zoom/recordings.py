"""Lenient parsers for recordings in Zoom's JSON."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..webinars import Recording, RecordingFile
from .parsing import as_count, as_flag, as_id, as_int, as_key, as_moment, as_rows, as_text, as_url

WEBINAR_TYPES = (5, 6, 9)


def iter_windows(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Split a span of days, both ends included, into windows that Zoom lists at once: a month each."""
    while first <= last:
        end = min(last, _month_from(first))
        yield first, end
        first = end + timedelta(days=1)


def parse_recording(row: Mapping[str, Any]) -> Recording:
    """Parse the recording of one instance."""
    return Recording(
        uuid=as_key(row.get("uuid")) or "",
        webinar_id=as_id(row.get("id")) or 0,
        type=as_int(row.get("type")) or 0,
        topic=as_text(row.get("topic")) or "",
        start=as_moment(row.get("start_time")),
        duration=as_count(row.get("duration")),
        share_url=as_url(row.get("share_url")),
        passcode=_passcode(row.get("password")),
        play_passcode=_passcode(row.get("recording_play_passcode")),
        auto_delete=as_flag(row.get("auto_delete")),
        auto_delete_date=moment.date() if (moment := as_moment(row.get("auto_delete_date"))) else None,
        files=tuple(parse_file(part) for part in as_rows(row.get("recording_files")) if as_text(part.get("file_type"))),
    )


def parse_file(row: Mapping[str, Any]) -> RecordingFile:
    """Parse one file. Captions and timelines come without id and status, and are complete once they are listed."""
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


def _month_from(first: date) -> date:
    """Return the last day of the month that begins on a day: of the calendar month, or the day before it in the next.

    Where the next month has no such day, the month ends one day before that month's last.
    """
    year, month = divmod(first.year * 12 + first.month, 12)
    day = min(first.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _passcode(value: Any) -> str | None:
    """Parse a passcode. A number is rejected: as a number, 0123 would have lost its zero."""
    return (as_text(value) or None) if isinstance(value, str) else None
