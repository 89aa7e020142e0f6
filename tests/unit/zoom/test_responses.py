"""The meaning of Zoom's answers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.zoom_stub import an_account
from zoom_ops.errors import AmbiguousError, PermanentError, TemporaryError
from zoom_ops.zoom import (
    CredentialError,
    MissingScopesError,
    NoLicenceError,
    NoRecordingError,
    WebinarGoneError,
    ZoomRefusedError,
)
from zoom_ops.zoom.endpoints import (
    CREATE_WEBINAR,
    ENDPOINTS,
    GET_RECORDING,
    GET_WEBINAR,
    LIST_INSTANCES,
    LIST_WEBINARS,
    UPDATE_WEBINAR,
    Endpoint,
)
from zoom_ops.zoom.responses import Answer, read, retry_after

HTML = "<html>Bad gateway</html>"


def an_answer(status: int, body: Any = None, **headers: str) -> Answer:
    """Build an answer."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Answer(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=text.encode(),
    )


def meaning(verb: Endpoint, answer: Answer) -> Exception:
    """Read an answer that must be an error."""
    with pytest.raises(Exception, match=".") as caught:  # noqa: RUF043 -- any sentence
        read(verb, answer, an_account(), NOW)
    return caught.value


def test_success_is_the_object_in_it() -> None:
    assert read(GET_WEBINAR, an_answer(200, {"id": 1}), an_account(), NOW) == {"id": 1}
    assert read(UPDATE_WEBINAR, an_answer(204), an_account(), NOW) == {}
    assert read(UPDATE_WEBINAR, an_answer(200, "  "), an_account(), NOW) == {}


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        (CREATE_WEBINAR, an_answer(201)),
        (CREATE_WEBINAR, an_answer(201, '{"id": 1')),
        (CREATE_WEBINAR, an_answer(201, [1])),
        (CREATE_WEBINAR, an_answer(500, HTML)),
        (CREATE_WEBINAR, an_answer(502, {"code": 300, "message": "?"})),
        (UPDATE_WEBINAR, an_answer(200, HTML)),
        (UPDATE_WEBINAR, an_answer(504)),
    ],
)
def test_write_without_an_answer_that_can_be_read_is_ambiguous(verb: Endpoint, answer: Answer) -> None:
    assert isinstance(meaning(verb, answer), AmbiguousError)


@pytest.mark.parametrize("answer", [an_answer(200), an_answer(200, HTML), an_answer(200, "[" * 99_999), an_answer(503)])
def test_read_without_an_answer_that_can_be_read_is_temporary(answer: Answer) -> None:
    error = meaning(GET_WEBINAR, answer)

    assert isinstance(error, TemporaryError)
    assert not isinstance(error, AmbiguousError)


@pytest.mark.parametrize("status", [200, 400, 404])
def test_code_in_the_body_is_an_error_whatever_the_status(status: int) -> None:
    body = {"code": 200, "message": "Webinar plan is missing. You must subscribe to the webinar plan."}

    error = meaning(CREATE_WEBINAR, an_answer(status, body))

    assert isinstance(error, NoLicenceError)
    assert str(error).startswith("The host has no webinar licence: Webinar plan is missing.")


def test_refusal_says_what_zoom_says_of_which_field() -> None:
    body = {"code": "300", "message": "Validation Failed.", "errors": [{"field": "topic", "message": "Too long."}]}

    error = meaning(CREATE_WEBINAR, an_answer(400, body))

    assert isinstance(error, ZoomRefusedError)
    assert (error.code, error.message) == (300, "Validation Failed. topic: Too long.")
    assert str(error) == "Zoom refused to create webinar: Validation Failed. topic: Too long. (code 300)"


def test_missing_scopes_are_named() -> None:
    body = {
        "code": 4711,
        "message": "Invalid access token, does not contain scopes:[webinar:read:webinar:admin, webinar:read:webinar].",
    }

    error = meaning(GET_WEBINAR, an_answer(400, body))

    assert isinstance(error, MissingScopesError)
    assert isinstance(error, PermanentError)
    scopes = "webinar:read:webinar:admin, webinar:read:webinar"
    assert str(error) == f"The Zoom app may not get webinar: add the scopes {scopes} to it."


