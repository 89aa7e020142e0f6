"""An operator corrects the wrong secret of an account: a real daemon, restarted with other settings.

Requests for a token are counted in the practice Zoom's log.
"""

from typing import Any

import pytest

from tests.acceptance.conftest import MakeInstallation
from tests.acceptance.installation import CLIENT_SECRET, Installation
from tests.acceptance.programme import SPEAKERS, a_programme, address_of, import_programme, invited, seated
from tests.waiting import wait_until

RIGHT = ("tidewater-client", CLIENT_SECRET, "tidewater-account")  # the settings of an installation by default
ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
EVENTS = 5


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(False, id="no token yet"),
        pytest.param(True, id="a token that is still good", marks=pytest.mark.long),
    ],
)
def test_wrong_secret_is_one_request_and_one_alert_and_all_goes_on_with_the_right_one(
    make_installation: MakeInstallation, kept: bool
) -> None:
    installation = make_installation(credentials=RIGHT)
    if kept:
        live_until_done(installation, 1)
    before = (len(installation.zoom.calls()), token_requests(installation))

    installation.set_account(CLIENT_SECRET="mistyped")
    import_programme(installation, EVENTS)
    waits(installation, looks=3, WAITING_S="0.3")  # a waiting run looks again and again and sends no request
    waits(installation, looks=4, WAITING_S=None)  # from here on, every quarter of an hour
    after = (len(installation.zoom.calls()), token_requests(installation))
    open_alerts = alerts(installation)
    installation.set_account(CLIENT_SECRET=CLIENT_SECRET)
    live_until_done(installation, EVENTS)

    assert after == (before[0], before[1] + 1)
    assert [(alert["kind"], alert["cleared"]) for alert in open_alerts] == [("account_stopped", None)]
    assert "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET or" in open_alerts[0]["sentence"]
    assert token_requests(installation) == 2  # one with the wrong secret, and one with the right one
    assert alerts(installation) == []
    assert len(alerts(installation, "--all")) == 1
    assert [set(mailed.values()) for mailed in invited(installation.zoom.webinars())] == [{1}] * EVENTS
    assert installation.run("accounts", "--json").json[0]["state"] == "working"


def waits(installation: Installation, *, looks: int, **settings: str | None) -> None:
    """Run a daemon with these settings until every open run waits for the account and has looked `looks` times."""
    installation.set(**settings)
    with installation.daemon() as daemon:
        wait_until(
            lambda: all(
                run["attempts"] >= looks and "is stopped" in (run["error"] or "") for run in open_(installation)
            ),
            lambda: daemon.log,
        )
        daemon.stop()
    assert open_(installation)


def live_until_done(installation: Installation, events: int) -> None:
    """Run a daemon until this number of events is complete."""
    installation.run("events", "import", installation.write("programme.json", a_programme(events)))
    with installation.daemon() as daemon:
        wait_until(
            lambda: seated(installation.zoom.webinars()) == [ADDRESSES] * events and installation.is_at_rest,
            lambda: daemon.log,
        )
        daemon.stop()


def open_(installation: Installation) -> list[Any]:
    """List the runs that are not done."""
    return [run for run in installation.run("runs", "--json").json if run["state"] != "done"]


def alerts(installation: Installation, *options: str) -> list[Any]:
    return list(installation.run("alerts", "list", *options, "--json").json)


def token_requests(installation: Installation) -> int:
    requests = installation.zoom.control("GET", "/requests")
    return sum(request["path"] == "/oauth/token" for request in requests)
