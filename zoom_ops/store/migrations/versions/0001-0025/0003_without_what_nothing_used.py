"""Without columns that nothing used: a webinar or recording to be looked at again is known by its notification."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    for table, column in (("binding", "stale"), ("recording", "stale"), ("publication", "content_hash")):
        op.drop_column(table, column)
