"""Keep what an event is called at the place it comes from, so that a later import of it is the same event."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables.base import Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_origin",
        sa.Column("origin", sa.String(length=500), primary_key=True),
        sa.Column("event_id", sa.String(length=100), sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_event_origin_event_id", "event_origin", ["event_id"])
