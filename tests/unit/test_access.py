"""Who may see what of an event."""

import json
from typing import Any

import pytest

from tests.builders import (
    AGENDA,
    AMARA,
    JONAS,
    RECORDING_EXPECTED,
    SLIDES,
    START,
    UUID,
    YUSUF,
    a_note,
    a_publication,
    an_attachment,
    an_event,
)
from zoom_ops.access import OPERATOR, VISITOR, Locked, Reader, Shown, show_copied, show_event, shown_json
from zoom_ops.announcements import Contact, match_people
from zoom_ops.events import Attachment, Event, Publication
from zoom_ops.operations.events.addresses import restore_notes

MEMBER = Reader(role="member")
AUTHOR = Reader(role="member", drafts=True)
SECRET_EVENT = an_event(
    performers=(AMARA, JONAS, YUSUF),
    attachments=(AGENDA, SLIDES, an_attachment()),
    needs_review=(a_note(text="Jonas, call him at home"),),
    account="secret-account",
    profile="secret-profile",
    consent="ask",
)


def shown(reader: Reader, *publications: Publication, event: Event | None = None) -> Shown:
    return show_event(event or an_event(), publications, reader)


def attachments(view: Shown) -> list[tuple[str, str, str | None]]:
    return [(entry.title, entry.state, entry.url) for entry in view.event.attachments]


def test_visitor_sees_nothing_that_is_for_operators() -> None:
    view = shown(VISITOR, event=SECRET_EVENT)

    text = json.dumps(shown_json(view)) + repr(view.event)
    secrets = (AMARA.email, JONAS.email, "call him at home", "secret-account", "secret-profile", "slides.pdf")
    assert [secret for secret in secrets if str(secret) in text] == []


@pytest.mark.parametrize("reader", [VISITOR, MEMBER], ids=["visitor", "member"])
def test_key_that_a_reader_may_not_see_is_absent(reader: Reader) -> None:
    document = shown_json(shown(reader, event=SECRET_EVENT))

    assert {"needs_review", "account", "profile", "consent"} & set(document) == set()
    assert all(
        set(person) == {"kind", "honorific", "name", "role", "organization"} for person in document["performers"]
    )


def test_operator_sees_everything() -> None:
    document = shown_json(shown(OPERATOR, event=SECRET_EVENT))

    assert document == SECRET_EVENT.to_json() | {"recordings": []}


@pytest.mark.parametrize(
    ("changes", "film", "sees"),
    [
        ({}, {}, True),
        ({}, {"title_shown": True}, True),
        ({}, {"groups": ("Pilots",)}, False),
        ({"status": "cancelled"}, {}, False),
        ({"visibility": "draft"}, {}, False),
    ],
)
def test_key_opens_one_recording_and_nothing_else(changes: dict[str, Any], film: dict[str, Any], sees: bool) -> None:
    for_members = RECORDING_EXPECTED.model_copy(update={"visibility": "members", **film})
    event = an_event(attachments=(AGENDA, SLIDES.model_copy(update={"visibility": "members"}), for_members), **changes)
    one, other = a_publication(), a_publication(recording_uuid="other==", part=2, title="Recording, part 2")

    view = shown(Reader(recordings=(UUID,)), one, other, event=event)

    visitor = shown(VISITOR, one, other, event=event)
    assert view.recordings == ((one,) if sees else ())
    assert attachments(view) == [*attachments(visitor), *([("Recording", "published", one.url)] if sees else [])]
    assert not view.reader.may_open(SLIDES.model_copy(update={"visibility": "members"}))
    assert (
        shown(Reader(recordings=(UUID,)), one.model_copy(update={"state": "withdrawn"}), event=event).recordings == ()
    )


def test_members_see_what_is_for_members_and_no_addresses() -> None:
    view = shown(MEMBER, event=SECRET_EVENT)

    assert [title for title, _, _ in attachments(view)] == ["Agenda", "Slides", "Recording"]
    assert AMARA.email not in json.dumps(shown_json(view))


