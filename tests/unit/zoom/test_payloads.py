"""Conversion of webinars, panelists and recordings between Zoom's JSON and our terms."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.builders import ACCOUNT, AMARA, HOST, JONAS, START, UUID, WEBINAR_ID, a_draft, a_panelist
from zoom_ops.webinars import Panelist, Webinar
from zoom_ops.zoom.endpoints import GET_RECORDING, GET_USER
from zoom_ops.zoom.payloads import (
    build_changes,
    build_panelists,
    build_webinar,
    parse_fields,
    parse_host,
    parse_listed_webinar,
    parse_panelist,
    parse_webinar,
)
from zoom_ops.zoom.recordings import iter_windows, parse_recording


def test_webinar_is_built_with_its_start_in_utc_and_its_zone() -> None:
    draft = a_draft(settings=(("auto_recording", "cloud"), ("question_and_answer.enable", True)))

    assert build_webinar(draft) == {
        "type": 5,
        "topic": "Tides of Tomorrow",
        "agenda": "How ports adapt.",
        "start_time": "2040-01-31T13:30:00Z",
        "duration": 75,
        "timezone": "America/New_York",
        "settings": {"auto_recording": "cloud", "question_and_answer": {"enable": True}},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "t" * 201},
        {"agenda": "a" * 2001},
        {"start": datetime(2040, 1, 31, 13, 30)},  # noqa: DTZ001 -- naive on purpose
        {"duration": 0},
        {"duration": 75.5},
        {"topic": None},
    ],
    ids=["topic", "agenda", "naive", "no time", "half a minute", "no topic"],
)
def test_webinar_that_zoom_would_not_take_is_not_built(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"characters|aware time|whole number"):
        build_webinar(a_draft(**changes))


def test_changes_are_built_and_nothing_else() -> None:
    start = START.astimezone(timezone(timedelta(hours=-5)))
    interpreters = ((("email", "tomas.herrera@example.org"), ("interpreter_languages", "English,Spanish")),)

    body = build_changes(
        {
            "start": start,
            "passcode": "tidewater",
            "settings.question_and_answer.enable": False,
            "settings.language_interpretation.interpreters": interpreters,
        }
    )

    assert body == {
        "start_time": "2040-01-31T13:30:00Z",
        "password": "tidewater",
        "settings": {
            "question_and_answer": {"enable": False},
            "language_interpretation": {
                "interpreters": [{"email": "tomas.herrera@example.org", "interpreter_languages": "English,Spanish"}]
            },
        },
    }


def test_changes_may_come_as_json_kept_them() -> None:
    changes = {"start": "2040-01-31T13:30:00Z", "settings.sign.interpreters": [[["email", "t@example.org"]]]}

    assert build_changes(changes) == {
        "start_time": "2040-01-31T13:30:00Z",
        "settings": {"sign": {"interpreters": [{"email": "t@example.org"}]}},
    }


def test_change_of_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="'host'"):
        build_changes({"host": HOST})


def test_panelists_are_built_up_to_thirty() -> None:
    person = a_panelist(email=AMARA.email, name=AMARA.name)

    assert build_panelists([person]) == {"panelists": [{"email": AMARA.email, "name": AMARA.name}]}
    with pytest.raises(ValueError, match="31 panelists"):
        build_panelists([person] * 31)
    with pytest.raises(ValueError, match="0 panelists"):
        build_panelists([])


def test_webinar_is_parsed_without_its_start_url() -> None:
    body = {
        "id": str(WEBINAR_ID),
        "uuid": "m3WqMkvuRXyYqH+eKWhk9w==",
        "host_email": "Webinars@Example.org",
        "topic": "Tides\u200b of Tomorrow ",
        "type": 5,
        "start_time": "2040-01-31T13:30:00Z",
        "duration": "75",
        "timezone": "America/New_York",
        "settings": {"alternative_hosts": "a@example.org;b@example.org;", "audio": None, "approval_type": 2},
        "join_url": "https://zoom.example.org/j/1",
        "registration_url": "",
        "password": "tidewater",
        "start_url": "https://zoom.example.org/s/host-secret",
    }

    webinar = parse_webinar(body, ACCOUNT)

    assert webinar == Webinar(
        account=ACCOUNT,
        host=HOST,
        id=WEBINAR_ID,
        uuid="m3WqMkvuRXyYqH+eKWhk9w==",
        topic="Tides of Tomorrow",
        agenda="",
        start=START,
        duration=75,
        timezone="America/New_York",
        settings=(("alternative_hosts", "a@example.org,b@example.org"), ("approval_type", 2)),
        join_url="https://zoom.example.org/j/1",
        passcode="tidewater",
    )
    assert "secret" not in repr(webinar)


@pytest.mark.parametrize(
    ("agenda", "cut"),
    [
        ("How ports adapt." * 15, False),  # 240 letters
        ("How ports adapt. " * 14 + "and when    ", True),  # 250, of which the last ones are not visible
        ("سواحل" * 25, True),  # 125 letters in 250 bytes
        ("\ud83c" * 84, True),  # half of an emoji
        (None, False),
    ],
    ids=["short", "ends with spaces", "many bytes", "half characters", "none"],
)
def test_listed_webinar_tells_whether_its_agenda_may_go_on(agenda: str | None, cut: bool) -> None:
    assert parse_listed_webinar({"id": 1, "agenda": agenda}).cut == cut


@pytest.mark.parametrize("told", [{}, {"id": None}, {"id": True}, {"id": "abc"}, {"id": -1}])
def test_webinar_without_an_id_is_not_parsed(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="without its id"):
        parse_webinar(told, ACCOUNT)
    with pytest.raises(ValueError, match="without its id"):
        parse_listed_webinar(told)


def test_fields_are_parsed_in_the_words_they_are_built_from() -> None:
    changes = {"topic": "New", "start": "2040-01-31T13:30:00Z", "duration": 90, "settings.auto_recording": "none"}

    assert parse_fields(build_changes(changes)) == changes


@pytest.mark.parametrize("settings", [None, [], "odd", {"question_and_answer": None}])
def test_fields_survive_odd_settings(settings: Any) -> None:
    assert parse_fields({"topic": None, "start_time": "", "settings": settings}) == {}


def test_panelist_is_parsed_lower_cased() -> None:
    body = {
        "id": "panelist-jonas",
        "email": str(JONAS.email).upper(),
        "name": "Jonas Lindqvist\u200b",
        "join_url": None,
    }

    assert parse_panelist(body) == Panelist(email=str(JONAS.email), name="Jonas Lindqvist", id="panelist-jonas")


def test_recording_is_parsed_with_what_zoom_leaves_out() -> None:
    body = {
        "uuid": UUID,
        "id": str(WEBINAR_ID),
        "type": "5",
        "start_time": "2040-01-31T13:30:00Z",
        "duration": 0,
        "share_url": "javascript:alert(1)",
        "recording_files": [
            {"id": "film", "file_type": "MP4", "recording_type": None, "status": "processing", "file_size": 7},
            {"file_type": "CC", "recording_start": "2040-01-31T13:30:00Z"},
            {"id": "new", "file_type": "HOLOGRAM", "status": "completed"},
        ],
    }

    recording = parse_recording(body)

    assert (recording.uuid, recording.webinar_id, recording.type, recording.start) == (UUID, WEBINAR_ID, 5, START)
    assert recording.share_url is None
    assert [(file.id, file.status, file.extension) for file in recording.files] == [
        ("film", "processing", "MP4"),
        ("cc-2040-01-31T13:30:00Z", "completed", "CC"),
        ("new", "completed", "HOLOGRAM"),
    ]
    assert not recording.complete


def test_recording_without_files_is_not_complete() -> None:
    assert not parse_recording({"uuid": UUID, "recording_files": None}).complete


def test_windows_cover_each_day_once_and_no_month_in_one() -> None:
    windows = list(iter_windows(date(2040, 1, 15), date(2040, 3, 31)))

    days = [start + timedelta(days=n) for start, end in windows for n in range((end - start).days + 1)]
    assert days == [date(2040, 1, 15) + timedelta(days=n) for n in range(77)]
    assert windows[:2] == [(date(2040, 1, 15), date(2040, 2, 14)), (date(2040, 2, 15), date(2040, 3, 14))]
    assert list(iter_windows(date(2040, 2, 1), date(2040, 2, 29))) == [(date(2040, 2, 1), date(2040, 2, 29))]
    assert next(iter_windows(date(2040, 1, 31), date(2040, 3, 31))) == (date(2040, 1, 31), date(2040, 2, 28))
    assert list(iter_windows(date(2040, 1, 2), date(2040, 1, 1))) == []


@pytest.mark.parametrize(
    ("uuid", "path"),
    [
        ("ab+c/d==", "/meetings/ab%2Bc%2Fd%3D%3D/recordings"),
        ("/ab+c==", "/meetings/%252Fab%252Bc%253D%253D/recordings"),
        ("ab//c==", "/meetings/ab%252F%252Fc%253D%253D/recordings"),
    ],
)
def test_uuid_is_encoded_twice_where_zoom_needs_it(uuid: str, path: str) -> None:
    assert GET_RECORDING.fill({"uuid": uuid}) == path


def test_address_is_encoded_once() -> None:
    assert GET_USER.fill({"host": "web+1/x@example.org"}) == "/users/web%2B1%2Fx@example.org"


@pytest.mark.parametrize(
    ("right", "expected"), [(True, True), ("false", False), (False, False), (None, None), (1, None)]
)
def test_right_to_record_is_unknown_where_zoom_does_not_say(right: Any, expected: bool | None) -> None:
    host = parse_host(HOST, {"id": "h1"}, {"feature": {"webinar": True}, "recording": {"cloud_recording": right}})

    assert host.cloud_recording is expected
