"""Alerts and stopped accounts for an operator, with real commands and a real daemon."""

from contextlib import closing

from tests.acceptance.installation import Installation
from tests.builders import ACCOUNT, EVENT_ID, NOW
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.db.connect import open_database


def test_alerts_are_listed(installation: Installation) -> None:
    nothing = installation.run("alerts")
    with closing(open_database(installation.database_url)) as database, database.begin() as connection:
        late = Alert(kind="recording_missing", subject=EVENT_ID, account=ACCOUNT, sentence="There is no recording.")
        raise_alert(connection, late, NOW)

    shown, as_json = installation.run("alerts"), installation.run("alerts", "--all", "--json").json

    assert nothing.said == "There are no alerts."
    assert "There is no recording." in shown.out
    assert "1 open alert: zoom-ops alerts" in installation.run("runs", "--failed").err
    assert [(alert["kind"], alert["subject"], alert["cleared"]) for alert in as_json] == [
        ("recording_missing", EVENT_ID, None)
    ]