@pytest.mark.parametrize("line", ["Mei (amara@example.org) and", "<amara@example.org>;", "mailto:amara@example.org"])
def test_author_reads_the_doubts_of_a_draft_without_addresses(line: str) -> None:
    contacts = [Contact(name="Mei", organization=place, email=f"{place}@example.org") for place in ("CERN (a)", "MIT")]
    noted = a_note(text=line, reason=f"Is {AMARA.email} hers?", choices=(f"Amara {AMARA.email}", "Amara"))
    event = an_event(visibility="draft", performers=({"name": "Mei"},), needs_review=(noted,))
    event = match_people(event, contacts)

    view = shown(AUTHOR, event=event)

    text = json.dumps(shown_json(view)["needs_review"]) + repr(view.event.needs_review)
    assert [word for word in ("example.org", "amara@", "CERN", "MIT") if word in text] == []
    assert [note.reason for note in view.event.needs_review] == [
        "Is … hers?",
        "Several people in the address book have this name: give the performer an organization that tells them apart, "
        "or an e-mail address",
    ]
    assert restore_notes(view.event.needs_review, event.needs_review) == event.needs_review


def test_visitor_sees_what_is_public() -> None:
    view = shown(VISITOR, event=SECRET_EVENT)

    assert [title for title, _, _ in attachments(view)] == ["Agenda", "Recording"]
    assert [person.name for person in view.event.performers] == [AMARA.name, JONAS.name, YUSUF.name]


def test_recording_stands_where_it_was_expected() -> None:
    event = an_event(attachments=(AGENDA, an_attachment(), an_attachment(title="Photos", kind="link")))
    published = a_publication()

    view = shown(VISITOR, published, event=event)

    assert attachments(view) == [
        ("Agenda", "available", AGENDA.url),
        ("Recording", "published", published.url),
        ("Photos", "expected", None),
    ]
    assert view.recordings == (published,)


def test_recording_that_nobody_expected_stands_at_the_end() -> None:
    view = shown(VISITOR, a_publication(), event=an_event(attachments=(AGENDA,)))

    assert [title for title, _, _ in attachments(view)] == ["Agenda", "Recording"]


def test_parts_stand_in_order_in_the_first_place_that_expects_one() -> None:
    parts = [a_publication(recording_uuid=f"uuid-{n}", part=n, title=f"Recording, part {n}") for n in (2, 1, 3)]

    view = shown(VISITOR, *parts, event=an_event(attachments=(an_attachment(), AGENDA)))

    assert [title for title, _, _ in attachments(view)] == [
        "Recording, part 1", "Recording, part 2", "Recording, part 3", "Agenda",
    ]  # fmt: skip
    assert [publication.part for publication in view.recordings] == [1, 2, 3]


def test_recording_for_members_is_hidden_from_visitors_together_with_its_address() -> None:
    event = an_event(attachments=(an_attachment(visibility="members"),))
    published = a_publication(visibility="members")

    visitor, member = shown(VISITOR, published, event=event), shown(MEMBER, published, event=event)

    assert (attachments(visitor), visitor.recordings) == ([], ())
    assert published.url not in json.dumps(shown_json(visitor))
    assert (attachments(member), member.recordings) == ([("Recording", "published", published.url)], (published,))


def test_recording_that_was_withdrawn_is_expected_again_for_no_one() -> None:
    view = shown(VISITOR, a_publication(state="withdrawn"))

    assert attachments(view) == [("Agenda", "available", AGENDA.url), ("Recording", "expected", None)]
    assert view.recordings == ()


def test_what_was_withdrawn_waits_behind_no_lock() -> None:
    gone = an_attachment(title="Live stream", url="https://video.example.org/1", state="withdrawn")
    event = an_event(attachments=(gone.model_copy(update={"visibility": "members", "title_shown": True}),))

    view = shown(VISITOR, event=event)

    assert (view.locked, view.recording_locked) == ((), False)
    assert attachments(shown(MEMBER, event=event)) == [("Live stream", "withdrawn", None)]


