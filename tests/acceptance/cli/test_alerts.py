"""Alerts for an operator, with real commands: problems, who is told, mutes, windows."""

from contextlib import closing

from tests.acceptance.installation import Installation
from tests.builders import ACCOUNT, EVENT_ID, NOW
from zoom_ops.messages import as_said
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.db.connect import open_database


def test_alerts_are_listed_and_silenced(installation: Installation) -> None:
    nothing = installation.run("alerts")
    with closing(open_database(installation.database_url)) as database, database.begin() as connection:
        late = Alert(
            kind="recording_missing", subject=EVENT_ID, account=ACCOUNT, message=as_said("There is no recording.")
        )
        raise_alert(connection, late, NOW)

    shown, as_json = installation.run("alerts"), installation.run("alerts", "list", "--all", "--json").json
    installation.run("alerts", "windows", "add", "--for", "2h", "--note", "The database moves")
    muted = installation.run("alerts", "mute", "recording_missing", "--note", "Zoom knows of it", "--for", "7d")
    silenced = installation.run("alerts")
    untold = installation.run("alerts", "test", code=1)

    assert nothing.said == "There are no alerts."
    assert "There is no recording." in shown.out
    assert "1 open alert: zoom-ops alerts" in installation.run("runs", "--failed").err
    assert [(alert["kind"], alert["subject"], alert["cleared"]) for alert in as_json] == [
        ("recording_missing", EVENT_ID, None)
    ]
    assert muted.said.startswith(f"Problem {as_json[0]['problem']} ({EVENT_ID}: There is no recording) is muted until ")
    assert "Zoom knows of it)" in silenced.out
    assert "The database moves" in silenced.err
    assert untold.err.strip() == "Nobody is told of problems: ZOOM_OPS_ALERT_TO is not set."
