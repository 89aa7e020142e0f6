"""Pictures are read in a process of their own: the same comes out, and too much memory is a reason."""

import sys

import pytest

from tests.integration.picture_host import a_picture
from zoom_ops.errors import TemporaryError
from zoom_ops.pictures import NoPictureError, reader
from zoom_ops.pictures.reader import read_apart
from zoom_ops.pictures.reencode import read_picture
from zoom_ops.system import apart


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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
def test_process_apart_is_killed_first_and_ends_by_itself() -> None:
    """Where memory is short, Linux kills it and not the service; and it does not outlive a service that was killed."""
    tell = "import signal; print(open('/proc/self/oom_score_adj').read(), signal.getitimer(signal.ITIMER_REAL)[0])"

    done = apart.run_apart("timeit", "-n1", "-r1", tell, given=b"", time_s=20)

    score, left_s = done.written.split()[:2]
    assert score == b"1000"
    assert 0 < float(left_s) <= 21
