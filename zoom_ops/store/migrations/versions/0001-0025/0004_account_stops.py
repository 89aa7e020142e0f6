"""Account stops: which Zoom accounts are asked nothing for the moment, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account_stop",
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("verb", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trials", sa.Integer(), server_default="0", nullable=False),
        sa.Column("after_call", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account", "verb"),
    )
