"""Settings come from the environment and settings.toml; a mistake is reported in one sentence that names it."""

import io
import os
import stat
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zoom_ops.errors import BadInputError, ConfigurationError
from zoom_ops.happenings import KINDS
from zoom_ops.settings import (
    Settings,
    describe_values,
    load_profiles,
    load_secret_keys,
    load_settings,
    load_words,
    read_input,
)
from zoom_ops.store.db.encryption import SecretBox, make_key

SECRET = "s3cret-never-shown"
ACCOUNT = {
    "ZOOM_OPS_ACCOUNTS__UNGIS__ACCOUNT_ID": "abc",
    "ZOOM_OPS_ACCOUNTS__UNGIS__CLIENT_ID": "def",
    "ZOOM_OPS_ACCOUNTS__UNGIS__CLIENT_SECRET": SECRET,
}

SIGNING_SECRET = f"whsec_{'c2VjcmV0' * 4}"
WEBHOOK = {
    "ZOOM_OPS_WEBHOOKS__CMS__URL": "https://cms.example.org/told",
    "ZOOM_OPS_WEBHOOKS__CMS__SECRET": SIGNING_SECRET,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("jobs", "config/profiles"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def load(folder: Path, environ: Mapping[str, str] | None = None, toml: str | None = None) -> Settings:
    if toml is not None:
        (folder / "config" / "settings.toml").write_text(toml)
    return load_settings(environ or {}, folder)


def refusal(folder: Path, environ: Mapping[str, str] | None = None, toml: str | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, environ, toml)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None or SECRET not in str(caught.value.__cause__)
    return str(caught.value)


def test_settings_have_defaults_for_everything(folder: Path) -> None:
    settings = load(folder)

    assert settings.accounts == {}
    assert settings.default_account is None
    assert settings.database_url == f"sqlite:///{folder}/var/zoom_ops.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.listen_host, settings.listen_port) == ("127.0.0.1", 8000)
    assert (settings.jobs_dir, settings.config_dir) == (folder / "jobs", folder / "config")
    assert (settings.engine, settings.log_format) == ("auto", "auto")


def test_settings_read_an_account_from_the_environment(folder: Path) -> None:
    environ = ACCOUNT | {
        "ZOOM_OPS_ACCOUNTS__UNGIS__HOSTS": '["Kim@Example.org", "noor@example.org", "kim@example.org"]',
        "ZOOM_OPS_ACCOUNTS__UNGIS__WEBHOOK_SECRET": '["new", "old"]',
        "ZOOM_OPS_ACCOUNTS__UNGIS__PLAN": "business",
        "ZOOM_OPS_ACCOUNTS__UNGIS__API_URL": "http://127.0.0.1:4100/v2/",
    }

    account = load(folder, environ).accounts["ungis"]

    assert (account.account_id, account.client_id) == ("abc", "def")
    assert account.client_secret.get_secret_value() == SECRET
    assert [key.get_secret_value() for key in account.webhook_secret] == ["new", "old"]
    assert account.hosts == ("kim@example.org", "noor@example.org")
    assert (account.plan, account.api_url) == ("business", "http://127.0.0.1:4100/v2")
    assert account.oauth_url == "https://zoom.us/oauth/token"


@pytest.mark.parametrize("given", ["one", '["one"]', ' ["one"] '])
def test_settings_take_one_secret_or_a_list(folder: Path, given: str) -> None:
    settings = load(folder, ACCOUNT | {"ZOOM_OPS_ACCOUNTS__UNGIS__WEBHOOK_SECRET": given})

    assert [key.get_secret_value() for key in settings.accounts["ungis"].webhook_secret] == ["one"]


def test_settings_prefer_the_environment_to_the_file_key_by_key(folder: Path) -> None:
    toml = 'poll_s = 2\nlisten = "0.0.0.0:9000"\n[accounts.ungis]\naccount_id = "file"\nplan = "business"\n'

    settings = load(folder, ACCOUNT | {"ZOOM_OPS_POLL_S": "3"}, toml)

    assert settings.poll_s == 3
    assert settings.listen == "0.0.0.0:9000"
    assert settings.base_url == "http://127.0.0.1:9000"
    assert settings.accounts["ungis"].account_id == "abc"
    assert settings.accounts["ungis"].plan == "business"


@pytest.mark.parametrize("given", [{"ZOOM_OPS_IDLE_S": "15"}, {"ZOOM_OPS_DEADLINE_S": "30"}])
def test_transaction_may_stand_still_for_longer_than_a_call_takes(folder: Path, given: dict[str, str]) -> None:
    assert refusal(folder, given).startswith("ZOOM_OPS_IDLE_S: it has to be more than DEADLINE_S")


def test_signs_of_life_come_often_enough_to_be_missed(folder: Path) -> None:
    assert refusal(folder, {"ZOOM_OPS_HEARTBEAT_S": "61"}).startswith("ZOOM_OPS_HEARTBEAT_S: ")


def test_settings_know_the_default_account(folder: Path) -> None:
    second = {name.replace("UNGIS", "IDB"): value for name, value in ACCOUNT.items()}

    assert load(folder, ACCOUNT).default_account == "ungis"
    assert load(folder, ACCOUNT | second).default_account is None
    assert load(folder, ACCOUNT | second | {"ZOOM_OPS_DEFAULT_ACCOUNT": "IDB"}).default_account == "idb"
    assert refusal(folder, ACCOUNT | second | {"ZOOM_OPS_DEFAULT_ACCOUNT": "idp"}) == (
        "ZOOM_OPS_DEFAULT_ACCOUNT: there is no account 'idp'. Did you mean 'idb'?"
    )


def test_settings_take_an_empty_variable_for_none(folder: Path) -> None:
    settings = load(folder, {"ZOOM_OPS_SECRET_KEY": "", "ZOOM_OPS_ACCOUNTS__UNGIS__CLIENT_ID": ""})

    assert settings.secret_key == ()
    assert settings.accounts == {}


def test_settings_are_not_read_from_the_process_unless_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOOM_OPS_POLL_S", "7")
    monkeypatch.chdir(folder)

    assert load_settings({}, folder).poll_s == 0.5
    assert load_settings().poll_s == 7
    assert load_settings().data_dir == folder / "var"


def test_settings_never_show_a_secret(folder: Path) -> None:
    environ = ACCOUNT | {
        "ZOOM_OPS_SECRET_KEY": SECRET,
        "ZOOM_OPS_ACCOUNTS__UNGIS__WEBHOOK_SECRET": SECRET,
        "ZOOM_OPS_DATABASE_URL": f"postgresql://kim:{SECRET}@db.example.org/zoom_ops",
    }

    settings = load(folder, environ)

    assert SECRET not in f"{settings!r} {settings} {settings.accounts}"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("DATBASE_URL", "DATABASE_URL"),
        ("ACCOUNTS__UNGIS__CLIENT_SECRETS", "ACCOUNTS__UNGIS__CLIENT_SECRET"),
        ("ACOUNTS__UNGIS__HOSTS", "ACCOUNTS__UNGIS__HOSTS"),
        ("ACCOUNTS_UNGIS_HOSTS", "ACCOUNTS__<NAME>__HOSTS"),
        ("ACCOUNTS__UNGIS__PLAN__X", "ACCOUNTS__UNGIS__PLAN"),
        ("ACCOUNTS", "ACCOUNTS__<NAME>__ACCOUNT_ID"),
        ("CLIENT_ID", "ACCOUNTS__<NAME>__CLIENT_ID"),
        ("SECRET_KEY_FIEL", "SECRET_KEY_FILE"),
        ("POLL_S_FILE", "POLL_S"),
        ("DEADLINE", "DEADLINE_S"),
        ("WEBHOOKS", "WEBHOOKS__<NAME>__URL"),
        ("WEBHOOKS__CMS__KIND", "WEBHOOKS__CMS__KINDS"),
        ("WEBHOOKS__CMS__SECRETFILE", "WEBHOOKS__CMS__SECRET_FILE"),
    ],
)
def test_misspelt_variable_is_refused_and_the_nearest_named(folder: Path, name: str, nearest: str) -> None:
    sentence = refusal(folder, ACCOUNT | {f"ZOOM_OPS_{name}": SECRET})

    assert sentence == f"There is no setting ZOOM_OPS_{name}. The nearest is ZOOM_OPS_{nearest}."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("POLL_S", "fast", "expected a number, not 'fast'."),
        ("POLL_S", "-1", "expected more than 0, not '-1'."),
        ("POLL_S", "inf", "expected a number, not 'inf'."),
        ("ENGINE", "clustr", "expected 'auto', 'embedded' or 'cluster', not 'clustr'."),
        ("LISTEN", "8000", "expected host and port, such as 127.0.0.1:8000."),
        ("LISTEN", "127.0.0.1:99999", "expected host and port, such as 127.0.0.1:8000."),
        ("BASE_URL", "events.example.org", "expected an address that begins with https:// or http://."),
        ("ACCOUNTS__UNGIS__PLAN", "free", "expected 'pro' or 'business', not 'free'."),
        ("ACCOUNTS__UNGIS__HOSTS", "[kim@example.org]", 'expected one value, or a JSON list such as ["one", "two"].'),
        ("ACCOUNTS__UNGIS__HOSTS", '["Kim"]', "expected e-mail addresses of Zoom users, and 'Kim' is none."),
        (
            "ACCOUNTS__UNGIS__WEBHOOK_SECRET",
            f'["{SECRET}"',
            'expected one value, or a JSON list such as ["one", "two"].',
        ),
        ("ACCOUNTS__UNGIS__WEBHOOK_SECRET", f'[["{SECRET}"]]', "expected a text in quotes."),
        ("WEBHOOKS__CMS__SECRET", SECRET, "expected whsec_ and then 24 to 64 random bytes in base64."),
        ("WEBHOOKS__CMS__SECRET", "[]", "expected whsec_ and then 24 to 64 random bytes in base64."),
        ("WEBHOOKS__CMS__SECRET", "whsec_c2hvcnQ=", "expected whsec_ and then 24 to 64 random bytes in base64."),
        ("WEBHOOKS__CMS__URL", "file:///etc/passwd", "expected an address that begins with https:// or http://."),
        (
            "WEBHOOKS__CMS__KINDS",
            '["recording.publish"]',
            "there is nothing called 'recording.publish' to be told. Did you mean 'recording.published'?",
        ),
        ("WEBHOOKS__CMS__AUDIENCE", "admin", "expected 'visitor', 'member' or 'operator', not 'admin'."),
    ],
)
def test_variable_that_does_not_fit_is_named_with_what_was_expected(
    folder: Path, name: str, value: str, sentence: str
) -> None:
    assert refusal(folder, ACCOUNT | WEBHOOK | {f"ZOOM_OPS_{name}": value}) == f"ZOOM_OPS_{name}: {sentence}"


