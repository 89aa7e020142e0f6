"""Events are found by their words, and chosen by language, year and a recording that the reader may see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.sql.expression import TableClause

from zoom_ops.events import Event
from zoom_ops.store.events import chosen_by
from zoom_ops.store.full_text import index_event

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FTS5 = (  # folded by us already: what is no space is a letter, in every script
    "CREATE VIRTUAL TABLE event_fts USING fts5("
    "words, content='event_text', content_rowid='id', tokenize='ascii', detail='none')",
    "CREATE TRIGGER event_text_added AFTER INSERT ON event_text BEGIN"
    " INSERT INTO event_fts (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER event_text_removed AFTER DELETE ON event_text BEGIN"
    " INSERT INTO event_fts (event_fts, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER event_text_changed AFTER UPDATE ON event_text WHEN old.words <> new.words BEGIN"
    " INSERT INTO event_fts (event_fts, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO event_fts (rowid, words) VALUES (new.id, new.words); END",
)
_GIN = ("CREATE INDEX gin_event_text_words ON event_text USING gin (words)",)


def upgrade() -> None:
    op.add_column("event", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("event", sa.Column("year", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("recording_gate", sa.Text(), server_default="[]", nullable=False))
    op.create_index("ix_event_language", "event", ["language"])
    op.create_index("ix_event_year", "event", ["year"])
    op.create_table(
        "event_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_text_event_id")),
    )
    for statement in _FTS5 if op.get_bind().dialect.name == "sqlite" else _GIN:
        op.execute(statement)
    _index_what_is_there()


def _index_what_is_there() -> None:
    connection = op.get_bind()
    kept: TableClause = sa.table("event", sa.column("id"), sa.column("document", sa.JSON()))
    event = sa.table("event", *map(sa.column, ("id", "language", "year", "recording_gate")))
    for event_id in connection.execute(sa.select(kept.c.id)).scalars().all():
        document = connection.execute(sa.select(kept.c.document).where(kept.c.id == event_id)).scalar_one()
        found = Event.model_validate(document)
        connection.execute(sa.update(event).where(event.c.id == event_id).values(chosen_by(found)))
        index_event(connection, found)
