"""The scopes of a token: every form that Zoom accepts counts, and what is missing is named."""

import random
import re

import pytest

from zoom_ops.sandbox.contract import operations
from zoom_ops.zoom.endpoints import ADD_PANELISTS, ENDPOINTS, GET_WEBINAR, LIST_WEBINARS, UPDATE_WEBINAR, Endpoint

USERS = ("user:read:user:admin", "user:read:settings:admin")


def blank(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


LISTED = {(operation.method, blank(operation.path)): operation.scopes for operation in operations()}


def scopes_of(endpoint: Endpoint) -> tuple[str, ...]:
    """The scopes that Zoom's description lists for an endpoint."""
    return LISTED[endpoint.method, blank(endpoint.path)]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: str(endpoint.name))
def test_every_form_that_zoom_lists_is_enough(endpoint: Endpoint) -> None:
    assert [scope for scope in scopes_of(endpoint) if not endpoint.is_granted(frozenset({scope}))] == []


def test_no_mix_of_forms_is_told_as_missing() -> None:
    chance = random.Random(9)

    for _ in range(300):
        held = frozenset(chance.choice(scopes_of(endpoint)) for endpoint in ENDPOINTS)
        assert [endpoint.name for endpoint in ENDPOINTS if not endpoint.is_granted(held)] == [], held


def test_broad_webinar_scopes_may_stand_for_all_others() -> None:
    held = frozenset({"webinar:read:webinar:admin", "webinar:write:webinar:admin"})

    missing = [one.name for one in ENDPOINTS if one.granular.startswith("webinar:") and not one.is_granted(held)]

    assert missing == []
    assert LIST_WEBINARS.find_substitute(held) == "webinar:read:webinar:admin"
    assert UPDATE_WEBINAR.find_substitute(held) == ADD_PANELISTS.find_substitute(held) == "webinar:write:webinar:admin"
    assert GET_WEBINAR.find_substitute(held) is None


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: str(endpoint.name))
def test_a_scope_left_out_of_the_granular_ones_is_missing(endpoint: Endpoint) -> None:
    held = frozenset(f"{one.granular}:admin" for one in ENDPOINTS) - {f"{endpoint.granular}:admin"}

    assert {one.granular for one in ENDPOINTS if not one.is_granted(held)} == {endpoint.granular}


def test_a_scope_of_another_kind_grants_nothing() -> None:
    held = frozenset(
        {"meeting:read:admin", "webinar:read:list_webinar:admin", "webinar", "", ":admin", "user:read:user"}
    )

    assert {one.name for one in ENDPOINTS if one.is_granted(held)} == {"get_user"}
    assert [one.name for one in ENDPOINTS if one.is_owners_only(held)] == ["get_user"]


def test_reading_does_not_grant_writing() -> None:
    held = frozenset({*USERS, "webinar:read:admin", "recording:read:admin"})
    webinars = [one for one in ENDPOINTS if one.granular.startswith("webinar:")]

    assert [one.name for one in webinars if one.is_granted(held)] == [one.name for one in webinars if not one.writes]
