"""Pictures are read in a process of their own: the same comes out, and too much memory is a reason."""

import pytest

from tests.integration.picture_host import a_picture
from zoom_ops.errors import TemporaryError
from zoom_ops.pictures import NoPictureError, apart, reader
from zoom_ops.pictures.reader import read_apart
from zoom_ops.pictures.reencode import read_picture


def test_picture_that_is_read_apart_is_the_same() -> None:
    sent = a_picture("teal", 900, 500)

    assert read_apart(sent, "picture") == read_picture(sent, "picture")


def test_reason_of_a_refusal_comes_from_the_other_process() -> None:
    with pytest.raises(NoPictureError, match=r"This is no picture that can be read: send a JPEG"):
        read_apart(b"Not a picture", "picture")


def test_picture_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MEMORY", 5_000_000)

    with pytest.raises(NoPictureError, match="too much memory or time to read: make it smaller"):
        read_apart(a_picture(), "picture")


def test_reader_that_cannot_start_is_no_fault_of_the_picture(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(apart, "_CLEAN", {"PYTHONHOME": "/nowhere"})

    with pytest.raises(TemporaryError, match="Pictures cannot be read just now"):
        read_apart(a_picture(), "picture")

    assert "picture_reader_failed: " in caplog.text
