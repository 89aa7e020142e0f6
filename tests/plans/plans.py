"""The query plans of a database: EXPLAIN, for statements as they were sent."""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import metadata

PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Partial indexes of unfinished rows, which are small."""
_VAGUE = r"(?:subject_kind|state|strange|ours)=\?"
"""Conditions that do not help SQLite: these columns have few values, and most rows have the same one."""
_EXPLAINED = ("SELECT", "WITH", "UPDATE", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement with the values of its first use."""

    sql: str
    values: Any


@contextmanager
def listening(database: Database) -> Iterator[dict[str, Statement]]:
    """Collect the statements that are sent in the block, each once."""
    statements: dict[str, Statement] = {}

    def hear(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if sql.startswith(_EXPLAINED):
            statements.setdefault(sql, Statement(sql=sql, values=values[0] if many else values))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def read_whole(connection: Connection, statement: Statement, tables: Collection[str]) -> set[str]:
    """Return which of these tables a statement would read completely."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values).all()
        return _scanned([str(row[3]) for row in rows], statement.sql, tables)
    answer = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.values).scalar_one()
    (plan,) = json.loads(answer) if isinstance(answer, str) else answer
    limited = " LIMIT " in statement.sql.replace("\n", " ")
    return {node["Relation Name"] for node in _nodes(plan["Plan"]) if _reads_all(node, limited)} & {*tables}


def _reads_all(node: dict[str, Any], limited: bool) -> bool:
    """Return whether a step reads a table row by row, or all of an index; a step with a limit does not."""
    if "Index" in node["Node Type"] and "Relation Name" in node:
        return not limited and "Index Cond" not in node and node["Index Name"] not in PARTIAL
    return bool(node["Node Type"] == "Seq Scan")


def _scanned(steps: list[str], sql: str, tables: Collection[str]) -> set[str]:
    """Return the tables that SQLite scans. A scan in the requested order up to a limit does not count."""
    if " LIMIT " in sql.replace("\n", " ") and not any("TEMP B-TREE FOR ORDER BY" in step for step in steps):
        return set()
    scans = (re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step) for step in steps)
    vague = (re.match(rf"SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \({_VAGUE}\)", step) for step in steps)
    return {match[1] for match in (*scans, *vague) if match and match[1] in tables and match[2] not in PARTIAL}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
