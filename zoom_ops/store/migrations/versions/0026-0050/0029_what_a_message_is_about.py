"""Know of each message to operators which problem it is about: one that was muted meanwhile is not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("operator_message", sa.Column("problem", sa.String(length=16)))
    op.add_column("operator_message", sa.Column("account", sa.String(length=100)))
