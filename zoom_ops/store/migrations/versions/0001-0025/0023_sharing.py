"""Keep who may open a recording at Zoom, so that its page says it."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables.base import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording", sa.Column("sharing", sa.JSON()))
    op.add_column("recording", sa.Column("sharing_failure", sa.Text()))
    op.add_column("recording", sa.Column("sharing_asked_at", Moment))
