"""Keep when a recording was first published, rounds of jobs, and when a user proved who they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
publication = sa.table(
    "publication",
    sa.column("event_id", sa.String),
    sa.column("recording_uuid", sa.String),
    sa.column("published_at", MOMENT),
    sa.column("first_at", MOMENT),
    sa.column("first_after_ms", sa.BigInteger),
)
effect = sa.table(
    "effect",
    sa.column("subject", sa.String),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
    sa.column("action", sa.JSON),
    sa.column("resolved", MOMENT),
)
notification = sa.table(
    "notification",
    sa.column("event_id", sa.String),
    sa.column("uuid", sa.String),
    sa.column("kind", sa.String),
    sa.column("received_at", MOMENT),
)


def upgrade() -> None:
    op.add_column("publication", sa.Column("first_at", MOMENT, nullable=True))
    op.add_column("publication", sa.Column("first_after_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_publication_first_at", "publication", ["first_at"])
    _fill(op.get_bind())
    op.add_column("run", sa.Column("earlier_round", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("session", sa.Column("proven_at", MOMENT, nullable=True))
    op.execute(sa.text("UPDATE session SET proven_at = created_at WHERE how = 'session'"))
    op.add_column("picture", sa.Column("author", sa.String(length=200), nullable=True))
    op.create_index("ix_picture_author", "picture", ["author"])
    op.create_table(
        "forgotten_run",
        sa.Column("at", MOMENT, nullable=False, primary_key=True),
        sa.Column("job", sa.String(length=100), nullable=False, primary_key=True),
        sa.Column("outcome", sa.String(length=10), nullable=False, primary_key=True),
        sa.Column("held", sa.Integer(), nullable=False),
    )


def _fill(connection: sa.Connection) -> None:
    """Fill old rows from the changes that are still kept. Without them, the latest publication is all that is known."""
    made, told = _first_changes(connection), _first_notifications(connection)
    keys = publication.c.event_id, publication.c.recording_uuid
    query = sa.update(publication).where(keys[0] == sa.bindparam("event"), keys[1] == sa.bindparam("recording"))
    query = query.values(first_at=sa.bindparam("at"), first_after_ms=sa.bindparam("after_ms"))
    rows = []
    for event, recording, published_at in connection.execute(sa.select(*keys, publication.c.published_at)).all():
        at, received = made.get((event, recording)), told.get((event, recording))
        after_ms = round(1_000 * (at - received).total_seconds()) if at and received and received <= at else None
        rows.append({"event": event, "recording": recording, "at": at or published_at, "after_ms": after_ms})
    if rows:
        connection.execute(query, rows)


def _first_changes(connection: sa.Connection) -> dict[tuple[str, str], Any]:
    done = sa.select(effect.c.subject, effect.c.action, effect.c.resolved)
    done = done.where(effect.c.kind == "PublishRecording", effect.c.state == "done", effect.c.resolved.is_not(None))
    rows = connection.execute(done.order_by(effect.c.resolved.desc()))
    return {(subject, (action or {}).get("recording_uuid", "")): at for subject, action, at in rows}


def _first_notifications(connection: sa.Connection) -> dict[tuple[str, str], Any]:
    names = notification.c.event_id, notification.c.uuid
    query = sa.select(*names, sa.func.min(notification.c.received_at)).group_by(*names)
    rows = connection.execute(query.where(notification.c.kind == "recording.completed", names[0].is_not(None)))
    return {(event, uuid): received for event, uuid, received in rows}