def test_webhook_is_told_everything_that_is_public_unless_told_otherwise(folder: Path) -> None:
    (folder / "secret").write_text(f'["{SIGNING_SECRET}", "{SIGNING_SECRET}"]')
    environ = {**WEBHOOK, "ZOOM_OPS_WEBHOOKS__CMS__SECRET": "", "ZOOM_OPS_WEBHOOKS__CMS__SECRET_FILE": "secret"}

    webhook = load(folder, environ).webhooks["cms"]

    assert (webhook.kinds, webhook.audience, webhook.groups) == (KINDS, "visitor", ())
    assert [secret.get_secret_value() for secret in webhook.secret] == [SIGNING_SECRET] * 2
    assert SIGNING_SECRET not in repr(webhook)


def test_webhook_without_an_address_is_refused(folder: Path) -> None:
    complaint = refusal(folder, {"ZOOM_OPS_WEBHOOKS__CMS__SECRET": SIGNING_SECRET})

    assert complaint == "ZOOM_OPS_WEBHOOKS__CMS__URL is missing: the webhook 'cms' needs it."


def test_missing_credential_is_named(folder: Path) -> None:
    without = {name: value for name, value in ACCOUNT.items() if "CLIENT_SECRET" not in name}

    assert (
        refusal(folder, without) == "ZOOM_OPS_ACCOUNTS__UNGIS__CLIENT_SECRET is missing: the account 'ungis' needs it."
    )


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("poll = 1", "1: There is no key 'poll'. Did you mean 'poll_s'?"),
        ("\npoll_s = 'x'", "2: poll_s: expected a number, not 'x'."),
        ("poll_s = fast", "1: This is not TOML: invalid value."),
        ("config_dir = 'x'", "1: config_dir is set by the variable ZOOM_OPS_CONFIG_DIR."),
        ("[accounts.idb]\nclient_idd = 'x'", "1: account_id is missing: the account 'idb' needs it."),
        (
            "[accounts.ungis]\nplan = 'pro'\nclient_sekret = 's3cret-never-shown'",
            "3: There is no key 'client_sekret'. Did you mean 'client_secret'?",
        ),
        ("[accounts.ungis]\nplan = 'free'", "2: accounts.ungis.plan: expected 'pro' or 'business', not 'free'."),
        ("[accounts.ungis]\nclient_secret_file = 'none'", None),
        ("accounts = 3", "1: accounts: expected a table of keys and values, not 3."),
        ("jobs_dir = 5", "1: jobs_dir: expected a path in quotes, not 5."),
        ("data_dir = true", "1: data_dir: expected a path in quotes, not true."),
        ("[[accounts]]\nplan = 1", "1: accounts: expected a table of keys and values."),
        ("secret_key = 5", "1: secret_key: expected a list such as"),
    ],
)
def test_settings_file_that_does_not_fit_is_named_with_its_line(folder: Path, toml: str, sentence: str | None) -> None:
    environ = {} if toml.startswith(("accounts", "[[accounts")) else ACCOUNT

    complaint = refusal(folder, environ, toml)

    expected = f"config/settings.toml:{sentence}" if sentence else "accounts.ungis.client_secret_file: "
    assert complaint.startswith(expected)


