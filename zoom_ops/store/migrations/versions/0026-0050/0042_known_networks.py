"""Keep strangers from locking out who signs in from a network that was used before."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_network",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("site_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_known_network_user_id", "known_network", ["user_id"])
    op.create_index("ix_known_network_seen_at", "known_network", ["seen_at"])
    op.add_column("pace", sa.Column("login", sa.String(length=64)))
    op.create_index("ix_pace_login", "pace", ["login"])
