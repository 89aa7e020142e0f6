"""Every action has plain words, and so has what was done."""

import re

from zoom_ops.messages import runs
from zoom_ops.planning import CancelWebinar, Plan, RemovePanelist, name_action, name_field
from zoom_ops.planning.actions import ACTIONS

CODE_WORD = re.compile(r"[a-z][A-Z]|_")


def test_every_action_has_words() -> None:
    words = {action.__name__: name_action(action.__name__) for action in ACTIONS}

    assert [kind for kind, said in words.items() if said == kind or CODE_WORD.search(said)] == []
    assert words["CreateWebinar"] == "Create the webinar"


def test_field_is_named_without_underscores() -> None:
    assert name_field("settings.question_and_answer.enable") == "question and answer: enable"
    assert (name_field("topic"), name_field("start")) == ("title", "start")


def test_plan_that_is_done_says_what_it_did() -> None:
    cancels = CancelWebinar(event="tides", account="main", webinar_id=8, tell_people=False)
    removes = RemovePanelist(event="tides", account="main", webinar_id=8, email="a@example.org", name="A")

    assert Plan(event="tides").sum_up((removes, removes, cancels)) == runs.DONE(
        deeds=(runs.UNSEATED(times=2), runs.DELETED(times=1))
    )
    assert Plan(event="tides").sum_up(()) is None
