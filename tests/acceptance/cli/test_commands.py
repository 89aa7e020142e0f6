"""The output and exit code of every command, which scripts rely on, on an installation with a complete history."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.programme import SPEAKERS, a_programme, address_of, an_entry, published
from tests.builders import ACCOUNT, HOST
from tests.waiting import wait_until

HELD, COMING = "tides-01", "tides-02"
SAMPLE = "ungis-wsis-2023.txt"
EVENT_KEYS = [
    "id", "name", "series", "description", "language", "start", "end", "timezone", "display_times", "visibility",
    "status", "previous_start", "organizers", "performers", "venue", "attachments", "attachments_note", "consent",
    "account", "profile", "image", "needs_review", "webinar", "recordings", "alerts", "plan",
    "stages",
]  # fmt: skip
RUN_KEYS = {
    "id", "job", "subject", "account", "state", "attempts", "outcome", "error", "message", "next_at", "created",
    "finished",
}  # fmt: skip


@pytest.fixture(scope="module")
def lived(shared: Installation) -> Installation:
    """An installation with one event that was held and has a published recording, and one future event."""
    live(shared)
    return shared


def live(installation: Installation) -> None:
    installation.write("programme.json", a_programme(2))
    installation.write(SAMPLE, (files("zoom_ops.samples") / SAMPLE).read_bytes())
    with installation.daemon() as daemon:
        installation.run("events", "import", "programme.json", SAMPLE)
        wait_until(lambda: invitations(installation) == 2 * len(SPEAKERS), lambda: daemon.log)
        installation.zoom.hold(webinar_of(installation, HELD), processing_s=0.1)
        wait_until(lambda: published(daemon.url, HELD), lambda: daemon.log)
        wait_until(lambda: installation.is_at_rest, lambda: daemon.log)
        daemon.stop()


def invitations(installation: Installation) -> int:
    return sum(len(webinar["invitations"]) for webinar in installation.zoom.webinars())


def webinar_of(installation: Installation, event: str) -> int:
    return int(installation.run("events", "show", event, "--json").json["webinar"]["id"])


def test_import_tells_what_became_of_each_event(lived: Installation) -> None:
    lived.write("third.json", json.dumps(an_entry(3)))
    first = lived.run("events", "import", "third.json", "--json").json
    lived.write("third.json", json.dumps(an_entry(3, venue="Harbour Hall")))
    second = lived.run("events", "import", "third.json", "--json").json
    third = lived.run("events", "import", "third.json", "--json").json

    keys = {"id", "action", "visibility", "changes", "needs_review"}
    assert [set(event) for event in (*first, *second, *third)] == [keys] * 3
    assert first[0]["action"] == "created"
    assert {"field": "venue", "old": None, "new": None} not in first[0]["changes"]
    assert second == [
        {
            "id": "tides-03",
            "action": "updated",
            "visibility": "listed",
            "changes": [{"field": "venue", "old": None, "new": "Harbour Hall"}],
            "needs_review": [],
        }
    ]
    assert third == [second[0] | {"action": "unchanged", "changes": []}]
    lived.run("events", "cancel", "tides-03", "--yes")
    lived.run("apply", "--event", "tides-03")


def test_imported_announcement_tells_what_to_review_with_its_line(lived: Installation) -> None:
    (imported,) = lived.run("events", "import", SAMPLE, "--json").json

    assert imported["action"] == "unchanged"
    assert {frozenset(note) for note in imported["needs_review"]} == {frozenset({"field", "line", "text", "reason"})}
    assert [note["field"] for note in imported["needs_review"]] == ["recording"]


@pytest.mark.parametrize("event", [HELD, COMING, "announced"])
def test_shown_event_can_be_imported_as_it_is(lived: Installation, event: str) -> None:
    event = announced(lived) if event == "announced" else event
    shown = lived.run("events", "show", event, "--json")

    name = lived.write("shown.json", shown.out)
    imported = lived.run("events", "import", name, "--json").json

    assert sorted(shown.json) == sorted(EVENT_KEYS)
    assert [(event["id"], event["action"], event["changes"]) for event in imported] == [(event, "unchanged", [])]
    before, after = shown.json, lived.run("events", "show", event, "--json").json
    for document in (before, after):
        document["plan"].pop("service")  # seconds after the daemon has stopped, it says so
    assert after == before


def announced(installation: Installation) -> str:
    past = installation.run("events", "list", "--past", "--json").json
    return next(event["id"] for event in past if event["id"].startswith("ungis"))


def test_shown_event_tells_operators_of_webinar_recording_and_addresses(lived: Installation) -> None:
    shown = lived.run("events", "show", HELD, "--json").json
    (webinar,) = [webinar for webinar in lived.zoom.webinars() if webinar["id"] == shown["webinar"]["id"]]

    assert (shown["webinar"]["account"], shown["webinar"]["host"]) == (ACCOUNT, HOST)
    assert shown["webinar"]["join_url"].startswith(f"{lived.zoom.url}/j/{webinar['id']}")
    assert [person["email"] for person in shown["performers"]] == [address_of(name) for name in SPEAKERS]
    (recording,) = shown["recordings"]
    assert set(recording) == {
        *("uuid", "start", "duration_s", "url", "state", "expires", "files"),
        *("withheld", "finding", "sharing"),
    }
    assert (recording["duration_s"], recording["state"]) == (75 * 60, "published")
    assert recording["url"] == f"{lived.url}/events/{HELD}/recording"
    assert {frozenset(file) for file in recording["files"]} == {frozenset({"kind", "size", "status"})}


def test_shown_event_reads_well(lived: Installation) -> None:
    output = lived.run("events", "show", HELD).said

    for part in ("Tides of Tomorrow, part 1", "Amara Diallo", f"/events/{HELD}", "3 panelists were seated."):
        assert part in output


def test_events_are_listed_those_to_come_and_those_that_are_over(lived: Installation) -> None:
    coming = lived.run("events", "list", "--json").json
    past = lived.run("events", "list", "--past", "--json").json

    assert [event["id"] for event in coming][:2] == [HELD, COMING]
    assert [event["id"] for event in past] == [announced(lived)]
    assert (coming[0]["webinar"], coming[0]["recordings"]) == (webinar_of(lived, HELD), 1)
    assert past[0]["without_address"] == 6
    assert HELD in lived.run("events", "list").out


def test_jobs_are_listed_with_their_turns(lived: Installation) -> None:
    jobs = lived.run("jobs", "--json").json

    assert [job["name"] for job in jobs] == [
        "check_recordings", "create_webinars", "fetch_recordings", "make_backups", "prune_records",
        "publish_links", "publish_recordings", "pull_homes", "register_panelists", "report_expiring_recordings",
        "report_missing_recordings", "report_stray_webinars", "tell_operators", "tell_others", "watch_events",
        "watch_service",
    ]  # fmt: skip
    when = {"schedule", "every_s", "at", "zone", "last_run", "last_outcomes", "next_run", "next_run_local"}
    pause = {"paused", "note", "paused_by", "paused_since"}
    assert {frozenset(job) for job in jobs} == {frozenset({"name", "summary"} | when | pause)}
    assert jobs[1]["schedule"] == "every 5 minutes"
    assert jobs[1]["summary"].startswith("Create a Zoom webinar for each event")
    assert [job["name"] for job in jobs if job["last_run"] is None and not job["name"].startswith("watch_")] == [
        "check_recordings", "make_backups", "prune_records", "publish_links", "pull_homes",
        "report_expiring_recordings", "report_missing_recordings", "report_stray_webinars", "tell_operators",
        "tell_others",
    ]  # fmt: skip
    assert all(job["last_run"] < job["next_run"] for job in jobs if job["last_run"])
    listed = lived.run("jobs").out
    assert "every 30 minutes" in listed
    assert "1 done" in listed


def test_runs_are_listed_the_newest_first(lived: Installation) -> None:
    runs = lived.run("runs", "--json").json

    assert {frozenset(run) for run in runs} == {frozenset(RUN_KEYS | {"replaced_by"})}
    assert [run["id"] for run in runs] == sorted((run["id"] for run in runs), reverse=True)
    assert {run["account"] for run in runs} - {None} == {ACCOUNT}  # the service's own have none
    assert len(lived.run("runs", "--limit", "2", "--json").json) == 2
    assert "register_panelists" in lived.run("runs").out


def test_run_is_shown_with_the_calls_it_made(lived: Installation) -> None:
    runs = lived.run("runs", "--json").json
    created = next(r for r in runs if (r["job"], r["subject"]) == ("create_webinars", HELD))

    shown = lived.run("runs", "show", str(created["id"]), "--json").json

    assert set(shown) == RUN_KEYS | {"calls", "open"}
    assert {frozenset(call) for call in shown["calls"]} == {
        frozenset({"at", "method", "path", "status", "tracking_id"})
    }
    assert [(call["method"], call["path"], call["status"]) for call in shown["calls"]][-1] == (
        "POST", f"/users/{HOST}/webinars", 201,
    )  # fmt: skip
    assert "POST" in lived.run("runs", "show", str(created["id"])).out


def test_address_book_is_listed(lived: Installation) -> None:
    lived.write("people.csv", "\ufeffname;organization;email\nYusuf Demir;City of Alder Bay;Yusuf.Demir@example.org\n")

    first = lived.run("people", "import", "people.csv", "--json").json
    second = lived.run("people", "import", "people.csv", "--json").json

    assert [event["action"] for event in (*first, *second)] == ["created", "unchanged"]
    assert lived.run("people", "list", "--json").json == [
        {"name": "Yusuf Demir", "organization": "City of Alder Bay", "email": "yusuf.demir@example.org"}
    ]
    assert "yusuf.demir@example.org" in lived.run("people", "list").out


def test_doctor_finds_everything_well(lived: Installation) -> None:
    checks = lived.run("doctor", "--json").json

    assert {frozenset(check) for check in checks} == {frozenset({"what", "ok", "sentence", "checked"})}
    assert all(check["ok"] for check in checks)
    unseen = [check["sentence"] for check in checks if not check["checked"]]
    assert all(
        sentence.startswith(("not checked: ", "Nobody ", "No process ")) for sentence in unseen
    )  # or what may be left out
    assert any("who owns the app" in sentence for sentence in unseen)
    assert "Zoom accepts the credentials." in lived.run("doctor").said


def test_database_is_upgraded_and_backed_up(lived: Installation, tmp_path: Path) -> None:
    assert lived.run("db", "upgrade", "--json").json == {"database": lived.kind, "current": True}
    if lived.kind == "postgresql":
        assert "pg_dump" in lived.run("db", "backup", str(tmp_path / "copy.db"), code=2).said
        return

    backed = lived.run("db", "backup", str(tmp_path / "copy.db"), "--json").json

    assert backed == {"file": str(tmp_path / "copy.db"), "bytes": (tmp_path / "copy.db").stat().st_size, "removed": []}
    lived.run("db", "backup", str(tmp_path / "copy.db"), code=2)
    assert lived.run("db", "verify", backed["file"], "--json").json["bytes"] == backed["bytes"]
    assert "This is no SQLite database." in lived.run("db", "verify", lived.write("song.txt", "la " * 99), code=2).said


def test_nothing_secret_is_printed_or_left_behind(lived: Installation) -> None:
    secrets = [secret for secret in lived.zoom.state()["secrets"] if len(secret) > 7]
    join_links = [secret for secret in secrets if "/j/" in secret or "/w/" in secret]
    shown = {lived.run("events", "show", event, "--json").json["webinar"]["join_url"] for event in (HELD, COMING)}

    left = lived.left_behind()
    if lived.kind == "sqlite":
        left += Path(lived.database_url.removeprefix("sqlite:///")).read_bytes()
    leaked = [secret for secret in secrets if secret.encode() in left and secret not in shown]

    assert join_links
    assert leaked == []
