"""Know more of hosts: unknown licences, deactivated users, the list of webinars that others made on them."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables import Moment

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("host", sa.Column("is_certain", sa.Boolean()))
    op.add_column("host", sa.Column("active", sa.Boolean()))
    op.add_column("host", sa.Column("licences", sa.JSON()))
    op.add_column("host", sa.Column("listed_at", Moment()))
