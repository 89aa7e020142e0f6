"""Licences that hold webinars, read from a user's settings."""

from typing import Any

import pytest

from zoom_ops.zoom.licences import KINDS, NO_LICENCES, Licences, read_licences


@pytest.mark.parametrize(("kind", "key"), KINDS.items())
def test_every_kind_of_licence_holds_webinars(kind: str, key: str | None) -> None:
    numbers = [500, 3000] if key and key.endswith("capacities") else 3000
    found = read_licences({"feature": {kind: True, **({key: numbers} if key else {}), "zoom_phone": True}})
    assert found == Licences(licensed=True, kinds=(kind,), capacity=3000 if key else 0)


def test_the_largest_of_several_licences_counts() -> None:
    feature = {"webinar": True, "webinar_capacity": 500, "zoom_events": "true", "zoom_events_capacity": 1000}
    assert read_licences({"feature": feature}).capacity == 1000


def test_a_capacity_that_is_not_told_is_not_known() -> None:
    assert read_licences({"feature": {"webinar": True, "webinar_capacity": 500, "zoom_events": True}}).capacity == 0


@pytest.mark.parametrize(
    "feature",
    [
        {"zoom_webinars_ultra": True},
        {"webinar": False, "zoom_webinars_ultra": "true"},
        {"license_info_list": [{"license_type": "ZOOM_WEBINARS_PLUS"}]},
    ],
)
def test_what_may_be_a_licence_is_left_to_an_attempt(feature: dict[str, Any]) -> None:
    assert read_licences({"feature": feature}).licensed is None


@pytest.mark.parametrize("answer", [{}, {"feature": None}, {"feature": []}, {"feature": "webinar"}])
def test_settings_without_features_are_left_to_an_attempt(answer: dict[str, Any]) -> None:
    assert read_licences(answer) == Licences(licensed=None)


@pytest.mark.parametrize(
    "feature",
    [
        {},
        dict.fromkeys(NO_LICENCES, True),
        dict.fromkeys(KINDS, False),
        {"webinar_capacity": 500, "meeting_capacity": 300, "concurrent_meeting": "Basic"},
        {"webinar": None, "zoom_events": 1},
        {"license_info_list": [{"license_type": "ZOOM_DOCS"}, "rubbish"]},
    ],
)
def test_other_features_hold_no_webinars(feature: dict[str, Any]) -> None:
    assert read_licences({"feature": feature}) == Licences(licensed=False)
