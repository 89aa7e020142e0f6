"""What the console keeps: what needs a person of an event, recordings kept back, schedules that operators changed."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.events import Event
from zoom_ops.store.tables import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("doubts", "unaddressed"):
        op.add_column("event", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    event = sa.table("event", *map(sa.column, ("id", "doubts", "unaddressed")), sa.column("document", sa.JSON()))
    for event_id, document in op.get_bind().execute(sa.select(event.c.id, event.c.document)).all():
        known = Event.model_validate(document)
        counted = {"doubts": len(known.needs_review), "unaddressed": len(known.without_address())}
        op.execute(sa.update(event).where(event.c.id == event_id).values(counted))
    op.create_table(
        "withheld",
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.Column("recording_uuid", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "recording_uuid"),
    )
    op.create_table(
        "schedule_setting",
        sa.Column("schedule", sa.String(length=100), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("schedule"),
    )
