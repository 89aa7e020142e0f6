"""A host of pictures on loopback, and pictures to send."""

import io

from PIL import Image

from tests.loopback import Asked, Loopback


def a_picture(colour: str = "teal", width: int = 90, height: int = 60) -> bytes:
    """Write a picture of one colour as PNG."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


class Host(Loopback):
    """A host of pictures, and of other things."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__()

    @property
    def name(self) -> str:
        """Its name and port."""
        return self.url.partition("//")[2].rstrip("/")

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        """Answer a request."""
        self.asked.append(asked.path)
        if asked.path == "/gone.png":
            return 404, b""
        if asked.path == "/moved.png":
            return 302, b""
        if asked.path == "/page.png":
            return 200, b"<!doctype html><title>Sign in</title>"
        if asked.path == "/huge.png":
            return 200, bytes(12_000_000)
        return 200, a_picture("teal" if "quay" in asked.path else "navy")
