"""What feeds need of an event: how often its calendar entry was changed, and the address of its series."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.events import make_slug

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("series_slug", sa.String(length=100), nullable=True))
    op.add_column("event", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_event_series_slug", "event", ["series_slug"])
    event = sa.table("event", sa.column("series"), sa.column("series_slug"))
    for series in op.get_bind().execute(sa.select(event.c.series).distinct()).scalars():
        if series:
            op.execute(sa.update(event).where(event.c.series == series).values(series_slug=make_slug(series)))
