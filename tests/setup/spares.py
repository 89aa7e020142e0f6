"""PostgreSQL databases that are emptied and used again, since making one takes many times as long as emptying it."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from tests.setup.postgres import Cluster

PATIENCE_S = 10.0
RESTING = 3  # so many tests later one is used again: by then, who has survived a test has come back to it, and is seen


class Spares:
    """Copies of one database, of which each test has one to itself, with nothing in its tables."""

    def __init__(self, cluster: Cluster, template: str, administrator: psycopg.Connection) -> None:
        self._cluster, self._template, self._administrator = cluster, template, administrator
        self._used: deque[str] = deque()
        self._numbers = count(1)
        with psycopg.connect(cluster.url(template)) as connection:
            self._shape = _shape_of(connection)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Lend one for the block; give its address."""
        name = self._find_spare() or self._make()
        yield self._cluster.url(name)
        self._cut_connections(name)
        self._used.append(name)

    def _find_spare(self) -> str | None:
        """Find one that nobody has come back to, and that is made as all are; drop those that are not."""
        while len(self._used) >= RESTING:
            name = self._used.popleft()
            if not self._count_connections(name) and _is_emptied(self._cluster.url(name), self._shape):
                return name
            self._cluster.drop(name)
        return None

    def _make(self) -> str:
        name = f"{self._template}_{next(self._numbers)}"
        self._cluster.create(name, template=self._template)
        return name

    def _cut_connections(self, name: str) -> None:
        """Cut every connection, and wait until all are gone."""
        until = time.monotonic() + PATIENCE_S
        while self._count_connections(name, "pg_terminate_backend(pid)"):
            assert time.monotonic() < until, "connections stay though they were cut"
            time.sleep(0.002)

    def _count_connections(self, name: str, do: str = "pid") -> int:
        query = f"SELECT {do} FROM pg_stat_activity WHERE datname = %s"
        return self._administrator.execute(query.encode(), (name,)).rowcount


def empty(url: str) -> None:
    """Delete every row of every table of the program, and count from 1 again."""
    with psycopg.connect(url) as connection:
        _empty(connection)


def _is_emptied(url: str, shape: object) -> bool:
    """Empty a database, if it is of this shape; tell whether it was."""
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
    connection.execute("SET LOCAL session_replication_role = replica")  # in any order, and past the triggers
    connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables).encode())
    connection.execute("DELETE FROM meta WHERE name <> 'tables_fit_from'")  # which migrations wrote
    connection.execute(_FROM_ONE)


def _shape_of(connection: psycopg.Connection) -> object:
    """Tell what a database is made of: its version, tables and columns, rules, functions, triggers, settings."""
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