def test_account_named_in_capitals_in_the_file_is_refused(folder: Path) -> None:
    complaint = refusal(folder, {}, "[accounts.UNGIS]\naccount_id = 'a'\nclient_id = 'b'\nclient_secret = 'c'\n")

    assert complaint.startswith("config/settings.toml:1: ")
    assert "'UNGIS' must be of small letters and digits" in complaint


def test_settings_file_that_is_not_text_is_one_sentence(folder: Path) -> None:
    (folder / "config" / "settings.toml").write_bytes(b"\xff\xfe")

    assert refusal(folder) == "config/settings.toml is not text in UTF-8."


def test_secrets_come_from_files_also_nested_ones(folder: Path) -> None:
    (folder / "client").write_text(f"{SECRET}\n")
    (folder / "database").write_text("postgresql://db.example.org/zoom_ops")
    environ = {name: value for name, value in ACCOUNT.items() if "CLIENT_SECRET" not in name} | {
        "ZOOM_OPS_ACCOUNTS__UNGIS__CLIENT_SECRET_FILE": str(folder / "client"),
        "ZOOM_OPS_DATABASE_URL_FILE": "database",
    }

    settings = load(folder, environ, '[accounts.ungis]\nwebhook_secret_file = "client"\n')

    assert settings.accounts["ungis"].client_secret.get_secret_value() == SECRET
    assert settings.accounts["ungis"].webhook_secret[0].get_secret_value() == SECRET
    assert settings.database_url == "postgresql://db.example.org/zoom_ops"


