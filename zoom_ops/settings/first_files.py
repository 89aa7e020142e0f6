"""Write the first files of an installation: settings.toml, its secrets, the profiles. All of them, or none."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..errors import BadInputError, ConfigurationError
from .load import shipped_folder
from .model import PREFIX, variable
from .secret_files import FILE_ENDING, read_secret_file

_DRAFT = ".init-"  # begins the names of files that are being written
TextOf = Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the first files go. `folder`: where the service starts; relative paths in the settings count from it."""

    folder: Path
    config_dir: Path

    @property
    def settings_file(self) -> Path:
        """The file of the settings."""
        return self.config_dir / "settings.toml"

    @property
    def secrets_dir(self) -> Path:
        """The folder of the secrets: beside `config`; inside a configuration that lies elsewhere."""
        return (self.folder if self.config_dir == self.folder / "config" else self.config_dir) / "secrets"

    def shown(self, path: Path) -> str:
        """Write a path as the settings name it: from the folder where it lies below it."""
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)


def find_places(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Places:
    """Find where the first files go: ZOOM_OPS_CONFIG_DIR, else `config` in the current folder."""
    folder = Path.cwd() if folder is None else folder
    given = (os.environ if environ is None else environ).get(f"{PREFIX}CONFIG_DIR") or "config"
    return Places(folder=folder, config_dir=folder / given)


def find_secret(path: tuple[str, ...], environ: Mapping[str, str] | None = None) -> str | None:
    """Find a secret in the variable of its setting, or in the file that the variable with `_FILE` names."""
    environ, name = os.environ if environ is None else environ, variable(path)
    if file := environ.get(f"{name}{FILE_ENDING.upper()}"):
        return read_secret_file(name, Path(file))
    return environ.get(name) or None


def find_overriding(paths: Iterator[tuple[str, ...]], environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """List the variables that are set and override a key of the file."""
    environ = os.environ if environ is None else environ
    names = (name + ending for path in paths for name in [variable(path)] for ending in ("", FILE_ENDING.upper()))
    return tuple(name for name in names if environ.get(name))


def refuse_existing(places: Places, *, replace: bool) -> None:
    """Raise BadInputError if there are settings already and they may not be replaced."""
    if places.settings_file.exists() and not replace:
        raise BadInputError(
            f"{places.shown(places.settings_file)} exists already, and is left as it is. Give --force to replace it: "
            "the old one is kept beside it, as settings.toml.bak."
        )


def refuse_unwritable(places: Places, path: Path) -> None:
    """Raise ConfigurationError if a folder cannot be made or written to."""
    there = next(above for above in (path, *path.parents) if above.exists())
    if not there.is_dir():
        raise ConfigurationError(f"{places.shown(path)} cannot be a folder: {places.shown(there)} is a file.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{places.shown(path)} cannot be written: you may not write to {there}.")


@contextmanager
def write_first_files(
    places: Places, secrets: Mapping[str, str], text_of: TextOf, *, replace: bool
) -> Iterator[Path | None]:
    """Write all files, and take them back if the block fails, so that everything is as it was before.

    `text_of` makes the text of the settings from the path of each secret's file. A file of a secret is never replaced:
    it gets a name that is free. Settings that are replaced are kept as settings.toml.bak, which the block gets. Raises
    BadInputError if there are settings already and `replace` is false, ConfigurationError if a file cannot be written.
    """
    with ExitStack() as undo:
        try:
            _make_folder(places.config_dir, undo)
            if secrets:
                _make_folder(places.secrets_dir, undo, mode=0o700)
            _remove_drafts(places.config_dir, places.secrets_dir)
            _add_profiles(places.config_dir, undo)
            files = {
                name: places.shown(_add(places.secrets_dir / name, value, undo)) for name, value in secrets.items()
            }
            backup = _put_settings(places, text_of(files), undo, replace=replace)
        except OSError as error:
            where = places.shown(places.config_dir)
            raise ConfigurationError(f"The settings cannot be written to {where}: {error.strerror}.") from error
        yield backup
        undo.pop_all()


def write_new(path: Path, content: str) -> bool:
    """Write a file in a folder that exists, all of it or nothing; return False where there is one already."""
    with suppress(FileExistsError), _draft(path, content) as draft:
        os.link(draft, path)
        return True
    return False


def _make_folder(folder: Path, undo: ExitStack, mode: int = 0o755) -> None:
    for above in (*reversed(folder.parents), folder):
        if not above.exists():
            above.mkdir(mode=mode if above == folder else 0o755)
            undo.callback(_remove_empty, above)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _remove_drafts(*folders: Path) -> None:
    """Remove what a killed process left behind."""
    for folder in folders:
        for draft in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(draft, ignore_errors=True) if draft.is_dir() else draft.unlink(missing_ok=True)


def _add_profiles(config_dir: Path, undo: ExitStack) -> None:
    """Copy the profiles that ship, where there are none: a folder of one's own hides them."""
    target = config_dir / "profiles"
    if target.exists():
        return
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=config_dir))
    try:
        for profile in sorted((shipped_folder("config") / "profiles").glob("*.toml")):
            (draft / profile.name).write_bytes(profile.read_bytes())
        draft.chmod(0o755)
        draft.rename(target)
        undo.callback(shutil.rmtree, target, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _add(path: Path, content: str, undo: ExitStack) -> Path:
    """Write a file under its name, or with a number after it if another one has that name."""
    with _draft(path, content + "\n") as draft:
        for number in count(1):
            free = path if number == 1 else path.with_name(f"{path.name}-{number}")
            with suppress(FileExistsError):
                os.link(draft, free)
                break
    undo.callback(free.unlink, missing_ok=True)
    return free


def _put_settings(places: Places, text: str, undo: ExitStack, *, replace: bool) -> Path | None:
    target, backup = places.settings_file, None
    with _draft(target, text) as draft:
        if replace and target.exists():
            backup = _add_link(target)
            undo.callback(os.replace, backup, target)
            os.replace(draft, target)
        else:
            try:
                os.link(draft, target)
            except FileExistsError:  # another process was quicker
                refuse_existing(places, replace=False)
            undo.callback(target.unlink, missing_ok=True)
    return backup


def _add_link(target: Path) -> Path:
    """Give a file a second name that ends in .bak, and a number if there is such a file already."""
    for number in count(1):
        backup = target.with_name(f"{target.name}.bak{'' if number == 1 else f'-{number}'}")
        with suppress(FileExistsError):
            os.link(target, backup)
            return backup
    raise AssertionError("count() does not end")


@contextmanager
def _draft(path: Path, content: str) -> Iterator[Path]:
    """Write a file with mode 0600 under another name for the block, down to the disk."""
    handle, name = tempfile.mkstemp(prefix=_DRAFT, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
