"""Keep what each attempt said that did not end its run: until now a later attempt wrote over it."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables.base import Moment

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
    )
    op.create_index("ix_attempt_run_id", "attempt", ["run_id"])