def test_address_of_a_monitor_is_a_secret_and_comes_from_a_file(folder: Path) -> None:
    (folder / "monitor").write_text(f"cronitor+https://relay.example.org/{SECRET}\n")

    settings = load(folder, {"ZOOM_OPS_HEARTBEAT_URL_FILE": "monitor"})

    assert settings.heartbeat_url is not None
    assert settings.heartbeat_url.get_secret_value().endswith(SECRET)
    assert SECRET not in f"{settings!r} {describe_values(settings)}"
    assert ("ZOOM_OPS_HEARTBEAT_URL", "set") in describe_values(settings)
    assert refusal(folder, {"ZOOM_OPS_HEARTBEAT_URL": f"ftp://{SECRET}"}).startswith("ZOOM_OPS_HEARTBEAT_URL: expected")


def test_headers_of_traces_are_a_secret_and_come_from_a_file(folder: Path) -> None:
    (folder / "headers").write_text(f"api-key={SECRET}\n")

    settings = load(
        folder, {"ZOOM_OPS_TRACES_ENDPOINT": "https://otlp.example.org", "ZOOM_OPS_TRACES_HEADERS_FILE": "headers"}
    )
    wrong = refusal(folder, {"ZOOM_OPS_TRACES_HEADERS": SECRET})

    assert settings.trace_receiver is not None
    assert settings.trace_receiver.headers == {"api-key": SECRET}
    assert SECRET not in f"{settings!r} {settings.trace_receiver!r} {describe_values(settings)} {wrong}"
    assert wrong.startswith("ZOOM_OPS_TRACES_HEADERS: expected headers such as")


