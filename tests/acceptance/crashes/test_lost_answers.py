"""A lost answer and its results on the command line: a look that Zoom refuses, and a second webinar."""

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.programme import import_programme, invited
from tests.builders import HOST
from tests.waiting import wait_until


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_operator_is_told_what_to_look_for_and_settles_it(installation: Installation) -> None:
    (event,) = import_programme(installation, 1)
    installation.run("plan", event)  # reads what others made on the host
    installation.zoom.fault("POST /users/*/webinars", "drop_response", after_commit=False)
    reason = f"User does not exist: {HOST}."
    installation.zoom.fault("GET /users/*/webinars", "http", status=404, code=1001, message=reason)

    parked = installation.run("run", "create_webinars", "--event", event, code=3)
    run = str(installation.run("runs", "--failed", "--json").json[0]["id"])
    shown = installation.run("runs", "show", run).said
    settled = installation.run("runs", "retry", run, "--not-done")
    nothing = installation.run("runs", "retry", run, "--not-done", code=2)

    assert f"zoom-ops runs show {run}" in parked.said
    assert "open Create the webinar, since 20" in shown
    assert f"look for a webinar of {HOST} whose agenda ends with: Reference: zoom_ops/" in shown
    assert f"zoom-ops events adopt {event} WEBINAR_ID" in shown
    assert f"it was not done: zoom-ops runs retry {run} --not-done" in shown
    assert "Created the webinar" in settled.said
    assert f"Nothing is open for {event}" in nothing.said
    assert [set(mailed.values()) for mailed in invited(installation.zoom.webinars())] == [{1}]


def test_second_webinar_is_told_until_it_is_deleted_at_zoom(installation: Installation) -> None:
    zoom = installation.zoom
    zoom.control("POST", "/list_lag", {"seconds": 600})
    zoom.fault("POST /users/*/webinars", "drop_response")
    with installation.daemon() as daemon:
        (event,) = import_programme(installation, 1)
        wait_until(lambda: any(invited(zoom.webinars())), lambda: daemon.log)
        zoom.control("POST", "/clock", {"advance_s": 600})

        report = installation.run("run", "report_stray_webinars")
        alerts, log = installation.run("alerts", "--json").json, daemon.lines("alert_raised")
        first, second = (webinar["id"] for webinar in zoom.webinars())
        zoom.call("DELETE", f"/webinars/{first}")
        installation.run("run", "report_stray_webinars")
        daemon.stop()

    assert f"Webinars with our mark that are no event's own: {first}." in report.said
    assert [(alert["kind"], alert["subjects"]) for alert in alerts] == [("webinar_stray", [event])]
    assert f"zoom-ops events adopt {event} {first}, and delete {second} there." in alerts[0]["sentence"]
    assert len(log) == 1
    assert installation.run("alerts").said == "There are no alerts."
    assert len(invited(zoom.webinars())) == 1
