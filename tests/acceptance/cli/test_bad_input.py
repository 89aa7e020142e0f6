"""Every error is one sentence that says what to do, with the right exit code and without a traceback."""

import json
import shutil
import socket

import pytest

from tests.acceptance.conftest import MakeInstallation
from tests.acceptance.installation import Installation
from tests.acceptance.programme import a_programme, an_entry, import_programme
from tests.builders import ACCOUNT, HOST
from tests.loopback import free_port
from tests.root import ROOT
from zoom_ops.operations.events.large_files import AT_ONCE
from zoom_ops.sandbox import SandboxUser

PROFILES = ROOT / "config" / "profiles"
GOOD = "name: Open Harbour\nstart: 2040-03-01T10:00:00+00:00\nend: 2040-03-01T11:00:00+00:00\ntimezone: Europe/Zurich\n"


@pytest.fixture(scope="module")
def known(shared: Installation) -> Installation:
    """An installation with two events, tides-01 and tides-02, and two runs."""
    import_programme(shared, 2)
    return shared


def one_sentence(output: str) -> bool:
    return "\n" not in output.strip() and output.strip().endswith((".", "?"))


@pytest.mark.parametrize(
    ("changes", "named", "sentence"),
    [
        ({"CLIENT_SECRET": "wrong"}, "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET", "Invalid client_id or client_secret"),
        ({"ACCOUNT_ID": "another"}, "ZOOM_OPS_ACCOUNTS__MAIN__ACCOUNT_ID", "Bad Request"),
    ],
)
def test_wrong_credential_is_told_with_its_setting_and_what_zoom_said(
    make_installation: MakeInstallation, changes: dict[str, str], named: str, sentence: str
) -> None:
    installation = make_installation(credentials=("tidewater-client", "tidewater-client-secret", "tidewater-account"))
    installation.set_account(**changes)
    import_programme(installation, 1)

    ended = installation.run("run", "create_webinars", "--event", "tides-01", code=5)  # it waits for an operator
    doctor = installation.run("doctor", code=1)

    assert named in ended.said
    assert sentence in ended.said
    assert named in doctor.said


def test_missing_credential_is_told_with_its_setting(installation: Installation) -> None:
    installation.set_account(CLIENT_SECRET=None)

    ended = installation.run("plan", code=1)

    assert "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET is missing" in ended.err
    assert one_sentence(ended.err)


def test_missing_scopes_are_told_by_name(make_installation: MakeInstallation) -> None:
    installation = make_installation(scopes=("user:read:user:admin", "user:read:settings:admin"))
    import_programme(installation, 1)

    ended = installation.run("run", "create_webinars", "--event", "tides-01", code=5)  # it waits for an operator
    doctor = installation.run("doctor", code=1)

    assert "webinar:write:webinar:admin" in ended.said
    assert "webinar:write:webinar:admin" in doctor.said


