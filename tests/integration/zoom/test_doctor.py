"""Doctor against a practice Zoom whose account is unkind."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import HOST
from tests.endings import run_sandbox
from tests.zoom_stub import a_gateway, an_account
from zoom_ops.sandbox import Policy
from zoom_ops.store.db.connect import Database
from zoom_ops.zoom import Report
from zoom_ops.zoom.doctor import Finding

Check = Callable[..., Report]


@pytest.fixture
def check(database: Database) -> Check:
    """Check an account with a policy."""

    def check(scopes: tuple[str, ...] | None = None, **tables: Any) -> Report:
        with run_sandbox(scopes=scopes, policy=Policy().merged(tables)) as sandbox:
            return a_gateway(an_account(sandbox.url, hosts=(HOST,)), database).check()

    return check


def of(report: Report, subject: str) -> Finding:
    return next(finding for finding in report.findings if finding.subject == subject)


def test_a_token_that_names_broad_scopes_is_no_fault(check: Check) -> None:
    report = check(app={"broad_scopes": True})

    assert report.ok, report
    assert any("webinar:write:webinar:admin, which may stand for" in finding.sentence for finding in report.findings)


def test_an_address_that_is_not_allowed_is_told_with_the_remedy(check: Check) -> None:
    report = check(app={"ip_allow_list": []})

    assert of(report, "credentials").ok
    assert "IP Addresses" in of(report, "IP address").sentence
    assert "is not on the account's allowlist. (code 403)" in of(report, HOST).sentence


def test_a_right_that_the_owner_lacks_is_told_with_the_place(check: Check) -> None:
    report = check(app={"lacks_rights": ["User:Read"]})

    assert "User Management, Roles" in of(report, HOST).sentence
    assert of(report, "IP address").seen is False


def test_one_classic_scope_of_four_that_is_missing_is_named_as_it_is_ticked(check: Check) -> None:
    report = check(scopes=("user:read:admin", "webinar:read:admin", "webinar:write:admin"))

    assert not report.ok
    assert of(report, "scopes").sentence == (
        "The Zoom app lacks the scopes cloud_recording:read:list_recording_files:admin, "
        "cloud_recording:read:list_user_recordings:admin, cloud_recording:read:recording_settings:admin. "
        "Add them on its page Scopes."
    )
