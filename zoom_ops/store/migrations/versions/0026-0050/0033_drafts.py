"""Know of each event whether it is a draft, unlisted or listed, and what it will be once nothing is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("visibility", "intended"):
        op.add_column("event", sa.Column(column, sa.String(length=10), server_default="listed", nullable=False))
