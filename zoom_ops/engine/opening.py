"""Choose the engine: one process, or a cluster; nothing above this floor needs to know which."""

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
    """What does the work: in a daemon, which may be one of many, or in a command while no daemon runs."""

    kind: EngineKind
    daemon: Engine
    daemon_lock: WorkLock
    alone: EmbeddedEngine
    alone_lock: WorkLock


def choose_engine(wanted: Literal["auto", "embedded", "cluster"], *, fit: bool) -> EngineKind:
    """Tell which engine runs: `auto` is a cluster where all that it needs is there; `fit` says so of the settings."""
    if wanted == "auto":
        return "cluster" if fit and find_spec("procrastinate") else "embedded"
    return wanted


def open_engines(
    kind: EngineKind, database: Database, lock: WorkLock, perform: Perform, waits: EngineWaits, hooks: EngineHooks
) -> Engines:
    """Build the engines; `lock` is that of one who works alone, which a cluster's processes share."""
    alone = EmbeddedEngine(database, lock, perform, waits, hooks=hooks)
    if kind == "embedded":
        return Engines(kind=kind, daemon=alone, daemon_lock=lock, alone=alone, alone_lock=lock)
    from .cluster import ClusterEngine

    prepare_queue(database)
    shared = AdvisoryLock(database, shared=True)
    daemon = ClusterEngine(database, shared, perform, waits, hooks=hooks)
    return Engines(kind=kind, daemon=daemon, daemon_lock=shared, alone=alone, alone_lock=lock)


def check_workers(kind: EngineKind, database: Database) -> None:
    """Raise ConfigurationError where workers are alive that this version cannot work beside; nothing is changed yet."""
    if kind == "cluster":
        check_queue(database)


def check_engine(kind: EngineKind, *, is_sqlite: bool) -> None:
    """Raise ConfigurationError in a sentence where a cluster is wanted and cannot be."""
    if kind == "embedded":
        return
    if is_sqlite:
        raise ConfigurationError(
            "ENGINE=cluster needs PostgreSQL, and DATABASE_URL names SQLite: one file, one process."
        )
    if not find_spec("procrastinate"):
        raise ConfigurationError("ENGINE=cluster needs the extra `cluster`: pip install 'zoom_ops[cluster]'.")
