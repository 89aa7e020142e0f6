"""Know of each pause of a job or an account why, by whom and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("schedule_setting", "account_stop"):
        op.add_column(table, sa.Column("paused_at", _MOMENT, nullable=True))
        op.add_column(table, sa.Column("paused_by", sa.String(length=200), nullable=True))
        op.add_column(table, sa.Column("pause_note", sa.Text(), nullable=True))
