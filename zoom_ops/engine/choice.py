"""Choice of the engine: one process, or a cluster."""

from importlib.util import find_spec
from typing import Literal

from ..errors import ConfigurationError
from ..store.db.connect import Database
from .queue import check_queue

EngineKind = Literal["embedded", "cluster"]


def choose_engine(setting: Literal["auto", "embedded", "cluster"], *, fit: bool) -> EngineKind:
    """Return which engine runs. `auto` means a cluster if the settings are `fit` for one and Procrastinate is there."""
    if setting == "auto":
        return "cluster" if fit and find_spec("procrastinate") else "embedded"
    return setting


def check_workers(kind: EngineKind, database: Database) -> None:
    """Raise ConfigurationError if workers of another version are alive. Changes nothing."""
    if kind == "cluster":
        check_queue(database)


def check_engine(kind: EngineKind, *, is_sqlite: bool) -> None:
    """Raise ConfigurationError if a cluster is configured and cannot run."""
    if kind == "embedded":
        return
    if is_sqlite:
        raise ConfigurationError(
            "ENGINE=cluster needs PostgreSQL, and DATABASE_URL names SQLite: one file, one process."
        )
    if not find_spec("procrastinate"):
        raise ConfigurationError("ENGINE=cluster needs the extra `cluster`: pip install 'zoom_ops[cluster]'.")
