"""Which files with secrets every user of a machine may read."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from zoom_ops.configuration import exposed, find_exposed, list_secret_holders
from zoom_ops.settings import Place, load_settings

HELD = "[accounts.main]\naccount_id = 'a'\nclient_id = 'b'\nclient_secret = 'c'\n"
NAMED = HELD.replace("client_secret = 'c'", "client_secret_file = 'secret'")


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may enter; those of pytest are for its user."""
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    ("folder", "file", "is_exposed"), [(0o755, 0o644, True), (0o755, 0o640, False), (0o700, 0o644, False)]
)
def test_file_is_exposed_where_everybody_may_read_it(public: Path, folder: int, file: int, is_exposed: bool) -> None:
    kept = public / "kept"
    kept.mkdir()
    secret = kept / "secret"
    secret.write_text("x")
    secret.chmod(file)
    kept.chmod(folder)

    assert find_exposed([secret, kept / "none"]) == ((secret,) if is_exposed else ())


@pytest.mark.parametrize(
    ("written", "variables", "expected"),
    [
        (HELD, "", {"config/settings.toml"}),
        (NAMED, "ZOOM_OPS_POLL_S=1\nZOOM_OPS_METRICS_TOKEN_FILE=secret\n", {"secret"}),
        ("", "# ours\nexport ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET='c'\n", {"zoom_ops.env"}),
    ],
)
def test_files_that_hold_secrets_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, variables: str, expected: set[str]
) -> None:
    monkeypatch.setattr(exposed, "_FOLDER", tmp_path / "zoom_ops.d")
    (tmp_path / "zoom_ops.d").mkdir()
    (tmp_path / "zoom_ops.d/pages.env").write_text("ZOOM_OPS_LISTEN=:8001\n")
    (tmp_path / "zoom_ops.d/worker.env").write_text("ZOOM_OPS_SECRET_KEY=c\n")
    (tmp_path / "zoom_ops.env").write_text(variables)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.toml").write_text(written)
    (tmp_path / "secret").write_text("c")
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup/zoom_ops-a-20260901T000000Z.db").touch()
    place = Place.of({"ZOOM_OPS_BACKUP_DIR": "backup"}, tmp_path)

    files = list_secret_holders(load_settings(place.environ, tmp_path), place)

    always = {"var/secret.key", "var/zoom_ops.db", "backup/zoom_ops-a-20260901T000000Z.db", "zoom_ops.d/worker.env"}
    assert {str(file.relative_to(tmp_path)) for file in files} == expected | always
