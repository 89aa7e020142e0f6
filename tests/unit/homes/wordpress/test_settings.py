"""The file of a site in WordPress."""

from typing import Any

import pytest
from pydantic import ValidationError

from zoom_ops.homes import HomeSettings, settings_of


def _settings(**fields: Any) -> HomeSettings:
    given = {"kind": "wordpress", "url": "https://www.example.org", "login": "bot", "application_password": "abcd efgh"}
    return settings_of("wordpress").model_validate({**given, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"everything": True},
        {"parent": "events"},
        {"type": "posts", "category": "events"},
        {"type": "posts", "tag": "12"},
        {"type": "seminars"},
        {"type": "seminars", "category": "public"},
    ],
)
def test_file_chooses_which_entries_are_events(fields: dict[str, Any]) -> None:
    assert _settings(**fields).kind == "wordpress"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "everything = true"),
        ({"type": "posts"}, "everything = true"),
        ({"parent": "events", "everything": True}, "everything = true"),
        ({"category": "events"}, "pages have no category"),
        ({"tag": "events"}, "pages have no tag"),
        ({"type": "posts", "parent": "events"}, "posts have no parent"),
        ({"type": "../users", "everything": True}, "type"),
        ({"everything": True, "login": "bot:x"}, "login"),
        ({"parent": "a/b"}, "parent"),
        ({"everything": True, "url": "http://www.example.org"}, "https"),
    ],
)
def test_file_that_would_make_events_of_everything_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        _settings(**fields)


def test_secret_is_not_shown() -> None:
    assert "abcd efgh" not in repr(_settings(everything=True))
