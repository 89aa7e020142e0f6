"""Keep what was read of the records of homes, and which of our links stand there."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "home_pull",
        sa.Column("home", sa.String(length=100), primary_key=True),
        sa.Column("cursor", sa.Text(), nullable=False, server_default=""),
        sa.Column("tried_at", MOMENT),
        sa.Column("pulled_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("failure", sa.Text()),
        sa.Column("listed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("took_ms", sa.Integer()),
        sa.Column("read_by", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("configured", sa.Boolean(), nullable=False, server_default=sa.text("true")),
    )
    op.create_table(
        "home_record",
        sa.Column("home", sa.String(length=100), primary_key=True),
        sa.Column("record", sa.String(length=300), primary_key=True),
        sa.Column("event_id", sa.String(length=100), sa.ForeignKey("event.id", ondelete="SET NULL")),
        sa.Column("url", sa.Text(), nullable=False, server_default=""),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("document", sa.JSON()),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("webinar_id", sa.String(length=20)),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("missed_at", MOMENT),
        sa.Column("gone_at", MOMENT),
    )
    op.create_index("ix_home_record_event_id", "home_record", ["event_id"])
    op.create_table(
        "home_entry",
        sa.Column("home", sa.String(length=100), primary_key=True),
        sa.Column("record", sa.String(length=300), primary_key=True),
        sa.Column("key", sa.String(length=100), primary_key=True),
        sa.Column("event_id", sa.String(length=100), sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("written", sa.JSON()),
        sa.Column("seen", sa.JSON()),
        sa.Column("written_at", MOMENT),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("left_alone", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_index("ix_home_entry_event_id", "home_entry", ["event_id"])
