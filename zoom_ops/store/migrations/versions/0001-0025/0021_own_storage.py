"""Keep where a recording lies whose account has storage of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording", sa.Column("storage", sa.Text()))
