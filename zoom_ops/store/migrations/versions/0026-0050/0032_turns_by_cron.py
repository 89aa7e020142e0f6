"""Let a job have its turns by a cron line in a time zone."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedule_setting", sa.Column("cron", sa.String(length=200), nullable=True))
    op.add_column("schedule_setting", sa.Column("zone", sa.String(length=100), nullable=True))
