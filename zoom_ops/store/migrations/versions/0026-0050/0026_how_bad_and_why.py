"""Know of each alert how bad it is and what caused it, and of a webinar whether Zoom says that it was held."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("severity", sa.String(length=10), nullable=False, server_default="warning"))
    op.add_column("alert", sa.Column("cause", sa.Text(), nullable=False, server_default=""))
    op.add_column("alert", sa.Column("dismissed", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    where = sa.text("dismissed")
    op.create_index("ix_alert_dismissed", "alert", ["key"], sqlite_where=where, postgresql_where=where)
    op.add_column("binding", sa.Column("held", sa.String(length=10)))
