"""Keep what is known of each Zoom account."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_fact",
        sa.Column("account", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
