"""Which calls were answered, but not in the words of Zoom's API: they count as failures of the account."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.text("(false)")
    op.add_column("zoom_call", sa.Column("strange", sa.Boolean(), server_default=no, nullable=False))
