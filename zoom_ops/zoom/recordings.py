"""Lenient parsers for recordings in Zoom's JSON."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..webinars import Recording, RecordingFile
from .parsing import LONGEST_KEY, as_count, as_flag, as_id, as_int, as_key, as_moment, as_rows, as_text, as_url

WEBINAR_TYPES = (5, 6, 9)
NONE_IN_LIST = 3301  # code of a host's list: Zoom has no recording of these days
_WITHOUT_STATUS = ("TIMELINE", "CC")


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
        storage=_storage(row),
        files=tuple(parse_file(part) for part in as_rows(row.get("recording_files")) if _is_file(part)),
    )


def parse_file(row: Mapping[str, Any]) -> RecordingFile:
    """Parse one file.

    Captions and timelines come without id and status, and are complete once they are listed. While Zoom works on a
    file, its row may have an empty type and an empty status.
    """
    kind = as_text(row.get("file_type")) or ""
    return RecordingFile(
        id=as_text(row.get("id")) or f"{kind.lower()}-{as_text(row.get('recording_start')) or ''}",
        file_type=kind,
        recording_type=as_text(row.get("recording_type")) or None,
        extension=as_text(row.get("file_extension")) or kind,
        size=as_int(row.get("file_size")) or 0,
        status=_status(row, kind),
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


def _storage(row: Mapping[str, Any]) -> str | None:
    """Parse where the owner of the account keeps the files. Only the host's name: an address may hold a signature."""
    for part in (row, *as_rows(row.get("recording_files"))):
        if address := as_text(part.get("external_storage_addr")):
            name = re.sub(r"^[a-z0-9+.-]*://([^/@]*@)?|^[^/@]*@", "", address, flags=re.IGNORECASE)
            return re.split("[/?#]", name, maxsplit=1)[0][:LONGEST_KEY] or "another place"
    return None


def _is_file(row: Mapping[str, Any]) -> bool:
    """Return whether a row is a file, or will be one. A row that is complete and has no type is neither."""
    return bool(as_text(row.get("file_type"))) or _status(row, "") != "completed"


def _status(row: Mapping[str, Any], kind: str) -> str:
    status = (as_text(row.get("status")) or "").lower()
    if status:
        return status
    says_nothing = row.get("status") is None or kind in _WITHOUT_STATUS
    return "completed" if kind and says_nothing else "processing"


def _passcode(value: Any) -> str | None:
    """Parse a passcode. A number is rejected: as a number, 0123 would have lost its zero."""
    return (as_text(value) or None) if isinstance(value, str) else None
