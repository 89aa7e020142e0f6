"""Which alerts follow from what is known of the service."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from zoom_ops.messages import alerts as say
from zoom_ops.operations.watching.decide import KINDS, find_alerts, find_failures
from zoom_ops.operations.watching.facts import Pause, Unheard, WatchFacts
from zoom_ops.operations.watching.outage import describe_outage
from zoom_ops.store.coming import WaitingEvent
from zoom_ops.store.db.disks import Disk
from zoom_ops.store.identity.tokens import ApiToken

MB, GB = 10**6, 10**9
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def a_token(name: str = "website", **changes: Any) -> ApiToken:
    values: dict[str, Any] = {"expires_at": None, "used_at": None, "scopes": ("events:read", "runs:read")}
    return ApiToken(id=1, name=name, created_at=NOW, created_by="ada", **values | changes)


def a_pause(what: Any = "account", **changes: Any) -> Pause:
    values: dict[str, Any] = {"name": "main", "by": "ada", "note": "Zoom moves us", "since": NOW - HOUR}
    return Pause(what=what, **values | changes)


def some(*names: str) -> tuple[WaitingEvent, ...]:
    """Build events that begin now."""
    return tuple(WaitingEvent(name=name, start=NOW) for name in names)


def severities(facts: WatchFacts) -> list[tuple[str, str]]:
    return [(alert.kind, alert.severity) for alert in find_alerts(facts)]


@pytest.mark.parametrize(
    ("free", "total", "severity", "fails"),
    [
        (50 * GB, 100 * GB, None, False),
        (10 * GB, 100 * GB, None, False),
        (10 * GB - 1, 100 * GB, "warning", False),
        (2 * GB, 100 * GB, "warning", False),
        (2 * GB - 1, 100 * GB, "critical", True),
        (1 * GB, 4 * GB, None, False),
        (1 * GB - 1, 4 * GB, "warning", False),
        (200 * MB, 1 * GB, "warning", False),
        (200 * MB - 1, 1 * GB, "critical", True),
        (0, 0, "critical", True),
    ],
)
def test_disk_is_told_before_it_is_full(free: int, total: int, severity: str | None, fails: bool) -> None:
    facts = WatchFacts(now=NOW, disks=(Disk(holds="the database", folder="/srv/var", free=free, total=total),))

    assert severities(facts) == ([("disk_nearly_full", severity)] if severity else [])
    assert bool(find_failures(facts)) == fails


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (None, None),
        (14 * DAY, None),
        (14 * DAY - HOUR, "warning"),
        (3 * DAY, "warning"),
        (3 * DAY - HOUR, "critical"),
        (-2 * DAY, "critical"),
        (-4 * DAY, None),
    ],
)
def test_token_is_told_before_it_ends(left: timedelta | None, severity: str | None) -> None:
    facts = WatchFacts(now=NOW, tokens=(a_token(expires_at=None if left is None else NOW + left),))

    assert severities(facts) == ([("token_expires", severity)] if severity else [])


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("website", "zoom-ops tokens add website-2 --scope events:read --scope runs:read"),
        ("website-2", "zoom-ops tokens add website-3 --scope events:read --scope runs:read"),
        ("our site", "zoom-ops tokens add 'our site-2' --scope events:read --scope runs:read"),
    ],
)
def test_token_that_ends_names_the_command_that_makes_another(name: str, command: str) -> None:
    (alert,) = find_alerts(WatchFacts(now=NOW, tokens=(a_token(name, expires_at=NOW + DAY),)))

    assert alert.subject == name
    assert f"Give its script another: {command}." in str(alert.message)
    assert "ends on 2040-01-25 12:00 UTC" in str(alert.message)


@pytest.mark.parametrize(
    ("pause", "severity"),
    [
        (a_pause(), None),
        (a_pause(since=NOW - DAY), None),
        (a_pause(since=NOW - DAY - HOUR), "warning"),
        (a_pause(coming=2), "warning"),
        (a_pause(coming=2, lacking=some("tides")), "critical"),
        (a_pause("job", name="create_webinars", since=NOW - 2 * DAY), "warning"),
        (a_pause("job", name="create_webinars", coming=1, lacking=some("tides")), "critical"),
    ],
)
def test_pause_is_told_once_it_is_long_or_hurts_an_event(pause: Pause, severity: str | None) -> None:
    facts = WatchFacts(now=NOW, pauses=(pause,))

    assert severities(facts) == ([("paused_for_long", severity)] if severity else [])
    assert find_failures(facts) == ()


def test_pause_names_the_events_that_it_hurts_and_the_way_out() -> None:
    (alert,) = find_alerts(WatchFacts(now=NOW, pauses=(a_pause(coming=6, lacking=some("a", "b", "c", "d")),)))

    assert (alert.account, alert.subject) == ("main", None)
    assert str(alert.message) == (
        "Account main: Paused by ada on 2040-01-24 11:00 UTC: “Zoom moves us”. No call goes to Zoom. "
        "6 events begin within 24 hours. Without a webinar: a (2040-01-24 12:00 UTC), b (2040-01-24 12:00 UTC), "
        "c (2040-01-24 12:00 UTC) and 1 more. To go on: zoom-ops accounts resume main"
    )


@pytest.mark.parametrize(
    ("rounds", "kinds"), [(0, []), (2, []), (3, ["heartbeat_unheard"]), (900, ["heartbeat_unheard"])]
)
def test_monitor_that_hears_nothing_is_told_after_three_rounds(rounds: int, kinds: list[str]) -> None:
    facts = WatchFacts(now=NOW, unheard=Unheard(rounds=rounds, reason="It answered HTTP 404."))

    assert [alert.kind for alert in find_alerts(facts)] == kinds
    assert find_failures(facts) == ()


def test_stopped_account_is_a_failure_and_its_alert_is_not_ours() -> None:
    facts = WatchFacts(now=NOW, stopped_accounts=("main",))

    assert find_alerts(facts) == ()
    assert find_failures(facts) == ("Zoom account main is stopped: zoom-ops accounts says why.",)


def test_events_without_an_account_are_told() -> None:
    (alert,) = find_alerts(WatchFacts(now=NOW, without_account=(3, "tides")))

    assert alert.kind == "no_account"
    assert alert.message == say.NO_ACCOUNT(events=3, event="tides")


@given(
    st.builds(
        WatchFacts,
        now=st.just(NOW),
        disks=st.lists(
            st.builds(Disk, holds=st.text(), folder=st.sampled_from(("/a", "/b")), free=st.integers(0, 10**13),
                      total=st.integers(0, 10**13)), max_size=2, unique_by=lambda disk: disk.folder,
        ).map(tuple),
        pauses=st.lists(
            st.builds(Pause, what=st.sampled_from(("account", "job")), name=st.sampled_from(("a", "b")), by=st.text(),
                      note=st.text(), since=st.none() | st.just(NOW), coming=st.integers(0, 5),
                      lacking=st.lists(st.text()).map(lambda names: some(*names))),
            max_size=4, unique_by=lambda pause: (pause.what, pause.name),
        ).map(tuple),
        unheard=st.builds(Unheard, rounds=st.integers(0, 10), reason=st.text()),
    )
)  # fmt: skip
def test_each_condition_is_one_alert_of_a_known_kind(facts: WatchFacts) -> None:
    alerts = find_alerts(facts)

    assert len({alert.key for alert in alerts}) == len(alerts)
    assert {alert.kind for alert in alerts} <= set(KINDS)
    assert find_alerts(facts) == alerts


@pytest.mark.parametrize(
    ("due", "begun", "severity", "part"),
    [
        (0, (), "info", "No process performed runs from 2040-01-24 12:00 UTC to 2040-01-24 18:00 UTC. The log"),
        (1, (), "warning", "1 run that became due is performed now"),
        (7, some("tides"), "warning", "7 runs that became due are performed now; nothing is done twice. Meanwhile"),
        (0, some("a", "b"), "warning", "Meanwhile began: a (2040-01-24 12:00 UTC), b (2040-01-24 12:00 UTC);"),
    ],
)  # fmt: skip
def test_outage_says_from_when_until_when_and_what_to_look_at(
    due: int, begun: tuple[WaitingEvent, ...], severity: str, part: str
) -> None:
    alert = describe_outage(NOW, NOW + 6 * HOUR, due=due, begun=begun)

    assert alert.severity == severity
    assert part in str(alert.message)
