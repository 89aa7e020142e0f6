"""Find the bookings of an account that are not over without reading those of all years."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_booking_end", "booking", ["account", "end_at"])
