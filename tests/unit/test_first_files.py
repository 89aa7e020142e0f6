"""The first files of an installation are written all together or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from zoom_ops.errors import BadInputError, ConfigurationError
from zoom_ops.settings import (
    Places,
    find_overriding,
    find_places,
    load_settings,
    settings_text,
    template,
    write_first_files,
    write_new,
)

SECRETS = {"main-client-secret": "from-zoom", "main-webhook-secret": "token"}


def text_of(files: Mapping[str, str], organisation: str = "Tides") -> str:
    account = replace(
        template.EXAMPLE.account,
        client_secret_file=files["main-client-secret"],
        webhook_secret_file=files["main-webhook-secret"],
    )
    return settings_text(replace(template.EXAMPLE, organisation=organisation, account=account))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return find_places({}, tmp_path)


def write(places: Places, organisation: str = "Tides", *, replace: bool = False) -> Path | None:
    with write_first_files(places, SECRETS, lambda files: text_of(files, organisation), replace=replace) as backup:
        return backup


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_load_and_are_for_their_owner_alone(places: Places) -> None:
    write(places, 'Hafen-Institut »Ä« "\\ \x7f 東京')

    settings = load_settings({}, places.folder)

    assert settings.organisation == 'Hafen-Institut »Ä« "\\ \x7f 東京'
    assert settings.accounts["main"].client_secret.get_secret_value() == "from-zoom"
    assert tree(places.folder) == [
        "config/profiles/default.toml", "config/profiles/lecture.toml", "config/profiles/panel.toml",
        "config/settings.toml", "secrets/main-client-secret", "secrets/main-webhook-secret",
    ]  # fmt: skip
    assert places.secrets_dir.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in places.secrets_dir.iterdir()} == {0o600}


def test_settings_that_are_there_are_not_replaced(places: Places) -> None:
    write(places)
    before = tree(places.folder)

    with pytest.raises(BadInputError, match="exists already, and is left as it is"):
        write(places, "Others")

    assert tree(places.folder) == before
    assert load_settings({}, places.folder).organisation == "Tides"


def test_replaced_settings_are_kept_and_still_whole(places: Places) -> None:
    write(places)

    backups = [write(places, f"Others {number}", replace=True) for number in range(2)]

    assert [path and path.name for path in backups] == ["settings.toml.bak", "settings.toml.bak-2"]
    assert load_settings({}, places.folder).organisation == "Others 1"
    places.settings_file.write_bytes((places.config_dir / "settings.toml.bak").read_bytes())
    assert load_settings({}, places.folder).organisation == "Tides"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConfigurationError("It does not load.")])
def test_failure_takes_everything_back(places: Places, error: BaseException) -> None:
    with pytest.raises(type(error)), write_first_files(places, SECRETS, text_of, replace=False):
        raise error

    assert list(places.folder.iterdir()) == []


def test_failure_gives_replaced_settings_back(places: Places) -> None:
    write(places)
    before = tree(places.folder)

    with pytest.raises(KeyboardInterrupt), write_first_files(places, SECRETS, text_of, replace=True):
        raise KeyboardInterrupt

    assert tree(places.folder) == before
    assert load_settings({}, places.folder).organisation == "Tides"


def test_text_that_cannot_be_written_leaves_nothing(places: Places) -> None:
    with pytest.raises(UnicodeEncodeError):
        write(places, "\udce4")

    assert list(places.folder.iterdir()) == []


def test_what_a_killed_process_left_is_removed(places: Places) -> None:
    places.config_dir.mkdir()
    (places.config_dir / ".init-abc").write_text("half")

    write(places)

    assert not (places.config_dir / ".init-abc").exists()


def test_file_of_a_user_stays(tmp_path: Path) -> None:
    assert [write_new(tmp_path / "event.yaml", text) for text in ("first", "second")] == [True, False]
    assert [path.read_text() for path in tmp_path.iterdir()] == ["first"]


def test_variables_that_override_the_file_are_found() -> None:
    environ = {
        "ZOOM_OPS_LISTEN": "127.0.0.1:1",
        "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET_FILE": "x",
        "ZOOM_OPS_LOGO": "y",
    }

    found = find_overriding(iter([("listen",), ("base_url",), ("accounts", "main", "client_secret")]), environ)

    assert found == ("ZOOM_OPS_LISTEN", "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET_FILE")
