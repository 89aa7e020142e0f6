"""The steps that restore a backup on another machine."""

from pathlib import Path

from zoom_ops.configuration.moving import list_steps

HOME = Path("/srv/zoom_ops")


def test_all_that_belongs_to_an_installation_is_packed_once() -> None:
    backup = HOME / "backup of today/zoom_ops.db"
    belongings = (HOME / "var/secret.key", HOME / "config", HOME / "config/logo.svg", HOME / "jobs")

    steps = list_steps(HOME, backup, belongings)

    commands = [command for step in steps for command in step.commands]
    assert commands[2].replace(" \\\n ", "").split(" -C / ")[1] == (
        "'srv/zoom_ops/backup of today/zoom_ops.db' srv/zoom_ops/config srv/zoom_ops/jobs srv/zoom_ops/var/secret.key"
    )
    assert "zoom-ops db restore '/srv/zoom_ops/backup of today/zoom_ops.db'" in commands
    assert "cd /srv/zoom_ops" in commands
