"""The writes to a database: number of transactions, how many wait for the disk, and how long each holds the lock."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, event

from zoom_ops.store.db.connect import Database

_SINCE = "simulation_since"


@dataclass(kw_only=True)
class Writes:
    """Transactions that wrote, of all processes."""

    count: int = 0
    durable: int = 0  # wait until they are on the disk
    held_s: float = 0.0  # processor time for which they had the database alone
    longest_s: float = 0.0

    def watch(self, database: Database) -> None:
        """Count the writes to a database from now on."""
        event.listen(database.engine, "begin", self._begin)
        event.listen(database.engine, "commit", self._end)
        event.listen(database.engine, "rollback", self._end)

    def reset(self) -> None:
        """Reset the counts."""
        self.count, self.durable, self.held_s, self.longest_s = 0, 0, 0.0, 0.0

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("read_only"):
            connection.info[_SINCE] = time.thread_time(), options.get("durable", True)

    def _end(self, connection: Connection) -> None:
        since, durable = connection.info.pop(_SINCE, (None, False))
        if since is None:
            return
        held = time.thread_time() - since
        self.count, self.durable = self.count + 1, self.durable + durable
        self.held_s, self.longest_s = self.held_s + held, max(self.longest_s, held)
