"""Files with secrets that every user of the machine may read."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from ..settings import Place, Settings, list_homes, names_secret, secret_files_of, sets_secret

_MOUNTED = Path("/run/secrets")  # there container platforms put secrets, and nobody else is inside
_VARIABLES = (Path("/etc/zoom_ops.env"), Path("zoom_ops.env"))  # of deploy/systemd and Compose, if they hold secrets
_FOLDER = Path("/etc/zoom_ops.d")  # with those of each process
_FILES = 50  # of the folder that are looked at
_OTHERS_READ, _OTHERS_ENTER = 0o004, 0o001
_BACKUPS = 20  # that are looked at: a right is wrong for all of them


def list_secret_holders(settings: Settings, place: Place) -> tuple[Path, ...]:
    """List the files that hold secrets: those that settings and homes name, the settings, the key, the database."""
    files = [place.folder / settings.data_dir / "secret.key", *place.secret_files]
    files += [file for home in list_homes(settings.config_dir) for file in secret_files_of(home, place.folder)]
    if names_secret(place):
        files.append(place.settings_file)
    variables = (*_VARIABLES, *islice(sorted(_FOLDER.glob("*.env")), _FILES))
    files += filter(sets_secret, (place.folder / file for file in variables))
    kind, _, database = settings.database_url.partition(":///")
    if kind == "sqlite":
        files.append(place.folder / database)
    if settings.backup_dir:
        files += islice((place.folder / settings.backup_dir).glob("*.db"), _BACKUPS)
    return tuple(dict.fromkeys(file.absolute() for file in files))


def find_exposed(files: Iterable[Path]) -> tuple[Path, ...]:
    """Find the files that everybody may read, through folders that everybody may enter."""
    return tuple(file for file in files if not file.is_relative_to(_MOUNTED) and _is_exposed(file))


def _is_exposed(file: Path) -> bool:
    try:
        whole = file.resolve()
        entered = all(parent.stat().st_mode & _OTHERS_ENTER for parent in whole.parents)
        return entered and bool(whole.stat().st_mode & _OTHERS_READ)
    except (OSError, RuntimeError):  # it is not there, or not for us either
        return False
