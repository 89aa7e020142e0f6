"""Find what Zoom refused without reading all webinars of a host; count what changes the plan of an event."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_TABLES = ("binding", "seat")
_ONE_MORE = (
    "INSERT INTO plan_change (writer, changes) VALUES ({}, 1) ON CONFLICT (writer) DO UPDATE SET changes = {} + 1"
)
_FUNCTION = (  # each connection has a row of its own, so that no writer waits for another
    "CREATE FUNCTION note_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + _ONE_MORE.format("pg_backend_pid()", "plan_change.changes")
    + "; RETURN NULL; END $$"
)


def upgrade() -> None:
    where = sa.text("recording_refused_at IS NOT NULL")
    columns = ["account", "host", "state", "recording_refused_at"]
    op.create_index("ix_binding_refused", "binding", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "plan_change",
        sa.Column("writer", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
    )
    for statement in _on_sqlite() if op.get_bind().dialect.name == "sqlite" else _on_postgresql():
        op.execute(statement)


def _on_sqlite() -> tuple[str, ...]:
    one_more = _ONE_MORE.format("0", "changes")
    return tuple(
        f"CREATE TRIGGER {table}_plans_{name} AFTER {event} ON {table} BEGIN {one_more}; END"
        for table in _TABLES
        for name, event in (("added", "INSERT"), ("removed", "DELETE"), ("changed", "UPDATE"))
    )


def _on_postgresql() -> tuple[str, ...]:
    return _FUNCTION, *(
        f"CREATE TRIGGER {table}_plans AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_plan_change()"
        for table in _TABLES
    )
