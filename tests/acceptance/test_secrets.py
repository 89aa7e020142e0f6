"""What a whole life of some events leaves behind holds no secret but for who may have it."""

import json
import re
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import pytest
import requests
from sqlalchemy import create_engine, inspect, text

from tests.acceptance.installation import CLIENT_SECRET, WEBHOOK_SECRET, Daemon, Installation, wait_until
from tests.acceptance.programme import an_entry, published
from tests.leaks import Allowed, Kind, Secret, find_leaks, forms_of, parts_of

JSON = ("--json",)
PUBLIC, MEMBERS, CANCELLED = "tides-01", "tides-02", "tides-03"

ALLOWED = (
    Allowed(
        reader=rf"operator: events show {PUBLIC}.*|operator: events show {MEMBERS}.*",
        kind="join link",
        why="operators hand the link on to those who attend; it is what they look it up for",
    ),
    Allowed(
        reader="operator: what commands printed",
        kind="join link",
        why="the same commands, as they stand in the files that the test had them print to",
    ),
    Allowed(
        reader="visitor: follows the recording",
        kind="share link",
        why="the recording is public, and this is the click that leads to it",
    ),
    Allowed(
        reader="visitor: follows the recording",
        kind="play passcode",
        why="the address at Zoom carries it, so that nobody has to type a passcode",
    ),
    Allowed(
        reader="operator: the key's own file", kind="our own", why="this is where it lies, for its owner alone"
    ),
)  # fmt: skip
"""Who may have what; whoever adds a line says why."""


def test_nobody_is_told_a_secret_but_who_may_have_it(installation: Installation) -> None:
    """Three events live their lives: one public, one for members, one cancelled. Then somebody plants a secret."""
    with installation.daemon() as daemon:
        live(installation, daemon)
        secrets = secrets_of(installation)
        told = ask_as_visitor(daemon) | ask_as_operator(installation) | database_of(installation, "while it runs")
        daemon.stop()
    told |= database_of(installation, "after its end") | files_of(installation)

    leaks = find_leaks(secrets, told, ALLOWED)

    assert leaks == []
    assert {secret.kind for secret in secrets} == set(get_args(Kind))
    for rule in ALLOWED:  # each is needed, so what is there was seen
        theirs = {reader: content for reader, content in told.items() if re.fullmatch(rule.reader, reader)}
        assert find_leaks(secrets, theirs, [other for other in ALLOWED if other != rule]), rule
    assert {f"visitor: /events/{PUBLIC}", f"visitor: /events/{PUBLIC}.json", "database"} <= plant(installation, secrets)


@pytest.mark.parametrize("text", ["a<b&c'd\"e/f+g=h", "Dc%iWt&1", "http://127.0.0.1/w/1?tk=a-_b&pwd=c.1"])
def test_secret_is_found_in_every_form(text: str) -> None:
    secret = Secret(text=text)

    for name, form in forms_of(text):
        found = find_leaks(
            [secret], {"log": b"before %s after" % (b"." + form + b"." if "base64" not in name else form)}
        )

        assert found, name


def live(installation: Installation, daemon: Daemon) -> None:
    """Let the events have their webinars, people and recordings; cancel one, and run into errors."""
    entries = [an_entry(number) for number in (1, 2, 3)]
    installation.write("open.json", json.dumps([entries[0], entries[2]]))
    installation.write("members.json", json.dumps(entries[1]))
    installation.run("events", "import", "open.json")
    installation.run("events", "import", "members.json", "--recording-visibility", "members")
    wait_until(
        lambda: [bool(one["panelists"]) for one in installation.zoom.webinars()] == [True] * 3, lambda: daemon.log
    )
    for webinar in webinars_of(installation, PUBLIC, MEMBERS):
        installation.zoom.hold(webinar["id"], processing_s=0.1, transcript=True)
    wait_until(lambda: published(daemon.url, PUBLIC), lambda: daemon.log)
    wait_until(lambda: recordings(installation, MEMBERS), lambda: daemon.log)
    installation.run("events", "cancel", CANCELLED)
    wait_until(lambda: len(installation.zoom.webinars()) == 2, lambda: daemon.log)
    right = installation.environ["ZOOM_OPS_ACCOUNTS__MAIN__OAUTH_URL"]
    installation.set_account(OAUTH_URL=f"http://someone:{CLIENT_SECRET}@127.0.0.1:1/oauth/token")
    installation.run("doctor", "--json", code=None)
    installation.set_account(OAUTH_URL=right)


def plant(installation: Installation, secrets: list[Secret]) -> set[str]:
    """Write a panelist's link into an event, as the negative control; tell by whom it is found."""
    link = next(secret.text for secret in secrets if secret.kind == "panelist link")
    installation.write("planted.json", json.dumps(an_entry(1, venue=link, description=f"Come to {link} & sit down.")))
    installation.run("events", "import", "planted.json")
    with installation.daemon("--only", "web", ready=False) as daemon:
        wait_until(lambda: daemon.fetch("/health").status_code == 200, lambda: daemon.log)
        told = ask_as_visitor(daemon) | database_of(installation, "planted")
    found = {reader for reader, kind, _ in find_leaks(secrets, told, ALLOWED) if kind == "panelist link"}
    return {reader.partition(" planted")[0] for reader in found}


