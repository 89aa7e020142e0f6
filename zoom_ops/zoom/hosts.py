"""Cache of Zoom's hosts, for a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ..store.db.connect import Database
from ..store.db.upsert import upsert
from ..store.tables import host as host_table
from ..webinars import Host

KEPT = timedelta(days=1)
KEPT_UNLICENSED = timedelta(minutes=15)  # somebody may be buying a licence, or giving a right, right now


class Hosts:
    """The hosts of one account, as Zoom last described them."""

    def __init__(self, account: str, database: Database) -> None:
        self._account, self._database = account, database

    def find(self, email: str) -> Host | None:
        """Find a host that was fetched recently enough, or None."""
        with self._database.read() as connection:
            return self.load(connection).get(email)

    def load(self, connection: Connection) -> dict[str, Host]:
        """Load the hosts that were fetched recently enough, by e-mail address."""
        rows = connection.execute(select(host_table).filter_by(account=self._account)).all()
        now = self._database.now(connection)
        return {
            row.email: Host(
                email=row.email,
                id=row.zoom_id,
                licensed=row.licensed,
                capacity=row.capacity,
                cloud_recording=row.cloud_recording,
            )
            for row in rows
            if timedelta(0) <= now - row.fetched_at < _kept_for(row)
        }

    def keep(self, host: Host) -> None:
        """Store a host that was just fetched."""
        with self._database.begin() as connection:
            fields = {"zoom_id": host.id, "licensed": host.licensed, "capacity": host.capacity}
            fields |= {"cloud_recording": host.cloud_recording}
            now = self._database.now(connection)
            before = connection.scalar(select(host_table.c.cloud_recording).filter_by(**self._key(host.email)))
            if (before is False) != (host.cloud_recording is False):
                fields["right_changed_at"] = now
            fetched = {"fetched_at": now}
            upsert(connection, host_table, self._key(host.email), fields | fetched)

    def forget(self, email: str) -> None:
        """Remove a host, so that Zoom is asked again."""
        with self._database.begin() as connection:
            connection.execute(delete(host_table).filter_by(**self._key(email)))

    def _key(self, email: str) -> dict[str, str]:
        return {"account": self._account, "email": email}


def _kept_for(row: Row[Any]) -> timedelta:
    return KEPT if row.licensed and row.cloud_recording is not False else KEPT_UNLICENSED
