"""Know more of hosts: unknown licences, deactivated users, foreign webinars. Keep the moves of events between them."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("host", sa.Column("is_certain", sa.Boolean()))
    op.add_column("host", sa.Column("active", sa.Boolean()))
    op.add_column("host", sa.Column("licences", sa.JSON()))
    op.add_column("host", sa.Column("listed_at", Moment()))
    op.add_column("host", sa.Column("changed_at", Moment()))
    op.create_table(
        "foreign_webinar",
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("webinar_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(length=320), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("first_at", Moment()),
        sa.Column("last_at", Moment()),
        sa.PrimaryKeyConstraint("account", "webinar_id"),
    )
    op.create_index("ix_foreign_webinar_host", "foreign_webinar", ["account", "host"])
    op.add_column("binding", sa.Column("move_to", sa.String(length=320)))
    op.add_column("binding", sa.Column("left_webinar_id", sa.BigInteger()))
    op.add_column("binding", sa.Column("left_host", sa.String(length=320)))
