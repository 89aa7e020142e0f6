"""What an installation needs besides its database, as its settings name it: names and paths, never a value."""

import os
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwuid
from typing import Any

from ..settings import Place, Settings, list_homes, secret_files_of, secret_variables_of, shipped_folder
from .moving import Belonging, list_steps


def describe_moving(settings: Settings, place: Place, backup: Path | None) -> dict[str, Any]:
    """Return what has to come along to another machine, and the steps that restore a backup there.

    What ships with zoom_ops is left out.
    """
    belongings = tuple(_iter_belongings(settings, place))
    paths = tuple(item.path for item in belongings if item.path)
    data = _absolute(place, settings.data_dir)
    steps = list_steps(place.folder.absolute(), backup, paths, data=data, user=_user())
    return {"belongings": belongings, "steps": steps}


def _iter_belongings(settings: Settings, place: Place) -> Iterator[Belonging]:
    key_file = place.folder / settings.data_dir / "secret.key"
    if not settings.secret_key:
        note = "Without it nobody can read passcodes and links of recordings again."
        yield Belonging(what="Secret key", path=key_file, is_secret=True, note=note)
    if place.config_dir != shipped_folder("config"):
        yield Belonging(what="Settings, profiles, homes and words", path=_absolute(place, place.config_dir))
    if place.jobs_dir != shipped_folder("jobs"):
        yield Belonging(what="Jobs", path=_absolute(place, place.jobs_dir))
    of_homes = (file for home in list_homes(settings.config_dir) for file in secret_files_of(home, place.folder))
    for folder in sorted({_absolute(place, file) for file in (*place.secret_files, *of_homes) if file.exists()}):
        yield Belonging(what="Secrets that the settings and homes name", path=folder, is_secret=True)
    for logo in (settings.logo, settings.logo_dark):
        if logo:
            yield Belonging(what="Logo", path=_absolute(place, logo))
    named = (name for home in list_homes(settings.config_dir) for name in secret_variables_of(home))
    if variables := {*place.variables, *named}:
        note = f"{', '.join(sorted(variables))}: give the same to the service there, and to the commands below."
        yield Belonging(what="Environment variables", path=None, is_secret=True, note=note)


def _user() -> str:
    """Return the name of the user of this process, or the number of one that has none, as in a container."""
    number = os.geteuid()
    try:
        return getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _absolute(place: Place, path: Path) -> Path:
    return (place.folder / path).absolute()
