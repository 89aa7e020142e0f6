"""For which credentials a token was given: changed ones ask for a token of their own at once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("fingerprint", sa.String(length=64), server_default="", nullable=False))
