"""Know of each alert how bad it is, and what caused it: alerts with one cause are told together."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("severity", sa.String(length=10), nullable=False, server_default="warning"))
    op.add_column("alert", sa.Column("cause", sa.Text(), nullable=False, server_default=""))
