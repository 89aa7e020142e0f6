"""The steps that restore a backup on another machine."""

import subprocess
from pathlib import Path

from zoom_ops.configuration.moving import list_steps

HOME = Path("/srv/zoom_ops")


def test_all_that_belongs_to_an_installation_is_packed_once() -> None:
    backup = HOME / "backup of today/zoom_ops.db"
    belongings = (HOME / "var/secret.key", HOME / "config", HOME / "config/logo.svg", HOME / "jobs")

    steps = list_steps(HOME, backup, belongings, data=HOME / "var", user="zoom-ops")

    commands = [command for step in steps for command in step.commands]
    assert commands[2].replace(" \\\n ", "").split(" -C / ")[1] == (
        "'srv/zoom_ops/backup of today/zoom_ops.db' srv/zoom_ops/config srv/zoom_ops/jobs srv/zoom_ops/var/secret.key"
    )
    assert "zoom-ops db restore '/srv/zoom_ops/backup of today/zoom_ops.db'" in commands
    assert "cd /srv/zoom_ops" in commands
    assert "chown -R zoom-ops: /srv/zoom_ops/var '/srv/zoom_ops/backup of today'" in commands  # else root has them


def test_what_is_packed_lies_in_the_same_place_when_it_is_unpacked(tmp_path: Path) -> None:
    here, there = tmp_path / "an old machine", tmp_path / "a new one"
    for folder in (there, here / "srv", here / "back ups", here / "shared"):
        folder.mkdir(parents=True)
    (here / "back ups" / "zoom_ops.db").write_text("all of it")
    (here / "shared" / "settings.toml").write_text("poll_s = 5")
    (here / "srv" / "config").symlink_to("../shared")

    _, pack, unpack, *_ = list_steps(
        here / "srv", here / "srv/../back ups/zoom_ops.db", [here / "srv/config"], data=here / "srv/var", user="root"
    )
    script = "\n".join((*pack.commands, unpack.commands[1].replace(" -C /", f" -C '{there}'")))
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, check=True)

    unpacked = there / here.relative_to("/")
    assert (unpacked / "back ups" / "zoom_ops.db").read_text() == "all of it"
    assert (unpacked / "srv" / "config" / "settings.toml").read_text() == "poll_s = 5"