def test_host_without_a_licence_is_told_and_other_events_go_on(make_installation: MakeInstallation) -> None:
    basic, licensed = SandboxUser(email="basic@example.org", webinar=False), SandboxUser(email=HOST)
    installation = make_installation(users=(basic, licensed))
    installation.set_account(HOSTS='["basic@example.org"]')
    installation.set(
        ACCOUNTS__OTHER__ACCOUNT_ID="a", ACCOUNTS__OTHER__CLIENT_ID="b", ACCOUNTS__OTHER__CLIENT_SECRET="c"
    )
    installation.set(ACCOUNTS__OTHER__HOSTS=json.dumps([HOST]), DEFAULT_ACCOUNT="main")
    for name in ("API_URL", "OAUTH_URL"):
        installation.set(**{f"ACCOUNTS__OTHER__{name}": installation.environ[f"ZOOM_OPS_ACCOUNTS__MAIN__{name}"]})
    name = installation.write("two.json", json.dumps([an_entry(1), an_entry(2, account="other")]))
    installation.run("events", "import", name)

    ended = installation.run("run", "create_webinars", code=1)

    assert "tides-01 failed: No host of account main has a webinar licence: basic@example.org." in ended.said
    assert [webinar["topic"] for webinar in installation.zoom.webinars()] == ["Tides of Tomorrow, part 2"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("events show tides-1", "There is no event 'tides-1'. Did you mean tides-01"),
        ("events cancel tide-02", "There is no event 'tide-02'. Did you mean tides-02"),
        ("events approve tides-1", "There is no event 'tides-1'. Did you mean tides-01"),
        ("events adopt tides-1 81234567890", "There is no event 'tides-1'. Did you mean tides-01"),
        ("plan tides-1", "There is no event 'tides-1'. Did you mean tides-01"),
        ("apply --event tides-1", "There is no event 'tides-1'. Did you mean tides-01"),
        ("run create_webinars --event tides-1", "There is no event 'tides-1'. Did you mean tides-01"),
        ("run creat_webinars", "There is no job 'creat_webinars'. Did you mean create_webinars"),
        ("run creat_webinars --dry-run", "There is no job 'creat_webinars'. Did you mean create_webinars"),
        ("runs show 11", "There is no run '11'. Did you mean 1"),
        ("runs retry 11", "There is no run '11'. Did you mean 1"),
        ("runs cancel 11", "There is no run '11'. Did you mean 1"),
        ("events import programme.json --profile panle", "There is no profile 'panle'. Did you mean panel"),
        ("events import programme.json --account mian", "There is no account 'mian'. Did you mean main"),
        ("serve --only wrker", "--only is web, worker or scheduler"),
        ("run create_webinars --event nothing-like-it", "There is no event 'nothing-like-it'."),
        ("event list", "There is no command zoom-ops event. Did you mean events?"),
        ("plan --jsn", "There is no option --jsn of zoom-ops plan. Did you mean --json?"),
    ],
)  # fmt: skip
def test_unknown_name_is_told_with_the_nearest(known: Installation, command: str, sentence: str) -> None:
    ended = known.run(*command.split(), code=2)

    assert sentence in ended.said
    assert ended.out == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.yaml", "name: Tides\n  start: [\n", "bad.yaml:2: this is not YAML"),
        ("bad.json", '{"name": "Tides",\n "start": }', "bad.json:2: this is not JSON"),
        ("zone.yaml", GOOD.replace("Europe/Zurich", "Europe/Zurch"), "zone.yaml:4: timezone: there is no time zone"),
        ("key.yaml", GOOD + "spekaers: []\n", "key.yaml:5: "),
        ("end.yaml", GOOD.replace("T11:00", "T09:00"), "end.yaml:"),
        ("two.json", json.dumps([an_entry(1), {"name": 5}], indent=1), "two.json:"),
        ("empty.txt", "", "empty.txt:1: the file is empty"),
        ("prose.txt", "Welcome\n\nto the harbour\n", "prose.txt:1: no line says when the event is"),
        ("latin.txt", "Hafenführung".encode("latin-1"), "latin.txt:1: expected UTF-8 text"),
        ("folder", None, "folder: This is a folder"),
        ("missing.yaml", None, "missing.yaml: There is no such file"),
    ],
)  # fmt: skip
def test_bad_file_is_told_with_its_line_and_the_others_are_imported(
    known: Installation, name: str, content: str | bytes | None, sentence: str
) -> None:
    if content is not None:
        known.write(name, content)
    (known.folder / "folder").mkdir(exist_ok=True)
    known.write("good.yaml", GOOD)

    ended = known.run("events", "import", name, "good.yaml", "--json", code=2)

    assert ended.err.startswith(sentence)
    assert [event["id"] for event in ended.json] == ["open-harbour"]
    stored = {event["id"] for event in known.run("events", "list", "--json").json}
    assert stored == {"tides-01", "tides-02", "open-harbour"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name,organization,email\nAmara Diallo,Harbour Institute,amara\n", "people.csv:2: "),
        ("person,mail\nAmara Diallo,amara@example.org\n", "people.csv:1: expected the header name,organization,email"),
        ("", "people.csv:1: "),
    ],
)
def test_bad_address_book_is_told_with_its_line(known: Installation, content: str, sentence: str) -> None:
    known.write("people.csv", content)

    ended = known.run("people", "import", "people.csv", code=2)

    assert ended.err.startswith(sentence)
    assert known.run("people", "list", "--json").json == []