def test_database_that_nobody_set_is_shown_as_the_default(folder: Path) -> None:
    unset = dict(describe_values(load(folder, {})))["ZOOM_OPS_DATABASE_URL"]
    given = dict(describe_values(load(folder, {"ZOOM_OPS_DATABASE_URL": "sqlite:///other.db"})))[
        "ZOOM_OPS_DATABASE_URL"
    ]

    assert (unset, given) == ("not set (SQLite, zoom_ops.db in DATA_DIR)", "set")


def test_secret_file_that_cannot_be_read_is_one_sentence(folder: Path) -> None:
    (folder / "empty").write_text("\n")
    (folder / "binary").write_bytes(b"\xff")
    name = "ZOOM_OPS_SECRET_KEY_FILE"

    assert refusal(folder, {name: "gone"}) == f"{name}: {folder}/gone cannot be read: no such file or directory."
    assert refusal(folder, {name: "config"}) == f"{name}: {folder}/config cannot be read: is a directory."
    assert refusal(folder, {name: "binary"}) == f"{name}: {folder}/binary cannot be read: it is not text."
    assert refusal(folder, {name: "empty"}) == f"{name}: {folder}/empty is empty."


def test_secret_given_twice_is_refused(folder: Path) -> None:
    (folder / "key").write_text("k")

    complaint = refusal(folder, {"ZOOM_OPS_SECRET_KEY": "k", "ZOOM_OPS_SECRET_KEY_FILE": "key"})

    assert complaint == "ZOOM_OPS_SECRET_KEY and ZOOM_OPS_SECRET_KEY_FILE are both set: unset one of them."


def test_folders_that_are_not_here_are_those_that_ship(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)

    assert (settings.config_dir / "profiles" / "default.toml").is_file()
    assert settings.jobs_dir.is_dir()
    assert not settings.jobs_dir.is_relative_to(tmp_path)


def test_folders_given_count_from_the_current_one(folder: Path) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "settings.toml").write_text("poll_s = 9\ndata_dir = 'state'\njobs_dir = '/srv/jobs'\n")

    settings = load(folder, {"ZOOM_OPS_CONFIG_DIR": "etc"})

    assert settings.poll_s == 9
    assert settings.data_dir == folder / "state"
    assert settings.jobs_dir == Path("/srv/jobs")


def test_secret_key_is_made_once_and_kept_for_its_owner(folder: Path) -> None:
    settings = load(folder)

    first = load_secret_keys(settings)

    file = folder / "var" / "secret.key"
    assert load_secret_keys(settings) == first
    assert SecretBox(first).unseal(SecretBox(first).seal("passcode")) == "passcode"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(folder / "var") == ["secret.key"]


def test_secret_key_is_the_same_for_starts_at_once(folder: Path) -> None:
    settings = load(folder)

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_secret_keys(settings), range(64)))

    assert len(keys) == 1
    assert os.listdir(folder / "var") == ["secret.key"]


def test_secret_key_given_is_the_one_taken(folder: Path) -> None:
    new, old = make_key(), make_key()

    keys = load_secret_keys(load(folder, {"ZOOM_OPS_SECRET_KEY": f'["{new}", "{old}"]'}))

    assert keys == (new, old)
    assert not (folder / "var").exists()


