"""docs/configuration.md describes the settings and profiles, and the example file loads."""

from pathlib import Path

from tests.docs.write_configuration import PAGE, ROOT, describe_settings, write_page
from zoom_ops.settings import load_profiles, load_settings, settings_text
from zoom_ops.settings.template import EXAMPLE


def test_configuration_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run: python -m tests.docs.write_configuration"


def test_configuration_page_explains_every_setting() -> None:
    assert all(row.meaning and row.default for row in describe_settings())


def test_example_settings_load_once_their_secrets_are_there(tmp_path: Path) -> None:
    example = (ROOT / "config" / "settings.example.toml").read_text(encoding="utf-8")
    (tmp_path / "config").mkdir()
    (tmp_path / "secret").write_text("given by Zoom")
    here = example.replace("/run/secrets/zoom_client_secret", "secret").replace(
        "/run/secrets/zoom_webhook_secret", "secret"
    )
    (tmp_path / "config" / "settings.toml").write_text(here, encoding="utf-8")

    account = load_settings({}, tmp_path).accounts["main"]

    assert account.client_secret.get_secret_value() == "given by Zoom"
    assert account.hosts == ("webinars-1@example.org", "webinars-2@example.org")


def test_profiles_that_ship_load() -> None:
    profiles = load_profiles(load_settings({}, ROOT))

    assert {"default", "lecture", "panel"} <= profiles.keys()


def test_example_settings_are_what_init_writes() -> None:
    example = (ROOT / "config" / "settings.example.toml").read_text(encoding="utf-8")

    assert example == settings_text(EXAMPLE)