def test_same_name_with_another_date_is_asked_about(known: Installation) -> None:
    known.write("open.yaml", GOOD)
    known.run("events", "import", "open.yaml")
    known.write("open.yaml", GOOD.replace("-03-01T", "-04-01T"))

    ended = known.run("events", "import", "open.yaml", code=3)

    assert "Same event as open-harbour? Say --id open-harbour, or --new." in ended.err


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DATABSE_URL": "x"}, "There is no setting ZOOM_OPS_DATABSE_URL. The nearest is ZOOM_OPS_DATABASE_URL."),
        ({"ACCOUNTS__MAIN__CLIENTID": "x"}, "The nearest is ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_ID."),
        ({"LISTEN": "everywhere"}, "ZOOM_OPS_LISTEN: expected host and port, such as 127.0.0.1:8000."),
        ({"DATABASE_URL": "mysql://example.org/x"}, "SQLite or PostgreSQL"),
        ({"DATABASE_URL": "harbour"}, "DATABASE_URL is not an address"),
        ({"DEFAULT_ACCOUNT": "mian"}, "Did you mean 'main'?"),
        ({"JOBS_DIR": "/nowhere"}, "There is no folder of jobs at /nowhere"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is not a Fernet key"),
        ({"DATA_DIR": "/proc/harbour", "DATABASE_URL": None}, "/proc/harbour"),
        ({"DATA_DIR": "/dev/null", "DATABASE_URL": None}, "/dev/null"),
        ({"DATABASE_URL": "postgresql://nobody:tidewater-pw@127.0.0.1:1/none"}, "The database did not answer"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["jobs", "serve"])
def test_wrong_setting_is_told_by_its_name(
    place: Installation, settings: dict[str, str | None], sentence: str, command: str
) -> None:
    place.set(**settings)

    ended = place.run(command, code=None)

    assert ended.code in (1, 2)
    assert sentence in ended.said
    assert one_sentence(ended.err)
    assert "tidewater-pw" not in ended.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("review = 'none'\nbuffer_minuts = 3\n", "talk.toml:2: There is no key 'buffer_minuts'. Did you mean"),
        ("[settings]\nauto_recordin = 'cloud'\n", "talk.toml:2: There is no key 'auto_recordin'. Did you mean"),
        ("buffer_minutes = = 15\n", "talk.toml:1: This is not TOML"),
        ("buffer_minutes = 'long'\n", "talk.toml:1: "),
    ],
)  # fmt: skip
def test_wrong_profile_is_told_with_its_line(place: Installation, content: str, sentence: str) -> None:
    shutil.copytree(PROFILES, place.folder / "config" / "profiles")
    place.write("config/profiles/talk.toml", content)

    ended = place.run("serve", code=2)

    assert sentence in ended.err
    assert one_sentence(ended.err)


def test_wrong_profile_keeps_no_command_from_its_work(place: Installation) -> None:
    shutil.copytree(PROFILES, place.folder / "config" / "profiles")
    place.write("config/profiles/talk.toml", "buffer_minuts = 3\n")

    ended = place.run("accounts", "pause", ACCOUNT, "--note", "Zoom moves us.")

    assert "talk.toml:1: There is no key 'buffer_minuts'." in ended.err
    assert "It is left out here, and a daemon keeps what it has." in ended.err
    assert "Zoom moves us." in place.run("accounts").said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("import tidal\n", "count_tides.py:1: ModuleNotFoundError: No module named 'tidal'"),
        ('"""Count."""\n\ndef count_tides(:\n', "count_tides.py:3: "),
        ('"""Count."""\n\nx = 1 / 0\n', "count_tides.py:3: ZeroDivisionError"),
        ('"""Count."""\n', "count_tides.py: expected one function under @job, called count_tides."),
    ],
)
def test_broken_job_file_is_told_with_its_line(place: Installation, content: str, sentence: str) -> None:
    place.write("jobs/count_tides.py", content)

    ended = place.run("jobs", code=2)

    assert sentence in ended.err


