"""Find what is asked for at each look without reading what was done in all the years before."""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    active, unfinished = text("state = 'active'"), text("state IN ('active', 'parked')")
    op.drop_index("ix_run_due", "run")
    op.create_index("ix_run_due", "run", ["next_at"], sqlite_where=active, postgresql_where=active)
    op.create_index("ix_run_account", "run", ["account"], sqlite_where=unfinished, postgresql_where=unfinished)
    undone = text("state != 'done'")
    op.create_index("ix_run_undone", "run", ["state", "id"], sqlite_where=undone, postgresql_where=undone)
    op.drop_index("ix_run_subject", "run")
    op.create_index("ix_run_subject", "run", ["subject_kind", "subject", "job", "id"])
    op.drop_index("ix_effect_state", "effect")
    op.create_index("ix_effect_resolved", "effect", ["kind", "resolved"])
    op.drop_index("ix_notification_request", "notification")
    live = text("ended_at IS NULL")
    op.create_index("ix_instance_live", "instance", ["started_at"], sqlite_where=live, postgresql_where=live)
    for table, column in _LOOKED_UP:
        op.create_index(f"ix_{table}_{column}", table, [column])


_LOOKED_UP = (
    ("alert", "kind"),
    ("audit", "what"),
    ("binding", "webinar_id"),
    ("delivery", "recording_uuid"),
    ("event", "recording_gate"),
    ("notification", "request_id"),
    ("publication", "published_at"),
    ("recording", "fetched_at"),
)
