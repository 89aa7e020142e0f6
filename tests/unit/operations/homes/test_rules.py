"""The rules of a home decide what becomes of a record that is new here."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import END, NOW, an_event
from zoom_ops.homes import HomeSettings, Record, Rule
from zoom_ops.operations.homes.rules import Verdict, for_members, judge
from zoom_ops.operations.homes.trouble import rest_after
from zoom_ops.readers import Announced

LECTURES = Rule(label="Lectures", account="main", profile="lecture")


def a_record(*labels: str, is_public: bool = True, **changes: Any) -> Record:
    announced = Announced(event=an_event(**changes), file="city", line=1)
    return Record(id="12", url="https://home.example.org/12", announced=announced, is_public=is_public, labels=labels)


def some_settings(**changes: Any) -> HomeSettings:
    return HomeSettings(**{"kind": "double", "url": "https://home.example.org"} | changes)


@pytest.mark.parametrize(
    ("labels", "rules", "verdict"),
    [
        ((), (), Verdict()),
        (("lectures",), (LECTURES,), Verdict(account="main", profile="lecture")),
        (("Other",), (LECTURES, Rule(label="*", profile="panel")), Verdict(profile="panel")),
        (("Lectures", "Tests"), (Rule(label="tests", skip=True), LECTURES),
         Verdict(left_out="The rule for the label tests leaves it out.")),
        (("Lectures", "Tests"), (LECTURES, Rule(label="tests", skip=True)),
         Verdict(account="main", profile="lecture")),
    ],
)  # fmt: skip
def test_first_rule_that_fits_counts(labels: tuple[str, ...], rules: tuple[Rule, ...], verdict: Verdict) -> None:
    assert judge(a_record(*labels), some_settings(rules=rules), NOW) == verdict


@pytest.mark.parametrize(
    ("record", "settings", "left_out"),
    [
        (a_record(), {"unruled": "skip"}, "No rule fits"),
        (a_record(is_public=False), {}, "Not everybody may read it"),
        (a_record(is_public=False), {"protected": "take"}, ""),
        (a_record(status="cancelled"), {}, "It was cancelled"),
    ],
)
def test_record_is_left_out(record: Record, settings: dict[str, Any], left_out: str) -> None:
    assert judge(record, some_settings(**settings), NOW).left_out.startswith(left_out)
    assert bool(judge(record, some_settings(**settings), NOW).left_out) == bool(left_out)


def test_past_record_is_left_out_unless_its_event_is_known() -> None:
    assert judge(a_record(), some_settings(), END).left_out == "It had ended before it was first read."
    assert judge(a_record(), some_settings(), END, known=True).left_out == ""


@pytest.mark.parametrize(("is_public", "listing"), [(True, "listed"), (False, "unlisted")])
def test_page_is_listed_only_if_everybody_may_read_the_record(is_public: bool, listing: str) -> None:
    settings = some_settings(listing="listed", protected="take")

    assert judge(a_record(is_public=is_public), settings, NOW).listing == listing


@pytest.mark.parametrize("event", [an_event(), an_event(attachments=())])
def test_recording_for_members_is_gated(event: Any) -> None:
    assert for_members(event).recording_gate == ((),)


def test_rest_grows_with_the_trouble() -> None:
    rests = [rest_after(timedelta(minutes=minutes)).total_seconds() / 60 for minutes in (0, 1, 4, 10, 60)]
    assert rests == [1, 1, 4, 10, 15]