@pytest.mark.parametrize("state", ["withdrawn", "expected"])
def test_link_that_is_nobodys_to_follow_is_told_to_operators_alone(state: str) -> None:
    event = an_event(attachments=(an_attachment(kind="slides", url="https://example.org/old.pdf", state=state),))

    links = [attachments(shown(reader, event=event))[0][2] for reader in (VISITOR, MEMBER, OPERATOR)]

    assert links == [None, None, "https://example.org/old.pdf"]


def test_link_of_ours_that_came_back_in_an_import_is_shown_only_while_it_is_published() -> None:
    ours = Attachment(title="Recording", kind="recording", url="https://events.example.org/x", state="published")
    event = an_event(attachments=(ours,))

    assert attachments(shown(VISITOR, event=event)) == [("Recording", "expected", None)]
    assert attachments(shown(VISITOR, a_publication(), event=event)) == [
        ("Recording", "published", a_publication().url)
    ]


def test_recording_linked_by_the_organisers_stays_beside_ours() -> None:
    theirs = an_attachment(title="Live stream", url="https://video.example.org/1", state="available")

    view = shown(VISITOR, a_publication(), event=an_event(attachments=(theirs, an_attachment())))

    assert [title for title, _, _ in attachments(view)] == ["Live stream", "Recording"]


@pytest.mark.parametrize(
    ("entries", "publications", "expected"),
    [
        ((an_attachment(),), (), True),
        ((an_attachment(),), (a_publication(),), False),
        ((AGENDA,), (), False),
        ((an_attachment(visibility="members"),), (), False),
    ],
    ids=["expected", "there", "none", "not for visitors"],
)
def test_recording_is_expected_until_it_is_there(entries: Any, publications: Any, expected: bool) -> None:
    assert shown(VISITOR, *publications, event=an_event(attachments=entries)).recording_expected is expected


def test_recordings_in_the_json_have_our_address() -> None:
    document = shown_json(shown(VISITOR, a_publication(), a_publication(recording_uuid="w", state="withdrawn")))

    assert document["recordings"] == [
        {
            "uuid": UUID,
            "start": START.isoformat(),
            "duration_s": 4500,
            "url": "https://events.example.org/events/harbour-talks-tides-of-tomorrow/recording",
            "state": "published",
        }
    ]


def test_event_itself_is_not_changed_by_being_shown() -> None:
    before = SECRET_EVENT.to_json()

    show_event(SECRET_EVENT, [a_publication()], VISITOR)

    assert SECRET_EVENT.to_json() == before


ALUMNI, BOARD = Reader(role="member", groups=("Alumni",)), Reader(role="member", groups=("Board",))
MINUTES = Attachment(title="Minutes", url="https://files.example.org/m.pdf", visibility="members", groups=("Board",))


@pytest.mark.parametrize(
    ("reader", "may"),
    [(VISITOR, False), (MEMBER, False), (ALUMNI, False), (BOARD, True), (OPERATOR, True), (Reader(role="admin"), True)],
    ids=["visitor", "member", "wrong group", "right group", "operator", "admin"],
)
def test_entry_for_a_group_is_opened_by_its_members(reader: Reader, may: bool) -> None:
    view = shown(reader, event=an_event(attachments=(MINUTES,)))

    assert bool(view.event.attachments) is may
    assert ("m.pdf" in repr(view) + json.dumps(shown_json(view))) is may
    assert view.locked == ()