def test_webinar_is_gone_only_when_zoom_says_so_of_the_webinar() -> None:
    body = {"code": 3001, "message": "Webinar does not exist: 1."}

    assert isinstance(meaning(GET_WEBINAR, an_answer(404, body)), WebinarGoneError)
    assert not isinstance(meaning(GET_WEBINAR, an_answer(404, HTML)), WebinarGoneError)
    assert not isinstance(meaning(GET_WEBINAR, an_answer(404, {"code": 1001, "message": "User"})), WebinarGoneError)
    assert not isinstance(meaning(LIST_INSTANCES, an_answer(404, body)), WebinarGoneError)


def test_recording_that_is_not_there_is_not_gone() -> None:
    error = meaning(GET_RECORDING, an_answer(404, {"code": 3301, "message": "There is no recording for this meeting."}))

    assert isinstance(error, NoRecordingError)
    assert isinstance(error, TemporaryError)


def test_page_that_zoom_forgot_is_temporary() -> None:
    body = {"code": 300, "message": "The next page token is invalid or expired."}

    assert isinstance(meaning(LIST_WEBINARS, an_answer(400, body)), TemporaryError)


@pytest.mark.parametrize(
    ("verb", "answer", "is_zooms"),
    [
        (GET_WEBINAR, an_answer(200, {"id": 1}), True),
        (GET_WEBINAR, an_answer(200, HTML), False),
        (GET_WEBINAR, an_answer(200), False),
        (UPDATE_WEBINAR, an_answer(204), True),
        (UPDATE_WEBINAR, an_answer(200, HTML), False),
        (CREATE_WEBINAR, an_answer(201), False),
        (GET_WEBINAR, an_answer(404, {"code": 3001, "message": "Webinar does not exist: 1."}), True),
        (GET_WEBINAR, an_answer(404, HTML), False),
        (GET_WEBINAR, an_answer(404, {"message": "no Route matched with those values"}), False),
        (GET_WEBINAR, an_answer(302), False),
        (GET_WEBINAR, an_answer(429), True),
    ],
)
def test_zooms_words_are_told_from_others(verb: Endpoint, answer: Answer, is_zooms: bool) -> None:
    assert answer.is_in_words(verb) == is_zooms


@pytest.mark.parametrize("status", [400, 403, 404, 408])
def test_answer_not_in_zooms_words_is_temporary_also_for_a_write(status: int) -> None:
    error = meaning(CREATE_WEBINAR, an_answer(status, HTML))

    assert isinstance(error, TemporaryError)
    assert not isinstance(error, AmbiguousError)


def test_redirect_names_the_setting() -> None:
    error = meaning(CREATE_WEBINAR, an_answer(302, "", location="https://elsewhere.example.org"))

    assert isinstance(error, CredentialError)
    assert "ZOOM_OPS_ACCOUNTS__MAIN__API_URL" in str(error)


def test_token_that_is_refused_twice_is_a_matter_of_credentials() -> None:
    assert isinstance(meaning(GET_WEBINAR, an_answer(400, {"code": 124, "message": "Invalid."})), CredentialError)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("2040-01-24T12:05:00Z", NOW + timedelta(minutes=5)),
        ("7", NOW + timedelta(seconds=7)),
        ("Tue, 24 Jan 2040 12:01:00 GMT", NOW + timedelta(minutes=1)),
        ("9998-12-31T00:00:00Z", NOW + timedelta(minutes=15)),
        ("999999999999999999", NOW + timedelta(minutes=15)),
        ("2039-01-01T00:00:00Z", None),
        ("-5", None),
        ("soon", None),
    ],
)
def test_retry_after_is_read_in_every_form(header: str, expected: datetime | None) -> None:
    assert retry_after(an_answer(429, retry_after=header), NOW) == expected


def test_retry_after_of_a_daily_limit_may_be_a_day() -> None:
    answer = an_answer(429, retry_after="9998-12-31T00:00:00Z")

    assert retry_after(answer, NOW, longest=timedelta(days=1)) == NOW + timedelta(days=1)


def test_server_error_tells_when_to_come_back() -> None:
    error = meaning(GET_WEBINAR, an_answer(503, HTML, retry_after="2040-01-24T12:05:00Z"))

    assert isinstance(error, TemporaryError)
    assert error.retry_at == datetime(2040, 1, 24, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize("rank", ["admin", "master"])
def test_scopes_of_either_kind_will_do(rank: str) -> None:
    classic = frozenset(f"{verb.classic}:{rank}" for verb in ENDPOINTS)
    granular = frozenset(f"{verb.granular}:{rank}" for verb in ENDPOINTS)

    assert all(verb.is_granted(classic) and verb.is_granted(granular) for verb in ENDPOINTS)
