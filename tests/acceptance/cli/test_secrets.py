"""The complete life of several events shows a secret only to readers who may have it."""

import json
import re
from typing import Any, get_args

import pytest
import requests

from tests.acceptance.handed_out import own_secrets, secrets_of
from tests.acceptance.installation import CLIENT_SECRET, Daemon, Installation
from tests.acceptance.planting import FINDERS, finders_of_planted
from tests.acceptance.programme import an_entry, published
from tests.acceptance.readers import ask_as_visitor, database_of, files_in
from tests.builders import ACCOUNT
from tests.leaks import Allowed, Kind, Secret, assert_all_needed, find_leaks, forms_of
from tests.waiting import wait_until

JSON = ("--json",)
PUBLIC, MEMBERS, CANCELLED = "tides-01", "tides-02", "tides-03"
TOPIC = an_entry(1)["name"]

ALLOWED = (
    Allowed(
        reader=rf"operator: events show {PUBLIC}.*|operator: events show {MEMBERS}.*",
        kind="join link",
        why="operators hand the link on to those who attend; it is what they look it up for",
    ),
    Allowed(
        reader=r"file after its end: outputs/\d+-events\.out",
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
    *(
        Allowed(
            reader=r"file after its end: outputs/\d+-" + rf"{command}\.out",
            kind=kind,
            why="it is shown once to who asked for it, and the test had that printed to a file",
        )
        for command, kind in (("users", "password"), ("tokens", "token"))
    ),
    Allowed(
        reader=r"file after its end: var/secret\.key",
        kind="our own",
        why="this is where the key lies, for its owner alone",
    ),
)
"""Which reader may have which secrets. Every line gives its reason."""


def test_nobody_is_told_a_secret_but_who_may_have_it(installation: Installation) -> None:
    """Three events live their lives: one public, one for members, one cancelled. Then plant a secret as a control."""
    with installation.daemon() as daemon:
        live(installation, daemon)
        secrets = secrets_of(installation.zoom, *own_secrets(installation.environ, ACCOUNT), public=TOPIC)
        secrets += let_somebody_in(installation, daemon)
        texts = ask_as_visitor(daemon.url, ACCOUNT, PUBLIC, MEMBERS, CANCELLED) | ask_as_operator(installation)
        texts |= database_of(installation, "while it runs")
        daemon.stop()
    texts |= database_of(installation, "after its end") | files_in(installation.folder, "after its end")

    leaks = find_leaks(secrets, texts, ALLOWED)

    assert leaks == []
    assert {secret.kind for secret in secrets} == set(get_args(Kind))
    assert_all_needed(secrets, texts, ALLOWED)
    assert finders_of_planted(installation, secrets) >= FINDERS


@pytest.mark.parametrize("text", ["a<b&c'd\"e/f+g=h", "Dc%iWt&1", "http://127.0.0.1/w/1?tk=a-_b&pwd=c.1"])
def test_secret_is_found_in_every_form(text: str) -> None:
    secret = Secret(text=text)

    for name, form in forms_of(text):
        leaks = find_leaks(
            [secret], {"log": b"before %s after" % (b"." + form + b"." if "base64" not in name else form)}
        )

        assert leaks, name


def live(installation: Installation, daemon: Daemon) -> None:
    """Let the events get their webinars, people and recordings; cancel one, and cause errors."""
    entries = [an_entry(number) for number in (1, 2, 3)]
    installation.write("open.json", json.dumps([entries[0], entries[2]]))
    installation.write("members.json", json.dumps(entries[1]))
    installation.run("events", "import", "open.json")
    installation.run("events", "import", "members.json", "--recording-visibility", "members")
    wait_until(
        lambda: [bool(webinar["panelists"]) for webinar in installation.zoom.webinars()] == [True] * 3,
        lambda: daemon.log,
    )
    for webinar in webinars_of(installation, PUBLIC, MEMBERS):
        installation.zoom.hold(webinar["id"], processing_s=0.1, transcript=True)
    wait_until(lambda: published(daemon.url, PUBLIC), lambda: daemon.log)
    wait_until(lambda: recordings(installation, MEMBERS), lambda: daemon.log)
    installation.run("events", "cancel", CANCELLED, "--yes")
    wait_until(lambda: len(installation.zoom.webinars()) == 2, lambda: daemon.log)
    right = installation.environ["ZOOM_OPS_ACCOUNTS__MAIN__OAUTH_URL"]
    installation.set_account(OAUTH_URL=f"http://someone:{CLIENT_SECRET}@127.0.0.1:1/oauth/token")
    installation.run("doctor", "--json", code=None)
    installation.set_account(OAUTH_URL=right)


def let_somebody_in(installation: Installation, daemon: Daemon) -> list[Secret]:
    """Sign in as a person and with a token; return the secrets that these create."""
    password = installation.run("users", "add", "amara", "--role", "admin", "--generate", *JSON).json["password"]
    token = installation.run("tokens", "add", "website", "--scope", "events:read").out.strip()
    with requests.Session() as browser:
        for tried in (password[::-1], password):
            form = {"login": "amara", "password": tried, "next": f"/events/{PUBLIC}"}
            browser.post(f"{daemon.url}/sign-in", data=form, timeout=60)
        session = browser.cookies["zoom_ops"]
        browser.get(f"{daemon.url}/api/v1/events", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        browser.get(f"{daemon.url}/-/", timeout=60)
    texts: dict[str, Kind] = {password: "password", password[::-1]: "password", session: "session", token: "token"}
    return [Secret(text=text, kind=kind) for text, kind in texts.items()]


def recordings(installation: Installation, event: str) -> list[Any]:
    """List the known recordings of an event."""
    return list(installation.run("events", "show", event, "--json").json["recordings"])


def ask_as_operator(installation: Installation) -> dict[str, bytes]:
    """Run every command that prints records and return the outputs."""
    runs = {run["job"]: str(run["id"]) for run in installation.run("runs", "--json").json}  # one of each job
    commands = (
        *(("events", "show", event, *form) for event, form in ((PUBLIC, ()), (PUBLIC, JSON), (MEMBERS, JSON))),
        *(("runs", "show", number, *JSON) for number in runs.values()),
        *(("events", "show", CANCELLED, *JSON), ("people", "list"), ("plan", *JSON), ("runs",), ("alerts", *JSON)),
        *(("events", "list", *JSON), ("jobs", *JSON), ("doctor", *JSON), ("db", "backup", "backup.db")),
        *(("audit",), ("audit", *JSON), ("audit", "--csv"), ("users", "list", *JSON), ("tokens", "list", *JSON)),
    )
    texts: dict[str, bytes] = {}
    for command in commands:
        ended = installation.run(*command, code=None)
        texts[f"operator: {' '.join(command)}"] = (ended.out + ended.err).encode()
    return texts


def webinars_of(installation: Installation, *events: str) -> list[Any]:
    """List the webinars of these events."""
    names = {an_entry(int(re.sub(r"\D", "", event)))["name"] for event in events}
    return [webinar for webinar in installation.zoom.webinars() if webinar["topic"] in names]
