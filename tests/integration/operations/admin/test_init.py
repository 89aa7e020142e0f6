"""`zoom-ops init` against a practice Zoom: on a terminal, and by options."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from tests.endings import run_sandbox
from tests.integration.command_line import Ended
from zoom_ops.cli.main import app
from zoom_ops.errors import ZoomOpsError
from zoom_ops.sandbox import Sandbox, SandboxUser
from zoom_ops.settings import Settings, load_settings

SECRET, PASSWORD, TOKEN = "harbour-client-secret", "a-password-of-ada", "harbour-token"
USERS = (
    SandboxUser(email="webinars-1@example.org", capacity=500),
    SandboxUser(email="basic@example.org", webinar=False),
    SandboxUser(email="webinars-2@example.org", capacity=1000),
)


@pytest.fixture(scope="module")
def zoom() -> Iterator[Sandbox]:
    with run_sandbox(credentials=("cid", SECRET, "aid"), users=USERS, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, typed: str = "", code: int = 0) -> Ended:
    with capture_logs():
        result = CliRunner().invoke(app, ["init", *arguments], input=typed, prog_name="zoom-ops")
    error = result.exception
    if error and not isinstance(error, SystemExit | ZoomOpsError):
        raise error
    is_ours = isinstance(error, ZoomOpsError)
    ended = Ended(
        code=error.exit_code if isinstance(error, ZoomOpsError) else result.exit_code,
        out=result.stdout,
        err=str(error) if is_ours else result.stderr,
    )
    assert ended.code == code, ended
    for secret in (SECRET, PASSWORD, TOKEN, "wrong-secret"):
        assert secret not in ended.out + ended.err
    return ended


def options(zoom: Sandbox, folder: Path, *more: str, secret: str = SECRET) -> list[str]:
    (folder / "given").write_text(secret + "\n")
    return [
        "--real", "--account-id", "aid", "--client-id", "cid", "--client-secret-file", "given",
        "--api-url", f"{zoom.url}/v2", "--oauth-url", f"{zoom.url}/oauth/token",
        "--base-url", "https://events.example.org", "--admin", "Ada", "--admin-password-stdin", *more,
    ]  # fmt: skip


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def settings_of(folder: Path) -> Settings:
    return load_settings({}, folder)


def test_options_make_an_installation(zoom: Sandbox, folder: Path) -> None:
    document = run(*options(zoom, folder, "--all-hosts", "--json"), typed=PASSWORD + "\n").json

    assert document["admin"] == "ada"
    assert document["hosts"] == ["webinars-1@example.org", "webinars-2@example.org"]
    assert [gap["kind"] for gap in document["gaps"]] == ["no_webhook_secret", "no_alert_target", "unnamed_proxy"]
    assert document["commands"] == ["zoom-ops doctor", "zoom-ops serve", "zoom-ops events import FILE"]
    assert settings_of(folder).accounts["main"].client_secret.get_secret_value() == SECRET
    assert left(folder) == ["config", "given", "secrets", "var"]
    assert SECRET not in (folder / "config" / "settings.toml").read_text("utf-8")
    assert (folder / "var").stat().st_mode & 0o777 == 0o700


def test_what_is_missing_is_named_at_once_and_nothing_is_written(folder: Path) -> None:
    said = run(code=2).err

    for flag in (
        "--account-id",
        "--client-id",
        "--client-secret-file",
        "--host",
        "--base-url",
        "--admin",
        "--practice",
    ):
        assert flag in said
    assert said.startswith("Nothing was written")
    assert left(folder) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (("--account-id", "other"), "The Account ID is wrong; Zoom says: "),
        (("--client-id", "other"), "The Client Secret or the Client ID is wrong; Zoom says: "),
        (("--oauth-url", "http://127.0.0.1:1/token"), "there is no connection"),
    ],
)
def test_credentials_that_do_not_work_are_refused(
    zoom: Sandbox, folder: Path, changes: tuple[str, ...], sentence: str
) -> None:
    said = run(*options(zoom, folder, "--all-hosts", *changes), typed=PASSWORD, code=1).err

    assert sentence in said
    assert "Nothing was written; with --no-check, Zoom is not asked." in said
    assert left(folder) == ["given"]


def test_account_without_a_licensed_host_says_where_licences_are_given(folder: Path) -> None:
    with run_sandbox(credentials=("cid", SECRET, "aid"), users=USERS[1:2]) as zoom:
        said = run(*options(zoom, folder, "--all-hosts"), typed=PASSWORD, code=1).err
        named = run(*options(zoom, folder, "--host", "basic@example.org"), typed=PASSWORD).err

    assert "No user of this account has a webinar licence" in said
    assert "User Management" in said
    assert "basic@example.org has no webinar licence at Zoom." in named


def test_app_that_may_not_list_users_is_no_obstacle(folder: Path) -> None:
    scopes = ("user:read:user:admin", "user:read:settings:admin")
    with run_sandbox(credentials=("cid", SECRET, "aid"), users=USERS, scopes=scopes) as zoom:
        said = run(*options(zoom, folder, "--host", "webinars-1@example.org"), typed=PASSWORD).err

    assert "Zoom does not list the users: The Zoom app may not list users" in said
    assert settings_of(folder).accounts["main"].hosts == ("webinars-1@example.org",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (("--listen", "nowhere"), "--listen: expected host and port"),
        (("--base-url", "events.example.org"), "--base-url: expected an address that begins with https://"),
        (("--host", "nobody"), "--host: expected e-mail addresses"),
        (("--account", "My Account"), "--account: the name 'My Account' must be of small letters"),
        (("--admin", "Ada Bad"), "--admin: 'ada bad' cannot be a login"),
        (("--organisation", "a\nb"), "--organisation: expected some letters, on one line"),
        (("--data-dir", "~/var"), "--data-dir: write the whole path"),
        (("--plan", "free"), "--plan: expected 'pro' or 'business'"),
        (("--client-secret-file", "nowhere"), "There is no such file"),
        (("--client-secret-file", "-"), "Standard input can hold one secret"),
    ],
)
def test_bad_option_is_refused_with_its_name(
    zoom: Sandbox, folder: Path, changes: tuple[str, ...], sentence: str
) -> None:
    said = run(*options(zoom, folder, *changes), typed=PASSWORD, code=2).err

    assert sentence in said
    assert left(folder) == ["given"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("short", "--admin-password-stdin: A password has at least 12 characters"),
        ("Password1234!", "--admin-password-stdin: This password is easy to guess"),
        ("Ada-ada-ada-2026", "This password is only the login"),
        ("Tides of Tomorrow 1", "This password is only the login"),
    ],
)
def test_password_that_cannot_be_taken_is_refused(zoom: Sandbox, folder: Path, typed: str, sentence: str) -> None:
    asked = options(zoom, folder, "--all-hosts", "--organisation", "Tides of Tomorrow")
    said = run(*asked, typed=f"{typed}\n", code=2).err

    assert sentence in said
    assert left(folder) == ["given"]


def test_second_time_refuses_and_force_keeps_the_old(folder: Path) -> None:
    first = ("--practice", "--admin", "ada", "--admin-password-stdin")
    run(*first, typed=PASSWORD)

    refused = run(*first, typed=PASSWORD, code=2).err
    again = run(*first, "--organisation", "Tides", "--force", typed="another-password-of-ada")

    assert "config/settings.toml exists already" in refused
    assert "The old one is kept as config/settings.toml.bak." in again.out
    assert "There is a user ada already, who keeps role and password" in again.err
    assert settings_of(folder).organisation == "Tides"


def test_practice_account_is_played_by_the_sandbox(folder: Path) -> None:
    from zoom_ops.cli.init.practice import options_of

    run("--practice", "--no-admin", "--listen", "127.0.0.1:4399", "--sandbox", "http://127.0.0.1:4398")
    settings = settings_of(folder)
    played = options_of(settings, "practice")

    secret = settings.accounts["practice"].client_secret.get_secret_value()
    assert played["listen"] == "127.0.0.1:4398"
    assert played["credentials"] == ("practice", secret, "practice")
    assert played["webhook_url"] == "http://127.0.0.1:4399/webhooks/zoom/practice"
    assert (folder / "var" / "practice-event.yaml").is_file()


class TestOnATerminal:
    """Somebody answers."""

    @pytest.fixture(autouse=True)
    def terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zoom_ops.cli.init.command.is_terminal", lambda: True)

    def test_wrong_answers_are_asked_for_again(self, zoom: Sandbox, folder: Path) -> None:
        typed = [
            "rael", "real", "Main Account", "", "aid", "cid", "wrong-secret", "",
            "", "", SECRET,  # the credentials again
            "3", "2", "nowhere", "127.0.0.1:4397", "", "Hafen-Institut »東京«", "", "nosuch://x", "",
            "Ada Bad", "ada", "short", PASSWORD, "another-one-1", PASSWORD, PASSWORD,
        ]  # fmt: skip

        ended = run(
            "--api-url", f"{zoom.url}/v2", "--oauth-url", f"{zoom.url}/oauth/token", typed="\n".join(typed) + "\n"
        )

        for sentence in (
            "'rael' is neither",
            "the name 'Main Account' must be of small letters",
            "The Client Secret or the Client ID is wrong",
            "   2  webinars-2@example.org (up to 1000 attendees)",
            "Type numbers from 1 to 2, or all.",
            "expected host and port",
            "there is no service with nosuch://",
            "'ada bad' cannot be a login",
            "A password has at least 12 characters",
            "These are two different passwords.",
        ):
            assert sentence in ended.err
        settings = settings_of(folder)
        assert settings.accounts["main"].hosts == ("webinars-2@example.org",)
        assert settings.organisation == "Hafen-Institut »東京«"
        assert ended.out.splitlines()[-3:] == [
            "  zoom-ops doctor", "  zoom-ops serve", "  zoom-ops events import FILE",
        ]  # fmt: skip

    @pytest.mark.parametrize("typed", ["", "real\n", "practice\n\n127.0.0.1:4397\n"])
    def test_end_of_input_writes_nothing(self, folder: Path, typed: str) -> None:
        said = run(typed=typed, code=130).err

        assert said.endswith("Interrupted: nothing was written.\n")
        assert left(folder) == []

    def test_zoom_out_of_reach_may_be_left_for_later(self, folder: Path) -> None:
        out_of_reach = ("--api-url", "http://127.0.0.1:1/v2", "--oauth-url", "http://127.0.0.1:1/token")
        typed = ["real", "", "aid", "cid", SECRET, "", "n", "webinars-1@example.org", "", "", "", "", ""]

        ended = run(*out_of_reach, "--no-admin", typed="\n".join(typed) + "\n")

        assert "The credentials were not checked. zoom-ops doctor does that." in ended.err
        assert json.dumps(settings_of(folder).accounts["main"].hosts) == '["webinars-1@example.org"]'
