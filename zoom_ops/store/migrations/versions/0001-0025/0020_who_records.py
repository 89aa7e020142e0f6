"""Keep what decides whether Zoom records: the hosts' right, the accounts' cloud storage, when Zoom dropped it last."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("host", sa.Column("cloud_recording", sa.Boolean()))
    op.add_column("host", sa.Column("right_changed_at", sa.DateTime(timezone=True)))
    op.add_column("binding", sa.Column("recording_refused_at", sa.DateTime(timezone=True)))
    op.create_table(
        "cloud_storage",
        sa.Column("account", sa.String(100), primary_key=True),
        sa.Column("used_percentage", sa.Integer(), nullable=False),
        sa.Column("used", sa.String(50), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
