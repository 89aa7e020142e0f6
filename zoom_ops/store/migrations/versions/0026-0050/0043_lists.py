"""Find events by their words, and count them, without reading their records; count what changes lists of events."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_SHOWN = {  # the columns of each table that lists of events follow
    "event": "name, series, series_slug, language, year, recording_gate, start_at, end_at, visibility, document",
    "event_text": "words",
    "publication": "part, title, url, visibility, state",
    "recording": "started_at, duration, sharing",
}
_FTS5 = (  # as it was, and with the beginnings of one and two letters, which most words begin with
    "DROP TABLE event_fts",
    "CREATE VIRTUAL TABLE event_fts USING fts5("
    "words, content='event_text', content_rowid='id', tokenize='ascii', detail='none', prefix='1 2')",
    "INSERT INTO event_fts (event_fts) VALUES ('rebuild')",
)
_ONE_MORE = (
    "INSERT INTO list_change (writer, changes) VALUES ({}, 1) ON CONFLICT (writer) DO UPDATE SET changes = {} + 1"
)
_FUNCTION = (  # each connection has a row of its own, so that no writer waits for another
    "CREATE FUNCTION note_list_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + _ONE_MORE.format("pg_backend_pid()", "list_change.changes")
    + "; RETURN NULL; END $$"
)


def upgrade() -> None:
    op.create_table(
        "list_change",
        sa.Column("writer", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_event_found", "event", ["id", "start_at", "end_at", "visibility"])
    op.create_index("ix_event_listed", "event", ["end_at", "visibility", "start_at", "id"])
    op.create_index("ix_event_text_found", "event_text", ["id", "event_id"])
    for statement in _on_sqlite() if op.get_bind().dialect.name == "sqlite" else _on_postgresql():
        op.execute(statement)


def _on_sqlite() -> tuple[str, ...]:
    one_more = _ONE_MORE.format("0", "changes")
    return *_FTS5, *(
        f"CREATE TRIGGER {table}_lists_{name} AFTER {event} ON {table} BEGIN {one_more}; END"
        for table, columns in _SHOWN.items()
        for name, event in (("added", "INSERT"), ("removed", "DELETE"), ("changed", f"UPDATE OF {columns}"))
    )


def _on_postgresql() -> tuple[str, ...]:
    return _FUNCTION, *(
        f"CREATE TRIGGER {table}_lists AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF {columns} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_list_change()"
        for table, columns in _SHOWN.items()
    )
