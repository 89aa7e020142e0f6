"""Recording files for download."""

import struct
import tempfile
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from ..account import Account
from ..calls import Call
from ..ids import Names
from ..records import Instance, RecordingFile
from ..zones import write_instant

DOWNLOADS = ("/rec/download/", "/rec/webhook_download/")
CONTENT = "/rec/content/"
CONTENT_TYPES = {
    "MP4": "video/mp4",
    "M4A": "audio/mp4",
    "CHAT": "text/plain; charset=utf-8",
    "TRANSCRIPT": "text/vtt; charset=utf-8",
    "TIMELINE": "application/json",
}
_REFUSED = "<!DOCTYPE html><html><head><title>Zoom</title></head><body><p>{}</p></body></html>"
_BY_KIND = {  # recording_type: file_type, file_extension
    "audio_only": ("M4A", "M4A"),
    "chat_file": ("CHAT", "TXT"),
    "timeline": ("TIMELINE", "JSON"),
    "audio_transcript": ("TRANSCRIPT", "VTT"),
}


def make_file(
    names: Names, instance: Instance, kind: str, start: datetime, length: timedelta, padding_mb: int = 0
) -> RecordingFile:
    """Make a recording file. `kind` is its `recording_type`; `padding_mb` makes a video larger."""
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
            "file_size": len(content(extension)) + padding,
            "status": "completed",
            "recording_type": kind,
        },
        key=names.opaque(86),
    )


@cache
def content(extension: str) -> bytes:
    """Load the content of a file with an extension, without padding."""
    return files("zoom_ops.sandbox").joinpath("media", f"recording.{extension.lower()}").read_bytes()


class MediaFolder:
    """A temporary folder with the files to download. Padding is a hole in a sparse file, so it takes no disk space."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zoom-sandbox-")

    def path(self, extension: str, size: int) -> Path:
        """Return the path of a file with an extension and of a size. Write the file if it is missing."""
        path = Path(self._folder.name) / f"{extension}-{size}"
        if not path.exists():
            filled = content(extension)
            padding = size - len(filled)
            with path.open("wb") as file:
                file.write(filled)
                if padding >= 16:  # a box that players skip; 1 in its 32-bit size means that a 64-bit size follows
                    file.write(struct.pack(">I4sQ", 1, b"free", padding))
                    file.truncate(size)
        return path

    def clear(self) -> None:
        """Delete the folder."""
        self._folder.cleanup()


def is_download(path: str) -> bool:
    """Return whether a path is a download."""
    return path.startswith(DOWNLOADS)


def download(account: Account, folder: MediaFolder, call: Call) -> Response:
    """Answer a download. Without a valid token or file the reply is an HTML page with status 200, as at Zoom."""
    key = call.path.rpartition("/")[2]
    instance_and_file = find_file(account, key)
    if instance_and_file is None:
        return HTMLResponse(_REFUSED.format("This recording does not exist."))
    if not _may_download(account, call):
        return HTMLResponse(_REFUSED.format("You do not have permission to download this recording."))
    if call.path.startswith(DOWNLOADS[0]):  # the links of the API redirect to the file
        name = file_name(*instance_and_file)
        return RedirectResponse(f"{CONTENT}{key}/{name}?s={signature(account, key)}", status_code=302)
    return serve_file(folder, *instance_and_file)


def serve_file(folder: MediaFolder, instance: Instance, file: RecordingFile, *, attached: bool = True) -> Response:
    """Serve a file, or the range of it that the request asks for."""
    name = file_name(instance, file) if attached else None
    path = folder.path(file.fields["file_extension"], file.fields["file_size"])
    return FileResponse(path, media_type=CONTENT_TYPES[file.type], filename=name)


def file_name(instance: Instance, file: RecordingFile) -> str:
    """Return the name that a downloaded file has."""
    return f"GMT{instance.start:%Y%m%d-%H%M%S}_Recording.{file.fields['file_extension'].lower()}"


def signature(account: Account, key: str) -> str:
    """Return the signature that gives access to a file's content without a token."""
    return account.names.secret(account.names.derived(f"content {key}"))


def find_file(account: Account, key: str) -> tuple[Instance, RecordingFile] | None:
    """Find a downloadable file by the key in its links."""
    for instance in account.instances():
        recording = instance.recording
        if recording and recording.ready <= account.now():
            for file in recording.kept():
                if file.key == key:
                    return instance, file
    return None


def _may_download(account: Account, call: Call) -> bool:
    scheme, _, text = call.headers.get("authorization", "").partition(" ")
    token = text.strip() if scheme.lower() == "bearer" else call.query.get("access_token", "")
    now = account.now()
    if api_token := account.tokens.get(token):
        return not api_token["revoked"] and bool(api_token["expires_at"] > now.timestamp())
    return account.downloads.get(token, now) > now
