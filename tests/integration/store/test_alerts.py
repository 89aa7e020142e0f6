"""Alerts: raised once while they are open, cleared, counted, and logged."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from structlog.testing import capture_logs

from tests.builders import ACCOUNT, EVENT_ID, NOW
from zoom_ops.messages import as_said
from zoom_ops.store.alerts import (
    Alert,
    are_settled,
    clear_alert,
    count_alerts,
    dismiss,
    list_alerts,
    list_raised,
    raise_alert,
    settle_alerts,
)
from zoom_ops.store.db.connect import Database

pytestmark = pytest.mark.both_databases

LATE = Alert(kind="recording_missing", subject=EVENT_ID, account=ACCOUNT, message=as_said("There is no recording."))


def raise_(database: Database, alert: Alert = LATE) -> bool:
    """Raise an alert in a transaction of its own."""
    with database.begin() as connection:
        return raise_alert(connection, alert, NOW)


def clear(database: Database, alert: Alert = LATE) -> bool:
    """Clear an alert in a transaction of its own, an hour later."""
    with database.begin() as connection:
        return clear_alert(connection, alert.key, NOW + timedelta(hours=1))


def test_alert_is_raised_once_while_it_is_open(database: Database) -> None:
    raised = [raise_(database), raise_(database)]

    with database.read() as connection:
        rows = list_alerts(connection)
    assert raised == [True, False]
    assert [(row.kind, row.subject, row.account, str(row.sentence), row.raised_at, row.cleared_at) for row in rows] == [
        ("recording_missing", EVENT_ID, ACCOUNT, "There is no recording.", NOW, None)
    ]


def test_open_alert_takes_the_latest_sentence(database: Database) -> None:
    raise_(database)
    raise_(database, Alert(kind=LATE.kind, subject=EVENT_ID, account=ACCOUNT, message=as_said("It was never held.")))

    with database.read() as connection:
        assert [str(row.sentence) for row in list_alerts(connection)] == ["It was never held."]


def settle(database: Database, *wanted: Alert) -> list[tuple[str | None, str, str]]:
    """Let exactly these alerts of their kind be open; return subject, sentence and severity of those that are."""
    with database.begin() as connection:
        settle_alerts(connection, wanted, list_raised(connection, (LATE.kind,)), NOW)
    with database.read() as connection:
        assert are_settled(wanted, list_raised(connection, (LATE.kind,)))
        return [(row.subject, str(row.sentence), row.severity) for row in reversed(list_alerts(connection))]


def test_exactly_the_settled_alerts_are_open_and_say_what_is_true_now(database: Database) -> None:
    first, second = replace(LATE, subject="first", cause="Lost"), replace(LATE, subject="second")

    assert settle(database, first, second) == [
        ("first", str(LATE.message), "warning"),
        ("second", str(LATE.message), "warning"),
    ]
    assert settle(database, replace(first, severity="critical")) == [("first", str(LATE.message), "critical")]
    assert settle(database, replace(first, cause="Cut")) == [("first", str(LATE.message), "warning")]
    with database.read() as connection:
        assert [row.cause for row in list_alerts(connection)] == ["Cut"]
    assert settle(database) == []


def test_dismissed_alert_stays_away_while_it_says_the_same(database: Database) -> None:
    worded = replace(LATE, message=as_said("There is still no recording."))
    for alert, other in ((LATE, worded), (replace(LATE, cause="Lost"), replace(LATE, cause="Cut"))):
        settle(database, alert)
        with database.begin() as connection:
            dismiss(connection, list_alerts(connection)[0].id, NOW)

        assert settle(database, replace(alert, severity="critical")) == []
        assert len(settle(database, other)) == 1
        assert settle(database, alert) == [(EVENT_ID, str(alert.message), "warning")], "it was over meanwhile"
        settle(database)


def test_alert_that_was_cleared_can_be_raised_again(database: Database) -> None:
    raise_(database)

    changed = [clear(database), clear(database), raise_(database)]

    with database.read() as connection:
        listed = (len(list_alerts(connection)), len(list_alerts(connection, cleared=True)))
    assert changed == [True, False, True]
    assert listed == (1, 2)


def test_alerts_of_another_thing_are_others(database: Database) -> None:
    others = [Alert(kind="recording_missing", subject="other", account=ACCOUNT, message=as_said("x")),
              Alert(kind="account_stopped", account=ACCOUNT, message=as_said("x"))]  # fmt: skip

    raised = [raise_(database), *(raise_(database, other) for other in others)]

    with database.read() as connection:
        counted = count_alerts(connection)
        chosen = [row.subject for row in list_alerts(connection, kinds=("recording_missing",))]
    assert raised == [True, True, True]
    assert counted == {("recording_missing", "warning"): 2, ("account_stopped", "warning"): 1}
    assert chosen == ["other", EVENT_ID]


def test_alert_raised_by_many_at_once_is_one(database: Database) -> None:
    together = Barrier(6)

    def raise_together(_: int) -> bool:
        together.wait(timeout=60)
        return raise_(database)

    with ThreadPoolExecutor(6) as pool:
        raised = list(pool.map(raise_together, range(6)))

    assert sorted(raised) == [False] * 5 + [True]


def test_alert_is_one_line_in_the_log(database: Database) -> None:
    with capture_logs() as lines:
        raise_(database)
        raise_(database)
        clear(database)
        clear(database)

    about = {"kind": "recording_missing", "subject": EVENT_ID, "account": ACCOUNT}
    assert lines == [
        {"event": "alert_raised", "log_level": "warning", "sentence": "There is no recording.", **about},
        {"event": "alert_cleared", "log_level": "info", **about},
    ]


def test_open_alerts_are_counted_by_kind_and_severity(database: Database) -> None:
    raise_(database)
    with database.read() as connection:
        with_one = count_alerts(connection)
    clear(database)

    with database.read() as connection:
        assert (with_one, count_alerts(connection)) == ({("recording_missing", "warning"): 1}, {})
