"""The OpenAPI description: names that clients are generated from, typed answers, one way to page."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.builders import AMARA, EVENT_ID, SLIDES, a_note, an_event
from tests.docs.pages import iter_blocks, read
from tests.docs.test_api import iter_calls
from tests.docs.write_api import PAGE
from tests.integration.web.api.described import describe, iter_operations, resolve, validator
from tests.integration.web.api.program import Api, Program

# What a generated client calls. A new name is added; one that changes or goes breaks programs of others.
OPERATIONS = """
    add_people add_window adopt_webinar apply_plan approve_event cancel_event cancel_run change_schedule check_home
    create_event delete_event dismiss_alert end_window get_account get_backups get_configuration get_event
    get_notification get_plan get_run get_status import_file leave_event_links list_accounts list_alerts list_approvals
    list_audit list_causes list_deliveries list_event_homes list_events list_homes list_hosts list_jobs
    list_notifications list_people list_problems list_run_log list_runs list_stages list_targets list_timeline
    list_webhooks list_windows move_event mute_problem patch_event pause_account pause_job publish_event pull_home
    release_recording remove_person renew_event_keys renew_home_keys replace_event replay_notification
    resend_invitations restore_event_links resume_account resume_job retry_deliveries retry_delivery retry_run
    retry_runs run_job test_targets test_webhook unlist_event unmute_problem withhold_recording
"""
SENT = "#/components/schemas/EventIn"


def test_names_of_the_operations_stay() -> None:
    assert sorted(operation["operationId"] for _, _, operation in iter_operations()) == OPERATIONS.split()


def test_description_is_valid() -> None:
    validate(describe())


def test_every_answer_has_a_named_schema() -> None:
    schemas = describe()["components"]["schemas"]

    places = [
        (operation["operationId"], status, kind, media["schema"].get("$ref", ""))
        for _, _, operation in iter_operations()
        for status, answer in operation["responses"].items()
        for kind, media in resolve(answer).get("content", {}).items()
    ]

    assert [place for place in places if place[3].rpartition("/")[2] not in schemas] == []
    assert {place[3].rpartition("/")[2] for place in places if int(place[1]) >= 400} == {"Problem"}
    assert {place[2] for place in places if int(place[1]) >= 400} == {"application/problem+json"}


def test_every_list_is_paged_the_same_way() -> None:
    lists = {operation["operationId"]: operation for _, _, operation in iter_operations() if is_list(operation)}

    wrong = {name for name, operation in lists.items() if not {"cursor", "per_page"} <= parameters(operation)}

    assert wrong == set()
    assert all(page_of(operation).endswith("Page") for operation in lists.values())
    assert len(lists) >= 18


def test_what_was_read_fits_what_is_sent(api: Api, program: Program) -> None:
    full = an_event(performers=(AMARA,), attachments=(SLIDES,), needs_review=(a_note(field="venue"),), venue="Pier 4")
    api.service.add(full)
    api.service.settle()
    read_event = program.ask("GET", f"/events/{EVENT_ID}")

    assert read_event["webinar"]["id"]
    assert list(validator(SENT).iter_errors(read_event)) == []
    assert list(validator("#/components/schemas/EventPatch").iter_errors(read_event)) == []


def test_example_of_the_documentation_fits_the_description() -> None:
    calls = [
        (method, options["data"])
        for block in iter_blocks(read(PAGE), "sh")
        for method, url, options in iter_calls(block, {})
        if method in ("POST", "PUT") and url.endswith(("/events", "/harbour-talks-deep-water"))
    ]

    assert len(calls) >= 2
    assert [error for _, body in calls for error in validator(SENT).iter_errors(json.loads(body))] == []


@pytest.mark.parametrize("field", ["name", "start", "end", "timezone"])
def test_what_the_api_requires_is_required(program: Program, field: str) -> None:
    event = {"name": "A", "start": "2040-03-01T14:00:00Z", "end": "2040-03-01T15:00:00Z", "timezone": "UTC"}
    del event[field]

    status, sentence = program.fail("POST", "/events", json=event)

    assert (status, sentence.partition(" is required")[0]) == (422, f"{field}: this")
    assert not Draft202012Validator(describe()["components"]["schemas"]["EventIn"] | {"properties": {}}).is_valid(event)


def page_of(operation: dict[str, Any]) -> str:
    """Return the name of the model of an operation's answer."""
    return str(operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]).rpartition("/")[2]


def is_list(operation: dict[str, Any]) -> bool:
    """Return whether an operation answers with a list."""
    return str(operation["operationId"]).startswith("list_")


def parameters(operation: dict[str, Any]) -> set[str]:
    """Return the names of the parameters of an operation."""
    return {parameter["name"] for parameter in operation["parameters"]}
