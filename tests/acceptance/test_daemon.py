"""The daemon works by itself and on demand, logs what it does, and stops and continues in time."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from tests.acceptance.installation import WEBHOOK_SECRET, Daemon, Installation, install
from tests.acceptance.programme import SPEAKERS, address_of, an_entry, import_programme, invited, published, seated
from tests.builders import ACCOUNT
from tests.integration.service import CREATE
from tests.waiting import wait_until
from tests.zoom_signature import signed

EVENT = "tides-01"
ADDRESSES = tuple(sorted(address_of(name) for name in SPEAKERS))
COUNT_TURNS = '''"""Count its turns."""

from datetime import timedelta

from zoom_ops.job_api import Work, job, unplanned_events


@job(every=timedelta(seconds=1), turn=unplanned_events)
def count_turns(work: Work) -> str:
    """Say that it was performed."""
    return "Counted."
'''


def is_seated(installation: Installation, events: int = 1) -> bool:
    return seated(installation.zoom.webinars()) == [ADDRESSES] * events


def states(installation: Installation) -> dict[str, str]:
    return {run["job"]: run["state"] for run in installation.run("runs", "--json").json}


def test_imported_event_gets_its_webinar_people_and_recording(installation: Installation) -> None:
    with installation.daemon() as daemon:
        import_programme(installation, 1)
        wait_until(lambda: is_seated(installation), lambda: daemon.log)
        installation.zoom.hold(processing_s=0.1)
        wait_until(lambda: published(daemon.url, EVENT), lambda: daemon.log)
        played = daemon.fetch(f"/events/{EVENT}/recording")
        wait_until(lambda: set(states(installation).values()) == {"done"}, lambda: str(states(installation)))

        assert played.status_code == 303
        assert requests.get(played.headers["location"], timeout=60).status_code == 200


def test_log_is_json_without_addresses_links_and_secrets(installation: Installation) -> None:
    with installation.daemon() as daemon:
        import_programme(installation, 1)
        wait_until(lambda: is_seated(installation), lambda: daemon.log)
        installation.zoom.hold(processing_s=0.1)
        wait_until(lambda: published(daemon.url, EVENT), lambda: daemon.log)
        daemon.stop()

    lines = [json.loads(line) for line in daemon.log.splitlines()]
    secrets = [secret for secret in installation.zoom.state()["secrets"] if len(secret) > 7]
    events = {line["event"] for line in lines}
    assert {"daemon_started", "notification_stored", "action_performed", "run_done", "daemon_stopped"} <= events
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)
    assert [
        word for word in ("@example.org", "/j/", "/w/", "start_url", "\\u001b", *secrets) if word in daemon.log
    ] == []


def test_run_waits_for_the_daemon_that_does_the_work(installation: Installation) -> None:
    with installation.daemon() as daemon:
        import_programme(installation, 1)
        wait_until(lambda: is_seated(installation), lambda: daemon.log)
        installation.write("changed.json", json.dumps(an_entry(1, name="Tides of Yesterday")))
        installation.zoom.fault("PATCH /webinars/*", "delay", seconds=0.5)
        installation.run("events", "import", "changed.json")
        ended = installation.run("run", "create_webinars", "--event", EVENT)
        performed = daemon.lines("action_performed")

    assert installation.zoom.webinar()["topic"] == "Tides of Yesterday"
    assert "create_webinars tides-01 done: Changed the webinar." in ended.out
    assert [line["action"] for line in performed] == ["CreateWebinar", "AddPanelists", "UpdateWebinar"]


def test_run_does_the_work_itself_where_no_daemon_does(installation: Installation) -> None:
    import_programme(installation, 1)

    ended = installation.run("run", "create_webinars", "--event", EVENT)
    again = installation.run("run", "create_webinars", "--event", EVENT, "--json")

    assert ended.out.splitlines() == [
        "create_webinars tides-01 done: Created the webinar.",
        "register_panelists tides-01 done: Added panelists.",
        "2 done.",
    ]
    assert is_seated(installation)
    assert [(run["job"], run["state"]) for run in again.json] == [
        ("create_webinars", "done"), ("register_panelists", "done"),
    ]  # fmt: skip


def test_dry_run_shows_what_would_be_done_and_does_nothing(installation: Installation) -> None:
    import_programme(installation, 2)

    dry_run = installation.run("run", "create_webinars", "--event", EVENT, "--dry-run")
    both = installation.run("run", "create_webinars", "--dry-run", "--json")

    assert dry_run.out.startswith("tides-01: Create the webinar\n")
    assert "tides-02" not in dry_run.out
    assert [plan["event"] for plan in both.json] == ["tides-01", "tides-02"]
    assert installation.zoom.webinars() == []
    assert set(states(installation).values()) == {"active"}


def test_event_without_a_free_host_waits_and_says_so(installation: Installation) -> None:
    installation.write("two.json", json.dumps([an_entry(1), an_entry(1, id="ebb", name="Ebb")]))
    installation.run("events", "import", "two.json")

    ended = installation.run("run", "create_webinars", code=5)
    plan = installation.run("plan", "--json").json

    assert len(installation.zoom.webinars()) == 1
    assert "waiting: " in ended.out
    assert plan["waiting"][0]["reason"] in ended.said


def test_what_an_operator_must_decide_is_parked(installation: Installation) -> None:
    import_programme(installation, 1)
    installation.run("run", "create_webinars", "--event", EVENT)
    installation.zoom.call("DELETE", f"/webinars/{installation.zoom.webinar()['id']}")
    installation.write("changed.json", json.dumps(an_entry(1, name="Tides of Yesterday")))
    installation.run("events", "import", "changed.json")

    ended = installation.run("run", "create_webinars", "--event", EVENT, code=3)
    forced = installation.run("apply", "--event", EVENT, "--force")

    assert "was deleted at Zoom. Cancel the event, or for a new one: zoom-ops apply --event" in ended.said
    assert (forced.code, len(installation.zoom.webinars())) == (0, 1)
    assert is_seated(installation)


def test_job_of_ones_own_has_its_turn_once_a_second_and_one_to_catch_up(installation: Installation) -> None:
    installation.write("jobs/count_turns.py", COUNT_TURNS)
    import_programme(installation, 1)

    with installation.daemon() as daemon:
        wait_until(lambda: len(daemon.lines("run_done")) >= 2, lambda: daemon.log)
        daemon.stop()
        before = len(installation.run("runs", "--json").json)
    time.sleep(2.2)
    restarted = time.time()
    with installation.daemon() as daemon:
        wait_until(lambda: len(daemon.lines("run_done")) >= 2, lambda: daemon.log)
        daemon.stop()
    seconds = time.time() - restarted

    runs = installation.run("runs", "--json").json
    kinds = {(run["job"], run["subject"], run["state"]) for run in runs}
    assert kinds - {("count_turns", EVENT, "active")} == {("count_turns", EVENT, "done")}  # one may wait since the stop
    assert [run["state"] for run in runs].count("active") <= 1
    assert len(runs) - before <= seconds + 2
    ended = sorted(run["created"] for run in runs[-before:])
    assert all(earlier < later for earlier, later in pairwise(ended))


def test_notification_is_taken_if_zoom_signed_it(installation: Installation) -> None:
    with installation.daemon() as daemon:
        import_programme(installation, 1)
        wait_until(lambda: is_seated(installation), lambda: daemon.log)
        webinar = installation.zoom.webinar()
        started = {"id": str(webinar["id"]), "uuid": webinar["uuid"], "start_time": "2040-01-01T13:30:00Z", "type": 5}
        genuine, forged = (signed("webinar.started", started, secret) for secret in (WEBHOOK_SECRET, "another"))
        path = f"/webhooks/zoom/{ACCOUNT}"

        assert notify(daemon, path, *genuine) == 204
        assert notify(daemon, path, *genuine) == 204
        assert notify(daemon, path, *forged) == 401
        assert notify(daemon, "/webhooks/zoom/nobody", *genuine) == 404

    assert installation.run("events", "show", EVENT).out.count("The webinar is live.") == 1


def notify(daemon: Daemon, path: str, headers: dict[str, str], body: bytes) -> int:
    return requests.post(daemon.url + path, body, headers=headers, timeout=60).status_code


def test_daemon_stops_in_time_whatever_hangs_and_goes_on_when_it_is_back(installation: Installation) -> None:
    """Zoom answers the create long after the time limit for a daemon that does not stop."""
    installation.set(DEADLINE_S="600", READ_S="600", IDLE_S="700")
    stop_while_zoom_hangs(installation)
    installation.set(DEADLINE_S="1.5", READ_S=None, IDLE_S=None)
    with installation.daemon(program=True) as daemon:
        wait_until(lambda: is_seated(installation), lambda: daemon.log)

    assert len(installation.zoom.webinars()) == 1
    assert [set(counts.values()) for counts in invited(installation.zoom.webinars())] == [{1}]


def stop_while_zoom_hangs(installation: Installation) -> None:
    """Stop a daemon that waits for the answer to a create and has open streams."""
    installation.zoom.fault(CREATE, "delay", seconds=600)
    with installation.daemon(program=True) as daemon:
        import_programme(installation, 1)
        wait_until(lambda: CREATE in installation.zoom.calls(), lambda: daemon.log)
        listeners = [listen(daemon, f"/events/{EVENT}") for _ in range(5)]
        daemon.stop()
        for listener in listeners:
            listener.join(timeout=60)


def listen(daemon: Daemon, path: str) -> threading.Thread:
    """Keep an event's page open, like a browser that waits for the recording."""
    connected = threading.Event()

    def hold() -> None:
        with suppress(requests.RequestException):
            stream = requests.get(f"{daemon.url}{path}/stream", stream=True, timeout=30)
            assert stream.status_code == 200
            connected.set()
            for _ in stream.iter_lines():
                pass

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    assert connected.wait(60)
    return thread