def test_secret_key_is_not_made_in_a_cluster(folder: Path) -> None:
    settings = load(folder, {"ZOOM_OPS_ENGINE": "cluster"})

    with pytest.raises(ConfigurationError, match="ZOOM_OPS_SECRET_KEY is missing"):
        load_secret_keys(settings)


def test_secret_key_that_cannot_be_kept_is_one_sentence(folder: Path) -> None:
    (folder / "var").write_text("a file, not a folder")

    with pytest.raises(ConfigurationError, match="No secret key can be made in"):
        load_secret_keys(load(folder))


def test_profiles_are_those_of_the_folder(folder: Path) -> None:
    for name in ("default", "town-hall"):
        (folder / "config" / "profiles" / f"{name}.toml").write_text("[settings]\nhost_video = true\n")

    profiles = load_profiles(load(folder))

    assert list(profiles) == ["default", "town-hall"]
    assert profiles["town-hall"].name == "town-hall"


def test_words_are_loaded_by_their_language(folder: Path) -> None:
    words = folder / "config" / "words"
    words.mkdir()
    (words / "fr.toml").write_text('"Programme" = "Agenda"\n')

    assert {code: dict(file.values) for code, file in load_words(load(folder)).items()} == {
        "fr": {"Programme": "Agenda"}
    }


def test_words_of_a_language_that_no_page_speaks_are_refused(folder: Path) -> None:
    words = folder / "config" / "words"
    words.mkdir()
    (words / "de.toml").write_text("")

    with pytest.raises(BadInputError, match=r"words/de\.toml: There are no pages in 'de'\."):
        load_words(load(folder))


def test_languages_are_six_or_those_that_are_named_the_first_before_all(folder: Path) -> None:
    named = [load(folder, {"ZOOM_OPS_LANGUAGES": languages}).languages for languages in ("fr", '["fr", "en", "fr"]')]

    assert load(folder).languages == ("en", "fr", "es", "ar", "zh", "ru")
    assert named == [("fr",), ("fr", "en")]


@pytest.mark.parametrize("given", ["de", "[]", '["en", "FR"]'])
def test_languages_that_no_page_speaks_are_refused(folder: Path, given: str) -> None:
    assert refusal(folder, {"ZOOM_OPS_LANGUAGES": given}).startswith("ZOOM_OPS_LANGUAGES: expected")


def test_networks_to_share_on_are_chosen_or_none(folder: Path) -> None:
    chosen = [load(folder, {"ZOOM_OPS_SHARE_ON": given}).share_on for given in ("x", '["x", "linkedin", "x"]', "[]")]

    assert load(folder).share_on == ("linkedin", "whatsapp")
    assert chosen == [("x",), ("x", "linkedin"), ()]
    assert refusal(folder, {"ZOOM_OPS_SHARE_ON": "myspace"}).startswith("ZOOM_OPS_SHARE_ON: expected")


def test_profiles_must_have_a_default(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"There is no profile .*default\.toml"):
        load_profiles(load(folder))


def test_profile_with_a_slip_is_named_with_file_and_line(folder: Path) -> None:
    file = folder / "config" / "profiles" / "default.toml"
    file.write_text("[settings]\nhost_vidio = true\n")

    with pytest.raises(BadInputError) as caught:
        load_profiles(load(folder))

    assert str(caught.value) == f"{file}:2: There is no key 'host_vidio'. Did you mean 'host_video'?"


def test_input_is_read_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "announcement.txt"
    file.write_bytes(b"WSIS\r\n\xff")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe")))

    assert read_input(file) == b"WSIS\r\n\xff"
    assert read_input(Path("-")) == b"from a pipe"


def test_input_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as stream:
        stream.truncate(20 * 1024 * 1024 + 1)

    for path, reason in [
        (tmp_path / "gone.txt", "There is no such file."),
        (tmp_path, "This is a folder: name the files in it."),
        (large, "This is larger than 20 MB."),
    ]:
        with pytest.raises(BadInputError) as caught:
            read_input(path)
        assert str(caught.value) == f"{path}: {reason}"


OIDC = {
    "ZOOM_OPS_OIDC__DISCOVERY_URL": "https://id.example.org/.well-known/openid-configuration",
    "ZOOM_OPS_OIDC__CLIENT_ID": "zoom-ops",
    "ZOOM_OPS_OIDC__CLIENT_SECRET": "tidewater",
}


