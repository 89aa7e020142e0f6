"""Keep when Zoom deletes a recording, and when a published one is looked at again."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording", sa.Column("auto_delete", sa.Boolean()))
    op.add_column("recording", sa.Column("auto_delete_date", sa.String(10)))
    op.create_index("ix_recording_auto_delete_date", "recording", ["auto_delete_date"])
    op.add_column("publication", sa.Column("look_at", Moment()))
    op.add_column("publication", sa.Column("missing_since", Moment()))
    published = sa.text("state = 'published'")
    op.create_index(
        "ix_publication_look",
        "publication",
        ["look_at", "published_at"],
        sqlite_where=published,
        postgresql_where=published,
    )
