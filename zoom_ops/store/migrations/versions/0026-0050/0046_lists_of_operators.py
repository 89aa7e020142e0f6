"""Index what pages of operators count or find among many events or records of homes."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("visibility = 'draft'")
    op.create_index("ix_event_draft", "event", ["start_at", "id"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_home_record_state", "home_record", ["state", "home", "gone_at"])
