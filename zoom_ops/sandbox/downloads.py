"""Downloads of recording files."""

import struct
import tempfile
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from zoom_ops.sandbox.calls import Call
from zoom_ops.sandbox.files import CONTENT_TYPES, content
from zoom_ops.sandbox.records import Instance, RecordingFile
from zoom_ops.sandbox.state import Account

DOWNLOADS = ("/rec/download/", "/rec/webhook_download/")
CONTENT = "/rec/content/"
_REFUSED = "<!DOCTYPE html><html><head><title>Zoom</title></head><body><p>{}</p></body></html>"


class Shelf:
    """The files as they lie on disk; padding is a hole in the file, so a large one takes no room."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zoom-sandbox-")

    def path(self, file_type: str, size: int) -> Path:
        """Lay a file of that type and size on the shelf."""
        path = Path(self._folder.name) / f"{file_type}-{size}"
        if not path.exists():
            held = content(file_type)
            padding = size - len(held)
            with path.open("wb") as file:
                file.write(held)
                if padding >= 16:  # a box that players skip: 32 bits of size or, marked by 1, 64 of them
                    file.write(struct.pack(">I4sQ", 1, b"free", padding))
                    file.truncate(size)
        return path

    def clear(self) -> None:
        """Take everything off the shelf."""
        self._folder.cleanup()


def is_download(path: str) -> bool:
    """Tell whether a path is a download."""
    return path.startswith(DOWNLOADS)


def download(account: Account, shelf: Shelf, call: Call) -> Response:
    """Answer a download: the file for a bearer of a token, else a page with status 200 as Zoom does."""
    key = call.path.rpartition("/")[2]
    found = find_file(account, key)
    if found is None:
        return HTMLResponse(_REFUSED.format("This recording does not exist."))
    if not _may_download(account, call):
        return HTMLResponse(_REFUSED.format("You do not have permission to download this recording."))
    if call.path.startswith(DOWNLOADS[0]):  # the API's links lead to the file by way of another
        return RedirectResponse(f"{CONTENT}{key}?s={signature(account, key)}", status_code=302)
    return serve_file(shelf, *found)


def serve_file(shelf: Shelf, instance: Instance, file: RecordingFile, *, attached: bool = True) -> Response:
    """Serve a file, or the range of it that is asked for."""
    size = file.fields["file_size"]
    name = f"GMT{instance.start:%Y%m%d-%H%M%S}_Recording.{file.fields['file_extension'].lower()}"
    return FileResponse(
        shelf.path(file.media, size),
        media_type=CONTENT_TYPES[file.media],
        filename=name if attached else None,
    )


def signature(account: Account, key: str) -> str:
    """Tell what opens a file's content without a token."""
    return account.names.secret(account.names.hidden(f"content {key}"))


def find_file(account: Account, key: str) -> tuple[Instance, RecordingFile] | None:
    """Find a file that is there to be had by what stands in its links."""
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
    api_token, own_token = account.tokens.get(token), account.downloads.get(token)
    if api_token:
        return not api_token["revoked"] and bool(api_token["expires_at"] > now.timestamp())
    return bool(own_token and own_token["expires"] > now)
