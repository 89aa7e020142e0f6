"""Unbound webinars: those at Zoom that no event has, as they were when last read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "unbound_webinar",
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("webinar_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(length=320), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("account", "webinar_id"),
    )
    with op.batch_alter_table("unbound_webinar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unbound_webinar_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_unbound_webinar_host", ["account", "host"], unique=False)
