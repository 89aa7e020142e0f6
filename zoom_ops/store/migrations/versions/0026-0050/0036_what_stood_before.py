"""Keep what an event was before its latest edit, so that the edit can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("before", sa.JSON(), nullable=True))
    op.add_column("event", sa.Column("edited", sa.Integer(), nullable=True))