def test_title_that_everybody_may_see_stands_with_a_lock_and_without_its_address() -> None:
    event = an_event(attachments=(MINUTES.model_copy(update={"title_shown": True}),))

    view = shown(ALUMNI, event=event)

    assert view.locked == (Locked(title="Minutes", kind="link", expected=False),)
    assert view.event.attachments == ()
    document = shown_json(view)
    assert document["locked"] == [{"title": "Minutes", "kind": "link"}]
    assert {"m.pdf", "Board"} & set(json.dumps(document)) == set()
    assert shown(BOARD, event=event).locked == ()


def test_entry_that_is_narrowed_closes_a_recording_that_was_published_for_everybody() -> None:
    event = an_event(attachments=(an_attachment(visibility="members", groups=("Board",), title_shown=True),))
    published = a_publication(visibility="public")

    views = {reader: shown(reader, published, event=event) for reader in (VISITOR, ALUMNI, BOARD)}

    assert {reader: bool(view.recordings) for reader, view in views.items()} == {
        VISITOR: False, ALUMNI: False, BOARD: True,
    }  # fmt: skip
    assert [entry.visibility for entry in views[BOARD].event.attachments] == ["members"]
    assert published.url not in json.dumps(shown_json(views[VISITOR]))
    assert [attachment.kind for attachment in views[ALUMNI].locked] == ["recording"]


def test_recording_under_two_entries_is_for_whom_both_let_in() -> None:
    entries = [an_attachment(visibility="members", groups=(group,)) for group in ("Alumni", "Board")]
    event = an_event(attachments=tuple(entries))
    both = Reader(role="member", groups=("Alumni", "Board"))

    assert [bool(shown(reader, a_publication(), event=event).recordings) for reader in (ALUMNI, BOARD, both)] == [
        False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "may"),
    [(VISITOR, (True, False, False)), (ALUMNI, (True, True, False)), (OPERATOR, (True, True, True))],
    ids=["visitor", "one group", "operator"],
)
def test_gate_is_passed_by_whom_each_of_its_entries_lets_in(reader: Reader, may: tuple[bool, ...]) -> None:
    gates: list[list[tuple[str, ...]]] = [[], [(), ("Alumni",)], [("Alumni",), ("Board",)]]

    assert tuple(reader.may_pass(gate) for gate in gates) == may


def test_whom_an_entry_is_for_is_told_to_operators_only() -> None:
    event = an_event(attachments=(MINUTES,))

    assert "groups" not in shown_json(shown(BOARD, event=event))["attachments"][0]
    assert shown_json(shown(OPERATOR, event=event))["attachments"][0]["groups"] == ["Board"]


def test_what_an_attachment_does_not_say_is_not_written() -> None:
    plain, full = AGENDA.model_dump(mode="json"), MINUTES.model_copy(update={"size": 2048}).model_dump(mode="json")

    assert set(plain) == {"title", "kind", "url", "visibility", "state"}
    assert set(full) - set(plain) == {"groups", "size"}


@pytest.mark.parametrize(
    ("visibility", "titles"),
    [("draft", [AGENDA.title, SLIDES.title, an_attachment().title]), ("listed", [AGENDA.title])],
)
def test_copy_by_an_author_takes_along_nothing_that_others_must_not_see(visibility: str, titles: list[str]) -> None:
    restricted = an_attachment(visibility="members")
    event = SECRET_EVENT.model_copy(update={"visibility": visibility, "attachments": (AGENDA, SLIDES, restricted)})

    copied = show_copied(event, AUTHOR)

    assert [entry.title for entry in copied.attachments] == titles
    assert [person.email for person in copied.performers] == [None] * 3
    assert (copied.account, copied.profile, copied.consent) == (None, "default", "record")


@pytest.mark.parametrize(
    ("field", "answers"),
    [("name", True), ("performers.0.name", True), ("performers.0.email", False), ("account", False),
     ("visibility", False), ("recording", False), ("practice", False)],
)  # fmt: skip
def test_author_answers_doubts_about_what_they_see(field: str, answers: bool) -> None:
    assert [reader.may_answer(field) for reader in (AUTHOR, OPERATOR, MEMBER)] == [answers, True, False]
