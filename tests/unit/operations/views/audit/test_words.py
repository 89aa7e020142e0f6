"""Lines of the audit in plain words."""

import re
from typing import Any

from tests.root import ROOT
from zoom_ops.operations.events.changes import say_changes
from zoom_ops.operations.views.audit.words import DEEDS, AuditNames, describe_line
from zoom_ops.planning import FieldChange
from zoom_ops.store.db.partial_indexes import REFUSALS

RECORDED = re.compile(r'record_audit\(\s*connection,\s*[\w.()]+,\s*"(\w+)"')
NAMES = AuditNames(
    events={"tides": "Tides of Tomorrow"},
    users={"amara": "Amara Diallo"},
    recordings={"a==": "recording of 75 minutes"},
)


def described(what: str, subject: tuple[str, str], how: str = "session", **detail: Any) -> tuple[str, ...]:
    """Describe a line: who, what, about what, with which address, and the details."""
    kind, name = subject
    line = {"who": "amara", "how": how, "what": what, "subject_kind": kind, "subject": name, "detail": detail}
    words = describe_line(line, NAMES)
    return (words.who, words.deed, words.about, words.address, *words.details)


def test_every_deed_that_is_recorded_has_words() -> None:
    files = (path.read_text() for path in (ROOT / "zoom_ops").rglob("*.py"))
    recorded = {what for text in files for what in RECORDED.findall(text)} | set(REFUSALS)

    assert len(recorded) > 30
    assert recorded - set(DEEDS) == set()
    assert [words for words in DEEDS.values() if "_" in words] == []


def test_change_of_a_time_is_told_from_old_to_new() -> None:
    changes = ["start: 2040-01-31T08:30:00-05:00 → 2040-01-31T13:45:00Z", "venue: nothing → Pier 4"]

    line = described("event_updated", ("event", "tides"), fields=["start", "venue"], changes=changes)

    assert line == (
        "Amara Diallo (amara)", "changed the event", "Tides of Tomorrow", "/-/events/tides",
        "start from 2040-01-31 08:30 (UTC-05:00) to 2040-01-31 13:45 UTC", "venue from nothing to “Pier 4”",
    )  # fmt: skip


def test_change_of_a_list_names_what_changed_once() -> None:
    paris, berlin = "Europe/Paris, 2040-01-31T15:00:00", "Europe/Berlin, 2040-01-31T15:00:00"
    later = paris.replace("15", "16"), berlin.replace("15", "16")
    changes = [
        f"display_times: {paris}; {berlin} → {later[0]}; {later[1]}",
        "performers: Ada Diallo → Ada Diallo; Bo Ek; Cy Li",
    ]
    rows = [{"label": zone, "timezone": zone} for zone in ("Europe/Paris", "Europe/Berlin")]

    line = described("event_updated", ("event", "tides"), changes=changes)

    assert line[4:] == (
        "display times: from Europe/Paris, 2040-01-31 15:00 to Europe/Paris, 2040-01-31 16:00, and 1 more",
        "performers: with “Bo Ek” and 1 more",
    )
    assert say_changes([FieldChange(field="display_times", old=rows, new=rows[:1])]) == [
        "display_times: Europe/Paris; Europe/Berlin → Europe/Paris"
    ]


def test_moment_keeps_its_seconds() -> None:
    line = described("token_added", ("token", "nightly"), expires="2040-01-31T08:30:57+00:00")

    assert line[4:] == ("expires: 2040-01-31 08:30:57 UTC",)


def test_things_are_told_by_name() -> None:
    retried = described("run_retried", ("run", "7"), job="create_webinars", force=True, **{"for": "tides"})
    withheld = described("recording_withheld", ("event", "tides"), recording="a==")
    paused = described("job_paused", ("job", "create_webinars"), note="Zoom moves us.")
    dismissed = described("alert_dismissed", ("alert", "3"), kind="recording_missing", about="tides")

    assert retried[2:] == (
        "run 7 (create webinars for Tides of Tomorrow)", "/-/runs/7", "by force: also what is refused as unsafe",
    )  # fmt: skip
    assert withheld[4:] == ("recording of 75 minutes",)
    assert paused[1:] == (
        "paused the job", "job “create webinars”", "/-/jobs#job-create_webinars", "“Zoom moves us.”",
    )  # fmt: skip
    asked = described("job_asked_for", ("job", "watch_service"), job="watch_service", runs=1)
    assert asked[2:] == ("job “watch service”", "/-/jobs#job-watch_service", "1 run")
    assert dismissed[2] == "recording missing of Tides of Tomorrow"


def test_what_is_gone_is_told_by_what_is_left_of_it() -> None:
    deleted = described("event_deleted", ("event", "gone"), how="token", name="Storms", visibility="draft")
    own = described("signed_in", ("user", "amara"))

    assert deleted == ("token “amara”", "deleted the event", "Storms", "", "who finds it: draft")
    assert own[:3] == ("Amara Diallo (amara)", "signed in", "")
