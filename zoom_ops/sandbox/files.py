"""The files of a recording, and what a download of each really holds."""

import json
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from zoom_ops.sandbox.names import Names
from zoom_ops.sandbox.records import Instance, RecordingFile
from zoom_ops.sandbox.zones import write_instant

CONTENT_TYPES = {
    "MP4": "video/mp4",
    "M4A": "audio/mp4",
    "CHAT": "text/plain; charset=utf-8",
    "TRANSCRIPT": "text/vtt; charset=utf-8",
    "TIMELINE": "application/json",
}
_BY_KIND = {  # recording_type: file_type, file_extension
    "audio_only": ("M4A", "M4A"),
    "chat_file": ("CHAT", "TXT"),
    "timeline": ("TIMELINE", "JSON"),
    "audio_transcript": ("TRANSCRIPT", "VTT"),
}
_TRANSCRIPT = """WEBVTT

1
00:00:00.000 --> 00:00:02.000
Moderator: Welcome. This is the practice Zoom.

2
00:00:02.000 --> 00:00:04.000
Speaker: The picture is a test picture, the sound a test tone.

3
00:00:04.000 --> 00:00:06.000
Moderator: Thank you all for coming.
"""
_CHAT = "00:00:01\tAttendee:\tGreetings from the practice Zoom.\r\n00:00:05\tHost:\tThe recording will follow.\r\n"


def make_file(
    names: Names, instance: Instance, kind: str, start: datetime, length: timedelta, padding_mb: int = 0
) -> RecordingFile:
    """Make a recording file of one `recording_type`."""
    file_type, extension = _BY_KIND.get(kind, ("MP4", "MP4"))
    padding = padding_mb * 1_000_000 if file_type == "MP4" else 0
    return RecordingFile(
        fields={
            "id": names.file_id(),
            "meeting_id": instance.uuid,
            "recording_start": write_instant(start),
            "recording_end": write_instant(start + length),
            "file_type": file_type,
            "file_extension": extension,
            "file_size": len(content(file_type)) + padding,
            "status": "completed",
            "recording_type": kind,
        },
        media=file_type,
        key=names.opaque(86),
    )


def make_transcript(names: Names, instance: Instance) -> RecordingFile:
    """Make the transcript of a whole instance."""
    return make_file(names, instance, "audio_transcript", instance.start, instance.end - instance.start)


@cache
def content(file_type: str) -> bytes:
    """Load what a file of that type holds, its padding apart."""
    if file_type in ("MP4", "M4A"):
        name = f"recording.{file_type.lower()}"
        return files("zoom_ops.sandbox").joinpath("media", name).read_bytes()
    return {
        "TRANSCRIPT": _TRANSCRIPT.encode(),
        "CHAT": _CHAT.encode(),
        "TIMELINE": json.dumps({"timeline": [{"ts": "00:00:00.000", "users": []}]}).encode(),
    }[file_type]
