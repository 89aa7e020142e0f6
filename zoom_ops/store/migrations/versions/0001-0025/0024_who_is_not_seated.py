"""Keep whom Zoom refused as panelists, and whose invitation is to be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("binding", sa.Column("refused_seats", sa.JSON()))
    op.add_column("seat", sa.Column("resend", sa.Boolean()))
