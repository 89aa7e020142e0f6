"""What operators decide stays, whoever else writes an event."""

import pytest

from tests.builders import a_note, an_event
from zoom_ops.operations.events.unseen import keep_of_operators, say_unheard

ASKED = {"account": "elsewhere", "profile": "lecture"}
RECORDING, NAME = a_note(field="recording", line=3), a_note(field="name")


@pytest.mark.parametrize(
    ("known", "asked", "kept"),
    [
        (None, "record", "record"),
        (None, "ask", "ask"),
        ("record", "do_not_record", "do_not_record"),
        ("ask", "record", "ask"),
        ("do_not_record", "ask", "do_not_record"),
    ],
)
def test_author_asks_for_less_recording_only(known: str | None, asked: str, kept: str) -> None:
    record = an_event(consent=known, account="main", profile="quiet") if known else None
    event = keep_of_operators(an_event(consent=asked, **ASKED), record)

    assert (event.consent, event.account, event.profile) == (kept, *(("main", "quiet") if known else (None, "default")))


def test_doubts_that_an_author_may_not_answer_stay_once() -> None:
    record, moved = an_event(needs_review=(NAME, RECORDING)), RECORDING.model_copy(update={"line": 9})

    assert keep_of_operators(an_event(), record).needs_review == (RECORDING,)
    assert keep_of_operators(an_event(needs_review=(moved,)), record).needs_review == (moved,)


def test_author_is_told_what_a_file_says_to_operators_only() -> None:
    said = [
        say_unheard(an_event(**changes)) for changes in ({}, ASKED, {"consent": "ask"}, {"consent": "do_not_record"})
    ]

    assert [len(sentences) for sentences in said] == [0, 1, 1, 1]
