"""Choice of the engine: one process, or a cluster. No caller needs to know which."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from ..errors import ConfigurationError
from ..store.db.connect import Database
from .delivery import Perform
from .embedded import EmbeddedEngine
from .lock import AdvisoryLock, WorkLock
from .port import Engine, EngineHooks, EngineWaits
from .queue import check_queue, prepare_queue

EngineKind = Literal["embedded", "cluster"]


@dataclass(frozen=True, kw_only=True)
class Engines:
    """The engine of a daemon, which may be one of many, and the engine of a command while no daemon runs."""

    kind: EngineKind
    daemon: Engine
    daemon_lock: WorkLock
    alone: EmbeddedEngine
    alone_lock: WorkLock


def choose_engine(setting: Literal["auto", "embedded", "cluster"], *, fit: bool) -> EngineKind:
    """Return which engine runs. `auto` means a cluster if the settings are `fit` for one and Procrastinate is there."""
    if setting == "auto":
        return "cluster" if fit and find_spec("procrastinate") else "embedded"
    return setting


def open_engines(
    kind: EngineKind, database: Database, lock: WorkLock, perform: Perform, waits: EngineWaits, hooks: EngineHooks
) -> Engines:
    """Build the engines. `lock` is the exclusive work lock; the processes of a cluster share its key."""
    alone = EmbeddedEngine(database, lock, perform, waits, hooks=hooks)
    if kind == "embedded":
        return Engines(kind=kind, daemon=alone, daemon_lock=lock, alone=alone, alone_lock=lock)
    from .cluster import ClusterEngine

    prepare_queue(database)
    shared = AdvisoryLock(database, shared=True)
    daemon = ClusterEngine(database, shared, perform, waits, hooks=hooks)
    return Engines(kind=kind, daemon=daemon, daemon_lock=shared, alone=alone, alone_lock=lock)


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
