"""The rows of a page's list of links, and pages as records."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from zoom_ops.homes import Entry, settings_of
from zoom_ops.homes.wagtail.listing import Seen
from zoom_ops.homes.wagtail.reading import build_raw, is_live, read_record
from zoom_ops.homes.wagtail.rows import is_same, read_row, with_entry, without_entry
from zoom_ops.homes.wagtail.settings import FieldNames, Settings

NAMES = FieldNames()
ENTRY = Entry(key="a/b==", part=1, title="Recording", url="https://webinars.example.org/r", visibility="public")
OURS = {"key": "zoom-ops:a/b==", "title": "Recording", "url": "https://webinars.example.org/r", "visibility": "public"}
THEIRS = {"meta": {"type": "events.Recording"}, "id": 3, "key": "", "title": "Programme", "note": "kept"}


def settings(**changes: Any) -> Settings:
    fields = {"kind": "wagtail", "url": "https://www.example.org", "token": "wagtail_secret", **changes}
    made = settings_of("wagtail").model_validate(fields)
    assert isinstance(made, Settings)
    return made


def test_entry_comes_behind_the_rows_of_people_which_keep_ids_and_other_fields() -> None:
    assert with_entry([THEIRS], ENTRY, NAMES) == [{"id": 3, "key": "", "title": "Programme", "note": "kept"}, OURS]


def test_changed_entry_keeps_its_place_and_loses_its_doubles() -> None:
    old, double = {**OURS, "id": 1, "title": "Old", "note": "by hand"}, {**OURS, "id": 9}

    rows = with_entry([old, THEIRS, double], ENTRY, NAMES)

    assert [row["id"] for row in rows] == [1, 3]
    assert rows[0] == {**OURS, "id": 1, "note": "by hand"}


def test_withdrawn_entry_leaves_the_others() -> None:
    other = {**OURS, "key": "zoom-ops:other", "id": None}

    assert without_entry([OURS, THEIRS, other], ENTRY.key, NAMES) == [
        {"id": 3, "key": "", "title": "Programme", "note": "kept"},
        {**OURS, "key": "zoom-ops:other"},
    ]


def test_row_shows_what_it_says_and_its_digest_tells_the_rest() -> None:
    shown = read_row({**OURS, "id": 5, "meta": {}}, NAMES, visibility="public")

    assert shown.shows(ENTRY)
    assert shown.digest == ""
    assert read_row({**OURS, "note": "by hand"}, NAMES, visibility="public").digest
    assert read_row({**OURS, "visibility": "managers"}, NAMES, visibility="public").digest


def test_versions_of_a_page_are_compared_without_the_ids_of_rows() -> None:
    page = {"id": 1, "title": "A", "meta": {"html_url": "/a/"}, "recordings": [{**OURS, "id": 7}]}

    assert is_same(page, {**page, "meta": {}, "recordings": [{**OURS, "id": None}]})
    assert not is_same(page, {**page, "title": "B"})
    assert not is_same(page, {**page, "recordings": []})


def test_page_is_read_by_the_names_of_the_settings() -> None:
    names = {"start": "begins", "timezone": "", "speakers": "people", "speaker_organization": "body"}
    chosen = settings(fields=names, timezone="Europe/Zurich")
    page = {
        "id": 12,
        "title": "Tides of Tomorrow",
        "begins": "2040-01-31T09:00:00Z",
        "end": "2040-01-31T10:00:00Z",
        "venue": "",
        "body": "<p>How the sea <b>rises</b>.</p>",
        "people": [{"name": "Dr. Amara Diallo", "role": None, "body": "ITU"}],
        "recordings": [OURS, {**THEIRS, "url": "https://files.example.org/p", "visibility": "members"}],
        "meta": {"html_url": "https://www.example.org/talks/tides/", "parent": {"title": "Talks", "meta": {}}},
    }

    record = read_record(build_raw(page, chosen, is_open=True), chosen.url)

    event = record.announced.event
    assert (event.name, event.to_json()["start"][:16]) == ("Tides of Tomorrow", "2040-01-31T10:00")
    assert [(who.honorific, who.name, who.organization) for who in event.performers] == [("Dr.", "Amara Diallo", "ITU")]
    assert [(link.title, link.visibility) for link in event.attachments] == [("Programme", "members")]
    assert (record.labels, record.url) == (("Talks",), "https://www.example.org/talks/tides/")
    assert record.announced.origin == "wagtail:www.example.org/12"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ({"live": True, "meta": {}}, True),
        ({"live": False, "meta": {"first_published_at": "2040-01-01T00:00:00Z"}}, False),
        ({"meta": {"first_published_at": "2040-01-01T00:00:00Z"}}, True),
        ({"meta": {"first_published_at": None}}, False),
    ],
)
def test_page_is_published_as_its_field_says_else_if_it_ever_was(page: dict[str, Any], expected: bool) -> None:
    assert is_live(page, NAMES) is expected


def test_cursor_is_read_as_it_was_written_and_another_has_seen_nothing() -> None:
    seen = Seen(
        newest="2040-01-01T00:00:00Z", latest=("3",), count=4, closed=1, all_read_at="2040-01-01T00:00:00+00:00"
    )

    assert Seen.of(seen.cursor()) == seen
    assert [Seen.of(cursor) for cursor in ("", "ABCDEF,GHIJKL", "[]", '{"token": 1}')] == [Seen()] * 4
    assert replace(seen, unpublished=tuple(map(str, range(1_000)))).cursor() == "", "then all is read again"


def test_settings_hide_the_token_and_need_a_field_for_members() -> None:
    assert "wagtail_secret" not in repr(settings())
    with pytest.raises(ValidationError, match=r"fields\.visibility"):
        settings(members="private_pages", fields={"visibility": ""})