@pytest.mark.parametrize("content", [b"this is no database, but a letter\n" * 100, b"SQLite format 3\0" + b"x" * 5000])
@pytest.mark.parametrize("command", ["events list", "serve", "doctor"])
def test_broken_database_file_is_told_in_one_sentence(place: Installation, content: bytes, command: str) -> None:
    place.write("var/zoom_ops.db", content)

    ended = place.run(*command.split(), code=1)

    assert "zoom_ops.db" in ended.err
    assert "broken" in ended.err
    assert one_sentence(ended.err)


def test_full_disk_is_told_in_one_sentence(place: Installation) -> None:
    place.run("plan")
    place.write("programme.json", a_programme(300))

    ended = place.run("events", "import", "programme.json", code=1, largest_file=500_000)

    again = [each["action"] for each in place.run("events", "import", "programme.json", "--json").json]
    stored = again.index("created")
    why, *how_far = ended.err.splitlines()
    assert "The database did not answer: " in why
    assert one_sentence(why)
    assert how_far == ([f"{stored} of 300 events are stored: import the file again for the others."] if stored else [])
    assert again == ["unchanged"] * stored + ["created"] * (len(again) - stored)
    assert stored % AT_ONCE == 0  # a part is stored whole, or not at all


@pytest.mark.parametrize(
    ("path", "command", "sentence"),
    [
        ("var", "plan", "var/zoom_ops.db cannot be opened: Permission denied."),
        ("var/secret.key", "serve", "var/secret.key cannot be read: permission denied."),
        ("var/zoom_ops.lock", "serve", "var/zoom_ops.lock cannot be opened: Permission denied."),
        ("programme.json", "events import programme.json", "programme.json: This cannot be read: Permission denied."),
        ("people.csv", "people import people.csv", "people.csv: This cannot be read: Permission denied."),
        ("config/settings.toml", "jobs", "config/settings.toml cannot be read: Permission denied"),
        ("config/profiles", "plan", "config/profiles"),
        ("jobs", "jobs", "jobs: This folder of jobs cannot be read: Permission denied."),
        ("jobs/count_tides.py", "jobs", "jobs/count_tides.py: This cannot be read: Permission denied."),
    ],
)
def test_what_may_not_be_read_is_told_in_one_sentence(
    place: Installation, path: str, command: str, sentence: str
) -> None:
    place.run("run", "create_webinars")
    for name in ("programme.json", "people.csv", "config/settings.toml", "jobs/count_tides.py"):
        place.write(name, "")
    shutil.copytree(PROFILES, place.folder / "config" / "profiles")
    if not path.startswith("jobs"):
        shutil.rmtree(place.folder / "jobs")
    (place.folder / path).chmod(0)

    ended = place.run(*command.split(), code=None, like_anybody=True)

    (place.folder / path).chmod(0o700)
    assert ended.code in (1, 2)
    assert sentence in ended.err
    assert one_sentence(ended.err)


def test_port_in_use_is_told_in_one_sentence(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.port)):
        ended = installation.run("serve", code=1)

    assert f"Cannot listen on 127.0.0.1:{installation.port}: Address already in use." in ended.said


def test_second_daemon_of_a_database_is_refused_in_one_sentence(installation: Installation) -> None:
    with installation.daemon() as daemon:
        installation.set(LISTEN=f"127.0.0.1:{free_port()}")
        installation.set(DATA_DIR=str(shutil.copytree(installation.folder / "var", installation.folder / "another")))
        ended = installation.run("serve", code=1)

        assert "Another zoom_ops process does the work of this database already" in ended.said
        assert daemon.fetch("/ready").status_code == 200


def test_debug_shows_the_traceback(place: Installation) -> None:
    ended = place.run("--debug", "events", "show", "tides-01", code=2)

    assert "Traceback" in ended.err
    assert "NotFoundError" in ended.err
