"""Keep what each process has of the configuration files, and what a parked run misses in them."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables.base import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("missing", sa.Text()))
    op.create_table(
        "configuration",
        sa.Column("process", sa.String(length=200), primary_key=True),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("refused", sa.Text()),
    )
