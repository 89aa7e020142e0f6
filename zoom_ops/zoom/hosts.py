"""Cache of Zoom's hosts, for a day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ..store.db.connect import Database
from ..store.db.upsert import upsert
from ..store.hosts.facts import read_host
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
        return {row.email: read_host(row) for row in rows if timedelta(0) <= now - row.fetched_at < _kept_for(row)}

    def keep(self, host: Host) -> None:
        """Store a host that was just fetched."""
        with self._database.begin() as connection:
            fields = {"zoom_id": host.id, "licensed": bool(host.licensed), "capacity": host.capacity}
            fields |= {"is_certain": host.licensed is not None, "active": host.active}
            fields |= {"licences": list(host.licences), "cloud_recording": host.cloud_recording}
            now = self._database.now(connection)
            before = connection.scalar(select(host_table.c.cloud_recording).filter_by(**self._key(host.email)))
            if (before is False) != (host.cloud_recording is False):
                fields["right_changed_at"] = now
            fetched = {"fetched_at": now}
            upsert(connection, host_table, self._key(host.email), fields | fetched)

    def mark_unlicensed(self, email: str) -> None:
        """Note that Zoom has refused a webinar to a host, whatever its settings say."""
        with self._database.begin() as connection:
            now = self._database.now(connection)
            values = {"licensed": False, "is_certain": True, "fetched_at": now}
            connection.execute(update(host_table).filter_by(**self._key(email)).values(values))

    def _key(self, email: str) -> dict[str, str]:
        return {"account": self._account, "email": email}


def _kept_for(row: Row[Any]) -> timedelta:
    is_certain = row.licensed and row.active is not False and row.cloud_recording is not False
    return KEPT if is_certain else KEPT_UNLICENSED
