"""Merge of recordings: nothing that is held is lost, and no file is waited for without end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import END, START, a_recording
from zoom_ops.planning import merge_recording, without_unfinished
from zoom_ops.webinars import RecordingFile

DAY = timedelta(days=1)


def a_file(name: str, **changes: Any) -> RecordingFile:
    """Build a video that is ready."""
    fields = {
        "id": name, "file_type": "MP4", "recording_type": None, "extension": "MP4", "size": 1, "status": "completed",
        "start": START, "end": END,
    }  # fmt: skip
    return RecordingFile(**{**fields, **changes})


VIDEO, OTHER, CHAT = a_file("video"), a_file("other"), a_file("chat", file_type="CHAT")
HALF = a_file("", file_type="", status="processing")


def test_incomplete_report_keeps_the_files_that_it_leaves_out() -> None:
    held = a_recording(files=(VIDEO, HALF))
    merged = merge_recording(held, a_recording(files=(OTHER, HALF)))
    assert merged.files == (OTHER, HALF, VIDEO)


def test_complete_report_replaces_files_and_leaves_nothing_half_ready() -> None:
    held = a_recording(files=(VIDEO, HALF))
    assert merge_recording(held, a_recording(files=(OTHER,))).files == (OTHER,)
    unlinked = replace(held, share_url=None), a_recording(files=(OTHER,), share_url=None)
    assert HALF not in merge_recording(*unlinked).files


def test_unfinished_file_is_left_out_two_days_after_the_end() -> None:
    reported = a_recording(start=START, duration=75, files=(VIDEO, HALF))
    assert without_unfinished(reported, END + 2 * DAY) == reported
    assert without_unfinished(reported, END + 2 * DAY + timedelta(seconds=1)).files == (VIDEO,)


def test_recording_of_which_nothing_plays_is_never_made_complete() -> None:
    for files in ((HALF,), (CHAT, HALF), ()):
        assert not without_unfinished(a_recording(start=START, files=files), END + 30 * DAY).complete
