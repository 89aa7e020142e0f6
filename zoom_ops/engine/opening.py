"""The engines of a process. No caller needs to know which kind they are."""

from dataclasses import dataclass

from ..store.db.connect import Database
from .attempts import Perform
from .embedded import EmbeddedEngine
from .lock import AdvisoryLock, WorkLock
from .port import Engine, EngineHooks, EngineKind, EngineWaits
from .queue import prepare_queue


@dataclass(frozen=True, kw_only=True)
class Engines:
    """The engine of a daemon, which may be one of many, and the engine of a command while no daemon runs."""

    kind: EngineKind
    daemon: Engine
    daemon_lock: WorkLock
    alone: EmbeddedEngine
    alone_lock: WorkLock


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
