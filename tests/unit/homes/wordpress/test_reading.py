"""A page of WordPress as JSON: what counts as a change of it, who sees it, and what event it is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from zoom_ops.clock import HeldClock
from zoom_ops.homes import Entry, EventRecords, StrangeAnswerError, open_home, paragraphs, settings_of
from zoom_ops.homes.wordpress.reading import build_raw, parse_page

_TEXT = "<p>31 March 2027, 14:30-15:45 CEST, Geneva time</p>\n<p>Tea is served.</p>"
_ENTRY = Entry(key="tea/1", part=1, title="Recording", url="https://example.org/r/1", visibility="public")
_TERMS = {"wp:term": [[{"id": 3, "name": "Talks &amp; more", "slug": "talks"}], [{"code": "rest_forbidden"}], []]}


def _record(*, content: str = _TEXT, html: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "link": "https://www.example.org/tea/",
        "status": "publish",
        "password": "",
        "title": {"raw": "Tea &amp; <em>cake</em>", "rendered": "Tea &#038; <em>cake</em>"},
        "content": {"raw": content, "rendered": content if html is None else html, "protected": False},
        "_embedded": _TERMS,
        "_links": {},
        **fields,
    }


@pytest.fixture
def home() -> EventRecords:
    """Return a home that is never asked."""
    settings = settings_of("wordpress")(
        kind="wordpress", url="https://www.example.org", login="bot", application_password="x", everything=True
    )  # type: ignore[call-arg]
    return open_home("site", settings, HeldClock(datetime(2027, 1, 1, tzinfo=UTC)))


def test_fingerprint_leaves_out_our_entries_and_how_visitors_get_the_page() -> None:
    with_ours = _record(
        content=paragraphs.place(_TEXT, _ENTRY), html="<p>in another way</p>", modified_gmt="2027-01-01"
    )

    assert build_raw(_record()).fingerprint == build_raw(with_ours).fingerprint


@pytest.mark.parametrize(
    "fields",
    [
        {"content": _TEXT + " "},
        {"title": {"raw": "Tea"}},
        {"status": "private"},
        {"password": "open sesame"},
        {"link": "https://www.example.org/cake/"},
        {"_embedded": {}},
    ],
)
def test_fingerprint_changes_with_all_that_is_read(fields: dict[str, Any]) -> None:
    assert build_raw(_record()).fingerprint != build_raw(_record(**fields)).fingerprint


def test_password_of_a_page_goes_no_further() -> None:
    protected = {"raw": _TEXT, "rendered": _TEXT, "protected": True}
    raw = build_raw({**_record(), "password": "open sesame", "content": protected})

    assert "open sesame" not in str(raw.content)
    assert parse_page(raw.content).is_hidden
    assert parse_page(raw.content).fingerprint == raw.fingerprint


@pytest.mark.parametrize(
    ("fields", "is_public", "hides"),
    [
        ({}, True, False),
        ({"status": "private"}, False, True),
        ({"password": "open sesame"}, False, True),
        ({"status": "draft"}, False, False),
        ({"status": "future"}, False, False),
        ({"password": None, "content": {"rendered": "", "protected": True}}, False, True),
    ],
    ids=["public", "private", "password", "draft", "planned", "password for a reader"],
)
def test_page_is_public_only_where_every_visitor_reads_it(fields: dict[str, Any], is_public: bool, hides: bool) -> None:
    page = parse_page({**_record(), **fields})

    assert (page.is_public, page.is_hidden) == (is_public, hides)


def test_page_is_read_as_an_event(home: EventRecords) -> None:
    html = paragraphs.place(_TEXT, _ENTRY) + "\n"

    record = home.parse(build_raw(_record(content=paragraphs.place(_TEXT, _ENTRY), html=html)))

    assert (record.id, record.url, record.labels) == ("7", "https://www.example.org/tea/", ("Talks & more", "talks"))
    event = record.announced.event
    assert (event.name, event.start_utc) == ("Tea & cake", datetime(2027, 3, 31, 12, 30, tzinfo=UTC))
    assert event.description == "Tea is served."
    assert event.attachments == ()
    assert record.announced.origin == "web:https://www.example.org/tea/"


def test_private_page_is_an_event_and_not_public(home: EventRecords) -> None:
    record = home.parse(build_raw(_record(status="private")))

    assert not record.is_public
    assert record.announced.event.visibility == home.parse(build_raw(_record())).announced.event.visibility
    assert record.announced.event.needs_review == ()


def test_draft_is_in_doubt_and_not_public(home: EventRecords) -> None:
    record = home.parse(build_raw(_record(status="draft")))

    assert not record.is_public
    assert {note.field for note in record.announced.event.needs_review} == {"name", "start"}


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        "page",
        {},
        _record(id="7; DROP"),
        _record(title="Tea"),
        _record(content={"raw": 5}),
        _record(link=None),
    ],
)
def test_other_json_is_told(strange: object) -> None:
    with pytest.raises(StrangeAnswerError):
        parse_page(strange)
