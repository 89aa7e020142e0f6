"""Keep when the latest calls left, for all processes together to send no more in a second than Zoom takes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budget", sa.Column("passed", sa.JSON()))
