"""PostgreSQL databases that tests empty and reuse, which is many times faster than creating new ones."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from tests.setup.postgres import Cluster

PATIENCE_S = 10.0
RESTING = 3  # tests until a database is reused: by then a client that outlived its test has reconnected and is seen


class Spares:
    """Copies of one database; each test has one of its own, with empty tables."""

    def __init__(self, cluster: Cluster, template: str, administrator: psycopg.Connection) -> None:
        self._cluster, self._template, self._administrator = cluster, template, administrator
        self._used: deque[str] = deque()
        self._numbers = count(1)
        with psycopg.connect(cluster.url(template)) as connection:
            self._shape = _shape_of(connection)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Lend a database during the block; yield its address."""
        name = self._find_spare() or self._create()
        yield self._cluster.url(name)
        self._cut_connections(name)
        self._used.append(name)

    def _find_spare(self) -> str | None:
        """Find a used database without connections and with the original shape, and empty it; drop the others."""
        while len(self._used) >= RESTING:
            name = self._used.popleft()
            if not self._count_connections(name) and _is_emptied(self._cluster.url(name), self._shape):
                return name
            self._cluster.drop(name)
        return None

    def _create(self) -> str:
        name = f"{self._template}_{next(self._numbers)}"
        self._cluster.create(name, template=self._template)
        return name

    def _cut_connections(self, name: str) -> None:
        """Close every connection, and wait until none is left."""
        until = time.monotonic() + PATIENCE_S
        while self._count_connections(name, "pg_terminate_backend(pid)"):
            assert time.monotonic() < until, "connections stay though they were cut"
            time.sleep(0.002)

    def _count_connections(self, name: str, expression: str = "pid") -> int:
        query = f"SELECT {expression} FROM pg_stat_activity WHERE datname = %s"
        return self._administrator.execute(query.encode(), (name,)).rowcount


def empty(url: str) -> None:
    """Delete all rows of the program's tables, and restart their sequences at 1."""
    with psycopg.connect(url) as connection:
        _empty(connection)


def _is_emptied(url: str, shape: object) -> bool:
    """Empty a database if it has this shape; return whether it had."""
    with psycopg.connect(url) as connection:
        try:
            if _shape_of(connection) != shape:
                return False
        except psycopg.errors.UndefinedTable:
            return False
        _empty(connection)
        return True


def _empty(connection: psycopg.Connection) -> None:
    tables = connection.execute(_TABLES).fetchall()
    connection.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
    connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables).encode())
    connection.execute("DELETE FROM meta WHERE name <> 'tables_fit_from'")  # the row that migrations write
    connection.execute(_FROM_ONE)


def _shape_of(connection: psycopg.Connection) -> object:
    """Load the shape of a database: version, tables, columns, constraints, functions, triggers, settings."""
    return connection.execute(_SHAPE).fetchall()


_TABLES = (
    "SELECT format('public.%I', tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'meta')"
)  # fmt: skip
_FROM_ONE = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
_SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', oid, relname, relnamespace), ',' ORDER BY oid)) FROM pg_class
        WHERE oid >= 16384  -- those below are PostgreSQL's own
    UNION ALL
    SELECT md5(string_agg(concat_ws(' ', attrelid, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum))
        FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL
    SELECT md5(string_agg(concat_ws(' ', oid, conname), ',' ORDER BY oid)) FROM pg_constraint WHERE oid >= 16384
    UNION ALL
    SELECT md5(string_agg(concat_ws(' ', oid, proname), ',' ORDER BY oid)) FROM pg_proc WHERE oid >= 16384
    UNION ALL
    SELECT md5(string_agg(concat_ws(' ', oid, tgname, tgenabled), ',' ORDER BY oid)) FROM pg_trigger WHERE oid >= 16384
    UNION ALL
    SELECT count(*)::text FROM pg_db_role_setting AS setting JOIN pg_database AS own ON own.oid = setting.setdatabase
        WHERE own.datname = current_database()
    UNION ALL
    SELECT version_num FROM alembic_version
    UNION ALL
    SELECT value FROM meta WHERE name = 'tables_fit_from'
"""
