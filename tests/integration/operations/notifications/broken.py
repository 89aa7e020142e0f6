"""Notifications as Zoom sends them, of every kind that we know, each with something broken."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

UUID = "aDYlohsHRtCd4ii1uC2+hA=="
MOMENT = "2040-01-31T13:30:00Z"
_NASTY = (
    "", " ", "\x00", "\ud800", "\u202eharbour", "x" * 5_000, "-1", "1e999", "²", "NaN", "null", "<script>", "../..",
    "2040-13-45T99:99:99Z", "99999-01-01T00:00:00Z", "2040-01-31T13:30:00+99:00", "0001-01-01T00:00:00+23:59",
)  # fmt: skip
_ABSENT = object()

_numbers = st.integers(-(2**70), 2**70) | st.floats()
_texts = st.text(max_size=9)
_rubbish = st.recursive(
    st.none() | st.booleans() | _numbers | _texts | st.sampled_from(_NASTY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=5,
)


def broken_notifications(webinar_id: int, kind: str) -> SearchStrategy[bytes]:
    """Draw the bodies of notifications of a kind about a webinar."""
    thing = _broken(_recorded(webinar_id) if kind.startswith("recording.") else _planned(webinar_id))
    payload = _broken({"account_id": "account", "operator": "somebody@example.org", "old_object": _old()}, object=thing)
    envelope = _broken({"event_ts": 2_211_019_200_000}, payload=payload)
    return envelope.map(lambda fields: json.dumps({"event": kind, **fields}).encode())


def _broken(fields: dict[str, Any], **drawn: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Draw an object whose fields are mostly right, partly rubbish, and partly absent."""
    right = {name: st.just(value) for name, value in fields.items()} | drawn
    drawn_fields = {name: st.one_of(each, each, each, st.just(_ABSENT) | _rubbish) for name, each in right.items()}
    return st.fixed_dictionaries(drawn_fields).map(lambda fields: {k: v for k, v in fields.items() if v is not _ABSENT})


def _planned(webinar_id: int) -> dict[str, Any]:
    """Return the object of webinar.* notifications."""
    return {
        "uuid": UUID,
        "id": webinar_id,
        "host_id": "KDcuGIm1QgePTO8WbOqwIQ",
        "topic": "Tides of Tomorrow",
        "type": 5,
        "start_time": MOMENT,
        "end_time": "2040-01-31T14:45:00Z",
        "duration": 75,
        "timezone": "America/New_York",
        "practice_session": False,
        "agenda": "How ports adapt.",
        "password": "tidewater",
        "settings": {"auto_recording": "cloud", "question_and_answer": {"enable": True}},
        "occurrences": [{"occurrence_id": "1", "start_time": MOMENT, "duration": 75, "status": "available"}],
        "old_object": _old(),
    }


def _recorded(webinar_id: int) -> dict[str, Any]:
    """Return the object of recording.* notifications, also of batches."""
    file = {
        "id": "35497738-9fef-4f8a-97db-0ec34caef065",
        "meeting_id": UUID,
        "file_type": "MP4",
        "recording_type": "shared_screen_with_speaker_view",
        "recording_start": MOMENT,
        "recording_end": "2040-01-31T14:45:00Z",
        "file_size": 246_560_000,
        "play_url": "https://zoom.example.org/rec/play/film",
        "status": "completed",
    }
    return {
        "uuid": UUID,
        "id": webinar_id,
        "type": 5,
        "topic": "Tides of Tomorrow",
        "start_time": MOMENT,
        "duration": 75,
        "share_url": "https://zoom.example.org/rec/share/film",
        "password": "k+Y2w&q!",
        "recording_count": 1,
        "total_size": 246_560_000,
        "recording_files": [file],
        "meeting_uuids": [UUID, "second+UUID=="],
        "meetings": [{"meeting_uuid": UUID, "recording_files": [file]}],
    }


def _old() -> dict[str, Any]:
    return {"uuid": UUID, "topic": "Tides of Yesterday", "start_time": MOMENT, "settings": {"auto_recording": "none"}}