def secrets_of(installation: Installation) -> list[Secret]:
    """List every secret of the practice Zoom, and our own: the settings', and the key to the database."""
    kinds: dict[str, Kind] = dict.fromkeys(installation.zoom.state()["secrets"], "other")
    links: dict[str, Kind] = {}
    for webinar in webinars_of(installation, PUBLIC, MEMBERS):
        is_public = webinar["topic"] == an_entry(1)["name"]
        told = installation.zoom.call("GET", f"/webinars/{webinar['id']}")
        links |= {told["join_url"]: "join link", told["start_url"]: "other", told["password"]: "passcode"}
        seated = installation.zoom.call("GET", f"/webinars/{webinar['id']}/panelists")["panelists"]
        links |= {panelist["join_url"]: "panelist link" for panelist in seated}
        uuid = installation.zoom.call("GET", f"/past_webinars/{webinar['id']}/instances")["webinars"][0]["uuid"]
        recording = installation.zoom.call("GET", f"/meetings/{quote(quote(uuid, safe=''), safe='')}/recordings")
        links[recording["share_url"]] = "share link" if is_public else "other"
        links[recording["recording_play_passcode"]] = "play passcode" if is_public else "other"
        for file in recording["recording_files"]:
            links |= {file["play_url"]: "other", file["download_url"]: "other"}
    parts: dict[str, Kind] = {part: "other" for link in links if "://" in link for part in parts_of(link)}
    key = (installation.folder / "var" / "secret.key").read_text("utf-8").strip()
    own: dict[str, Kind] = {CLIENT_SECRET: "our own", WEBHOOK_SECRET: "our own", key: "our own"}
    return [Secret(text=text, kind=kind) for text, kind in (parts | kinds | links | own).items()]


def recordings(installation: Installation, event: str) -> list[Any]:
    """List an event's recordings that are known."""
    return list(installation.run("events", "show", event, "--json").json["recordings"])


def ask_as_visitor(daemon: Daemon) -> dict[str, bytes]:
    """Look at every page as everybody may, at what is not there, and at what machines ask for."""
    events = [f"/events/{event}{ending}" for event in (PUBLIC, MEMBERS, CANCELLED) for ending in ("", ".json")]
    others = (
        "/", "/?past=1", "/health", "/ready", "/metrics", f"/events/{MEMBERS}/recording", "/events/none",
        "/favicon.svg", f"/events/{PUBLIC}/recording?part=2", "/webhooks/zoom/main", "/webhooks/zoom/none",
    )  # fmt: skip
    told = {f"visitor: {path}": _whole(daemon.fetch(path)) for path in (*events, *others)}
    told["visitor: forges a notification"] = _whole(
        requests.post(f"{daemon.url}/webhooks/zoom/main", data="{}", headers={"x-zm-signature": "v0=0"}, timeout=10)
    )
    told["visitor: follows the recording"] = _whole(daemon.fetch(f"/events/{PUBLIC}/recording"))
    return told


def ask_as_operator(installation: Installation) -> dict[str, bytes]:
    """Give every command that tells something."""
    runs = {run["job"]: str(run["id"]) for run in installation.run("runs", "--json").json}  # one of each job
    commands = (
        *(("events", "show", event, *form) for event, form in ((PUBLIC, ()), (PUBLIC, JSON), (MEMBERS, JSON))),
        *(("runs", "show", number, *JSON) for number in runs.values()),
        *(("events", "show", CANCELLED, *JSON), ("people", "list"), ("plan", *JSON), ("runs",), ("alerts", *JSON)),
        *(("events", "list", *JSON), ("jobs", *JSON), ("doctor", *JSON), ("db", "backup", "backup.db")),
    )
    told: dict[str, bytes] = {}
    for command in commands:
        ended = installation.run(*command, code=None)
        told[f"operator: {' '.join(command)}"] = (ended.out + ended.err).encode()
    return told


def database_of(installation: Installation, when: str) -> dict[str, bytes]:
    """Read the database: SQLite's files as they are, PostgreSQL's tables row by row."""
    if installation.kind == "sqlite":
        path = Path(installation.database_url.removeprefix("sqlite:///"))
        files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
        return {f"database {when}: {file.name}": file.read_bytes() for file in files}
    engine = create_engine(installation.database_url.replace("postgresql", "postgresql+psycopg", 1))
    with engine.connect() as connection:
        rows = {
            name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in inspect(engine).get_table_names()
        }
    engine.dispose()
    return {f"database {when}: {name}": b"\n".join(map(_bytes, found)) for name, found in rows.items()}


def files_of(installation: Installation) -> dict[str, bytes]:
    """Read every file of the installation: logs, outputs, lock, backups; the key's own apart."""
    files = [path for path in installation.folder.rglob("*") if path.is_file()]
    key = installation.folder / "var" / "secret.key"
    printed = [path for path in files if path.parent.name == "outputs"]
    return {
        "operator: the key's own file": key.read_bytes(),
        "operator: what commands printed": b"\n".join(
            path.read_bytes() for path in printed if "serve" not in path.name
        ),
        "operator: the daemon's log": b"\n".join(path.read_bytes() for path in printed if "serve" in path.name),
    } | {f"file {path.name}": path.read_bytes() for path in files if path not in (key, *printed)}


def webinars_of(installation: Installation, *events: str) -> list[Any]:
    """Look at the webinars of some events."""
    names = {an_entry(int(re.sub(r"\D", "", event)))["name"] for event in events}
    return [webinar for webinar in installation.zoom.webinars() if webinar["topic"] in names]


def _whole(reply: requests.Response) -> bytes:
    """Write an answer out, head and body."""
    head = "\n".join(f"{name}: {value}" for name, value in reply.headers.items())
    return head.encode() + b"\n\n" + reply.content


def _bytes(row: tuple[Any, ...]) -> bytes:
    cells = (bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row)
    return b" | ".join(cells)
