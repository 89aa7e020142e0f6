"""Find the messages that wait without looking at all that were taken."""

from alembic import op
from sqlalchemy import text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = text("state = 'waiting'")
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index(
        "ix_delivery_waiting", "delivery", ["webhook", "next_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_delivery_state", "delivery", ["webhook", "state"])
