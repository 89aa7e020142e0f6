"""An answer that got lost and cannot be looked up, as an operator meets it on the command line."""

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.programme import import_programme, invited
from tests.builders import HOST


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_operator_is_told_what_to_look_for_and_settles_it(installation: Installation) -> None:
    (event,) = import_programme(installation, 1)
    installation.zoom.fault("POST /users/*/webinars", "drop_response", after_commit=False)
    gone = f"User does not exist: {HOST}."
    installation.zoom.fault("GET /users/*/webinars", "http", status=404, code=1001, message=gone)

    parked = installation.run("run", "create_webinars", "--event", event, code=3)
    run = str(installation.run("runs", "--failed", "--json").json[0]["id"])
    shown = installation.run("runs", "show", run).said
    settled = installation.run("runs", "retry", run, "--not-done")
    nothing = installation.run("runs", "retry", run, "--not-done", code=2)

    assert f"zoom-ops runs show {run}" in parked.said
    assert "open CreateWebinar, since 20" in shown
    assert f"look for a webinar of {HOST} whose agenda ends with: Reference: zoom_ops/" in shown
    assert f"zoom-ops events adopt {event} WEBINAR_ID" in shown
    assert f"it was not done: zoom-ops runs retry {run} --not-done" in shown
    assert "CreateWebinar" in settled.said
    assert f"Nothing is open for {event}" in nothing.said
    assert [set(mailed.values()) for mailed in invited(installation.zoom.webinars())] == [{1}]
