"""The state of the database, as `zoom-ops db` shows it."""

from pathlib import Path

import pytest

from zoom_ops.errors import ConfigurationError
from zoom_ops.operations.admin.database import describe_database


def test_broken_file_is_told_as_everywhere_else(tmp_path: Path) -> None:
    path = tmp_path / "zoom_ops.db"
    path.write_bytes(b"this is not a database" * 100)

    with pytest.raises(ConfigurationError, match=r"zoom_ops\.db is broken: file is not a database\."):
        describe_database(f"sqlite:///{path}")


def test_missing_and_empty_files_are_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "zoom_ops.db"
    missing = describe_database(f"sqlite:///{path}")
    path.touch()

    assert not missing["current"]
    assert not describe_database(f"sqlite:///{path}")["current"]