@pytest.mark.parametrize("only", ["web", "worker"])
def test_part_of_a_daemon_does_only_its_part(installation: Installation, only: str) -> None:
    with installation.daemon("--only", only, ready=False) as daemon:
        wait_until(lambda: daemon.lines("daemon_started"), lambda: daemon.log)
        import_programme(installation, 1)
        if only == "worker":
            wait_until(lambda: is_seated(installation), lambda: daemon.log)
        page = daemon.fetch(f"/events/{EVENT}").status_code
        daemon.stop()

    assert page == (200 if only == "web" else 404)  # a worker serves only its health checks
    assert len(installation.zoom.webinars()) == (0 if only == "web" else 1)


def test_first_starts_at_once_make_one_installation(database_url: str, tmp_path: Path) -> None:
    with install(tmp_path / "place", database_url) as installation, ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: installation.run("plan", "--json", code=None), range(4)))
        names = {installation.run("doctor", "--json").code for _ in range(2)}

    assert [(command.code, command.err) for command in ended] == [(0, "")] * 4
    assert names == {0}


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_daemon_goes_on_when_the_database_has_dropped_it(installation: Installation) -> None:
    with installation.daemon() as daemon:
        for number in range(1, 4):
            drop_connections(installation)
            installation.write("one.json", json.dumps(an_entry(number)))
            installation.run("events", "import", "one.json")
            wait_until(lambda n=number: len(installation.zoom.webinars()) == n, lambda: daemon.log)
        wait_until(lambda: seated(installation.zoom.webinars()) == [ADDRESSES] * 3, lambda: daemon.log)
        daemon.wait_ready()
        daemon.stop()

    assert [set(counts.values()) for counts in invited(installation.zoom.webinars())] == [{1}] * 3


def drop_connections(installation: Installation) -> None:
    """Terminate every connection of the database, as a restart of PostgreSQL does."""
    engine = create_engine(installation.database_url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
