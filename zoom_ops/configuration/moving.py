"""Restore on another machine: what has to come along, and the commands, with the values of this installation. Pure."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """A file or folder that an installation needs besides its database. `path`: None if it is no file."""

    what: str
    path: Path | None
    is_secret: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step on the way: what it is for, and its commands."""

    title: str
    commands: tuple[str, ...]
    note: str = ""


def list_steps(
    folder: Path, backup: Path | None, belongings: Iterable[Path], *, data: Path, user: str
) -> tuple[Step, ...]:
    """List the steps that restore a backup on another machine, in the same folder as here.

    `folder`: where the service starts here. `backup`: None where there is none yet. `belongings`: what comes along.
    `data`: the folder of the database. `user`: of the service.
    """
    folder, file = _without_ups(folder), _without_ups(backup) if backup else Path("FILE")
    paths = sorted({*map(_without_ups, belongings)})
    apart = (path for path in (file, *paths) if not any(path.is_relative_to(other) for other in paths if other != path))
    packed = " \\\n  ".join(shlex.quote(str(path).removeprefix("/")) for path in apart)
    here, name = shlex.quote(str(folder)), shlex.quote(str(file))
    owner, folders = shlex.quote(user), [_without_ups(data), *([file.parent] if backup else [])]
    given = " ".join(shlex.quote(str(path)) for path in folders)
    return (
        Step(
            title="Here: stop the service for good",
            commands=("systemctl disable --now zoom_ops",),
            note="Two machines that work with one name make everything twice. Skip it if this machine is lost.",
        ),
        Step(
            title="Here: pack the backup with what belongs to it",
            commands=("umask 077", f"tar -chzf zoom_ops-moves.tar.gz -C / \\\n  {packed}"),
            note="It holds the keys: whoever has it can read all of it. Carry it over a safe way, and delete it then.",
        ),
        Step(
            title="There: install zoom_ops, of this version or a newer one, and unpack",
            commands=(f"mkdir -p {here}", "tar -xpzf zoom_ops-moves.tar.gz -C /"),
            note="As root, as all that follows. Make the service’s user first, if it is not there.",
        ),
        Step(
            title="There: look what is in the backup, and restore it",
            commands=(f"cd {here}", f"zoom-ops db verify {name}", f"zoom-ops db restore {name}"),
            note="It checks the file, asks Zoom what is newer, and says so. Nothing is sent to Zoom.",
        ),
        Step(
            title="There: check, look at what is still to be done, and start",
            commands=(
                "zoom-ops doctor",
                "zoom-ops plan",
                f"chown -R {owner}: {given}",
                "systemctl enable --now zoom_ops",
            ),
            note="Then let the public address lead to the new machine: Zoom sends its notifications there.",
        ),
    )


def _without_ups(path: Path) -> Path:
    """Return a path without `..`: tar cuts it off there, and would unpack the file elsewhere."""
    return Path(normpath(path))
