"""The checks of doctor: what is wrong, what was not seen, and that one failure does not end the others."""

from collections.abc import Callable, Iterable

import pytest

from tests.builders import HOST
from zoom_ops.errors import TemporaryError, ZoomOpsError
from zoom_ops.webinars import Host
from zoom_ops.zoom import CredentialError, Report, ZoomAccount, ZoomRefusedError
from zoom_ops.zoom.doctor import check_account
from zoom_ops.zoom.endpoints import ENDPOINTS
from zoom_ops.zoom.errors import ForbiddenError

OTHER = "other@example.org"
ACCOUNT = ZoomAccount(name="main", account_id="a", client_id="c", client_secret="s", hosts=(HOST, OTHER))
ALL = frozenset(f"{one.granular}:admin" for one in ENDPOINTS)


def check(scopes: Iterable[str] = ALL, host: Callable[[str], Host] | ZoomOpsError | None = None) -> Report:
    def fetch(email: str) -> Host:
        if isinstance(host, ZoomOpsError):
            raise host
        return host(email) if host else Host(email=email, id=email, licensed=True, capacity=500)

    return check_account(ACCOUNT, lambda: frozenset(scopes), fetch, lambda email: f"{email} is open.")


def bad(report: Report) -> dict[str, str]:
    return {finding.subject: finding.sentence for finding in report.findings if not finding.ok}


def unseen(report: Report, subject: str) -> list[str]:
    found = [finding.sentence for finding in report.findings if not finding.seen and finding.subject == subject]
    assert all(sentence.startswith("not checked: ") for sentence in found)
    return found


def test_all_is_well_and_the_owner_of_the_app_was_not_seen() -> None:
    report = check()

    assert (report.ok, bad(report)) == (True, {})
    assert "The app has the rights of its owner" in unseen(report, "owner of the app")[0]


def test_refused_credentials_leave_the_rest_unseen() -> None:
    def refuse() -> frozenset[str]:
        raise CredentialError("Zoom refuses the secret.")

    def fetch(email: str) -> Host:
        return Host(email=email, id="", licensed=True, capacity=1)

    report = check_account(ACCOUNT, refuse, fetch, lambda email: f"{email} is open.")

    assert bad(report) == {"credentials": "Zoom refuses the secret."}
    assert [bool(unseen(report, subject)) for subject in ("scopes", HOST, OTHER)] == [True] * 3


def test_a_token_without_scopes_is_no_fault() -> None:
    report = check(scopes=())

    assert report.ok
    assert "Zoom does not say it" in unseen(report, "scopes")[0]


def test_broad_scopes_are_no_fault_and_the_doubt_is_told() -> None:
    broad = {scope for scope in ALL if not scope.startswith("webinar:")}

    report = check({*broad, "webinar:read:webinar:admin", "webinar:write:webinar:admin"})

    assert report.ok
    reading, writing = unseen(report, "scopes")
    assert "webinar:read:list_panelists:admin" in reading
    assert "webinar:delete:webinar:admin, webinar:update:webinar:admin" in writing


def test_scopes_without_admin_are_told_as_a_doubt() -> None:
    report = check({*ALL, "user:read:user"} - {"user:read:user:admin"})

    assert report.ok
    assert "user:read:user:admin without admin" in unseen(report, "scopes")[0]


def test_a_missing_scope_to_see_hosts_is_told_once() -> None:
    report = check(ALL - {"user:read:settings:admin"}, TemporaryError("stopped"))

    assert list(bad(report)) == ["scopes"]
    assert "lacks user:read:settings:admin" in unseen(report, HOST)[0]


def test_a_failed_host_does_not_end_the_check_of_the_next() -> None:
    def fetch(email: str) -> Host:
        if email == HOST:
            raise ZoomRefusedError("Zoom refused to get user: User does not exist (code 1001)", code=1001)
        return Host(email=email, id="", licensed=False, capacity=0)

    assert list(bad(check(host=fetch))) == [HOST, OTHER]


@pytest.mark.parametrize("error", [ZoomRefusedError("No. (code 403)", code=403, message="No."), ForbiddenError()])
def test_a_refusal_of_all_calls_names_the_list_of_addresses(error: ZoomOpsError) -> None:
    report = check(host=error)

    assert "Basic Information, IP Addresses" in bad(report)["IP address"]


def test_an_unknown_user_does_not_blame_the_list_of_addresses() -> None:
    report = check(host=ZoomRefusedError("User does not exist.", code=1001))

    assert "IP address" not in bad(report)
    assert "no host could be read" in unseen(report, "IP address")[0]


def test_a_right_that_is_missing_is_told_with_the_place() -> None:
    report = check(host=ZoomRefusedError("Zoom refused to get user: No permission. (code 200)", code=200))

    assert "The role of the app's owner" in bad(report)[HOST]


def test_a_licence_that_only_an_attempt_can_tell_is_no_fault_and_a_deactivated_host_is_one() -> None:
    report = check(host=lambda email: Host(email=email, id=email, licensed=None, capacity=0, licences=("webinars_x",)))

    assert (report.ok, bad(report)) == (True, {})
    assert "Zoom names webinars_x. The first webinar tries it." in unseen(report, HOST)[0]

    report = check(host=lambda email: Host(email=email, id=email, licensed=True, capacity=500, active=email != OTHER))

    assert bad(report) == {OTHER: f"{OTHER} is deactivated at Zoom."}