def test_provider_is_there_once_it_is_named(folder: Path) -> None:
    oidc = load(folder, {**OIDC, "ZOOM_OPS_OIDC__MEMBER_VALUES": "*", "ZOOM_OPS_OIDC__ADMIN_VALUES": '["a", "b"]'}).oidc

    assert load(folder).oidc is None
    assert oidc is not None
    assert (oidc.member_values, oidc.operator_values, oidc.admin_values) == (("*",), (), ("a", "b"))
    assert "tidewater" not in repr(oidc)


def test_provider_in_the_file_takes_its_secret_from_another_one(folder: Path) -> None:
    (folder / "secret").write_text("tidewater\n")
    lines = ['[oidc]', f'discovery_url = "{OIDC["ZOOM_OPS_OIDC__DISCOVERY_URL"]}"', 'client_id = "zoom-ops"',
             'client_secret_file = "secret"']  # fmt: skip
    (folder / "config" / "settings.toml").write_text("\n".join(lines))

    oidc = load(folder).oidc

    assert oidc is not None
    assert oidc.client_secret.get_secret_value() == "tidewater"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"CLIENT_SECRET": ""}, "ZOOM_OPS_OIDC__CLIENT_SECRET is missing: oidc needs it."),
        ({"SCOPES": "profile"}, "ZOOM_OPS_OIDC__SCOPES: expected `openid` among the scopes"),
        ({"OPERATOR_VALUES": "*"}, "ZOOM_OPS_OIDC__OPERATOR_VALUES: * would let everybody in"),
        ({"ADMIN_VALUES": '["a", "*"]'}, "ZOOM_OPS_OIDC__ADMIN_VALUES: * would let everybody in"),
        ({"CLIENT_SECRT": "x"}, "There is no setting ZOOM_OPS_OIDC__CLIENT_SECRT. The nearest is ZOOM_OPS_OIDC__CL"),
        ({"DISCOVERY_URL": "id.example.org"}, "ZOOM_OPS_OIDC__DISCOVERY_URL: expected an address"),
    ],
)  # fmt: skip
def test_provider_that_is_named_wrongly_is_told(folder: Path, changes: dict[str, str], sentence: str) -> None:
    environ = OIDC | {f"ZOOM_OPS_OIDC__{name}": value for name, value in changes.items()}

    assert refusal(folder, environ).startswith(sentence)


def test_group_of_settings_is_no_setting(folder: Path) -> None:
    assert refusal(folder, {"ZOOM_OPS_OIDC": "{}"}).startswith("There is no setting ZOOM_OPS_OIDC.")


def test_proxies_are_addresses_or_networks(folder: Path) -> None:
    proxies = load(folder, {"ZOOM_OPS_TRUSTED_PROXIES": '["10.0.0.0/8", "::1"]'}).trusted_proxies

    assert proxies == ("10.0.0.0/8", "::1")
    assert "and 'proxy' is none" in refusal(folder, {"ZOOM_OPS_TRUSTED_PROXIES": "proxy"})


def test_provider_is_shown_without_its_secret(folder: Path) -> None:
    shown = dict(describe_values(load(folder, OIDC)))

    assert shown["ZOOM_OPS_OIDC__CLIENT_ID"] == "zoom-ops"
    assert shown["ZOOM_OPS_OIDC__CLIENT_SECRET"] == "set"
    assert "ZOOM_OPS_OIDC" not in shown
    assert "tidewater" not in str(shown)


def test_address_is_shown_without_what_may_be_a_key_to_it(folder: Path) -> None:
    hook = {"URL": "https://cms:tidewater@cms.example.org/hook?key=tidewater", "SECRET": f"whsec_{'A' * 32}"}
    shown = dict(describe_values(load(folder, {f"ZOOM_OPS_WEBHOOKS__CMS__{name}": to for name, to in hook.items()})))

    assert shown["ZOOM_OPS_WEBHOOKS__CMS__URL"] == "https://…cms.example.org/hook?…"
    assert shown["ZOOM_OPS_WEBHOOKS__CMS__SECRET"] == "set"
