"""Who may find an event: decided by what it was, what is asked for, what is in doubt, and who writes."""

import pytest

from tests.builders import a_note, an_event
from zoom_ops.drafts import (
    Decided,
    Outside,
    decide,
    describe_change,
    why_no_draft,
    why_not_deleted,
    why_not_published,
    why_not_theirs,
    why_not_undone,
)
from zoom_ops.events import Listing

LISTED = Decided(visibility="listed", intended="listed")
IN_DOUBT = Decided(visibility="draft", intended="listed")
ON_PURPOSE = Decided(visibility="draft", intended="draft")


@pytest.mark.parametrize(
    ("known", "asked", "doubtful", "publishes", "decided"),
    [
        (None, None, False, True, "listed"),
        (None, "unlisted", False, True, "unlisted"),
        (None, "draft", False, True, "draft"),
        (None, None, True, True, "draft, then listed"),
        (None, "unlisted", True, True, "draft, then unlisted"),
        (None, None, False, False, "draft"),
        (None, "listed", False, False, "draft"),
        (IN_DOUBT, None, False, True, "listed"),
        (IN_DOUBT, None, True, True, "draft, then listed"),
        (IN_DOUBT, "draft", False, True, "draft"),
        (IN_DOUBT, None, False, False, "draft"),
        (ON_PURPOSE, None, False, True, "draft"),
        (ON_PURPOSE, "listed", False, True, "listed"),
        (ON_PURPOSE, "listed", True, True, "draft, then listed"),
        (LISTED, None, False, True, "listed"),
        (LISTED, None, True, True, "listed"),
        (LISTED, "unlisted", True, True, "unlisted"),
        (LISTED, "draft", False, True, "draft"),
    ],
)
def test_visibility_follows_from_doubt_and_writer(
    known: Decided | None, asked: Listing | None, doubtful: bool, publishes: bool, decided: str
) -> None:
    found = decide(known, asked, doubtful=doubtful, publishes=publishes)

    then = f", then {found.intended}" if found.intended != found.visibility else ""
    assert f"{found.visibility}{then}" == decided


def test_timeline_says_what_an_event_became() -> None:
    changes = (None, "draft"), ("draft", "listed"), ("draft", "unlisted"), ("listed", "unlisted"), ("listed", "draft")
    nothing = (None, "listed"), (None, "unlisted"), ("draft", "draft"), ("listed", "listed")

    names = [(describe_change(*change) or ("",))[0] for change in (*changes, ("unlisted", "listed"))]  # type: ignore[arg-type]

    published = ["event_published"] * 2
    assert names == ["event_drafted", *published, "event_unlisted", "event_drafted", "event_listed"]
    assert [describe_change(*change) for change in nothing] == [None] * 4  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outside", "sentence"),
    [
        (Outside(webinar=True), "It has or had a webinar at Zoom."),
        (Outside(changed=True), "Something was changed for it at Zoom, or is being changed now."),
        (Outside(recorded=True), "There is a recording of it."),
        (Outside(notified=True), "Zoom has notified us of it."),
        (Outside(told=("cms", "news")), "It was told to cms, news."),
    ],
)
def test_what_left_the_service_is_kept(outside: Outside, sentence: str) -> None:
    event = an_event()

    assert why_not_deleted(event, outside).startswith(f"{sentence} So it cannot be deleted. Cancel it: ")
    assert why_no_draft(event, outside).startswith(f"{sentence} So it cannot be a draft again. ")
    assert (why_not_deleted(event, Outside()), why_no_draft(event, Outside())) == ("", "")


def test_doubt_is_settled_before_an_event_is_published() -> None:
    assert why_not_published(an_event(needs_review=(a_note(),))) == ""
    assert "about its start, name, so it stays a draft" in why_not_published(
        an_event(needs_review=(a_note(field="start"), a_note(field="name"), a_note()))
    )


def test_who_publishes_nothing_changes_drafts_and_undoes_own_edits_of_them() -> None:
    draft, listed = an_event(visibility="draft"), an_event()

    assert [bool(why_not_theirs(event, publishes=False)) for event in (draft, listed)] == [False, True]
    assert why_not_theirs(listed, publishes=True) == ""
    assert why_not_undone(listed, draft, publishes=True, own=False) == ""
    undone = [(draft, draft, True), (draft, draft, False), (listed, draft, True), (draft, listed, True)]
    assert [
        bool(why_not_undone(before, now, publishes=False, own=own)) for before, now, own in undone
    ] == [False, True, True, True]  # fmt: skip
    assert "not yours" not in why_not_undone(listed, draft, publishes=False, own=True)
