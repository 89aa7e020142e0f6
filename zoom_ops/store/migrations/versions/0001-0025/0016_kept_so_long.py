"""Find the turns by when they were taken: those of long ago are thrown away."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tick_at", "tick", ["at"])
