"""Tell operators of problems: targets, what each was told, mutes, maintenance windows, messages."""

import sqlalchemy as sa
from alembic import op

from zoom_ops.store.tables.base import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_target",
        sa.Column("target", sa.String(length=16), primary_key=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("digest_at", Moment(), nullable=False),
        sa.Column("failing_since", Moment()),
        sa.Column("tried_at", Moment()),
        sa.Column("answer", sa.Text()),
    )
    op.create_table(
        "problem_told",
        sa.Column("problem", sa.String(length=12), primary_key=True),
        sa.Column("target", sa.String(length=16), primary_key=True),
        *_problem(),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "problem_mute",
        sa.Column("problem", sa.String(length=12), primary_key=True),
        *_problem(),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", Moment()),
    )
    op.create_table(
        "maintenance_window",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("begins", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account", sa.String(length=100)),
        sa.Column("who", sa.String(length=200), nullable=False),
    )
    op.create_index("ix_maintenance_window_ends", "maintenance_window", ["ends"])
    op.create_table(
        "operator_message",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", Moment()),
        sa.Column("tried_at", Moment()),
        sa.Column("answer", sa.Text()),
    )
    op.create_index("ix_operator_message_at", "operator_message", ["at"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_operator_message_waiting",
        "operator_message",
        ["target", "next_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_alert_cleared_at", "alert", ["cleared_at"])
    lasting = sa.text("cleared_at IS NULL")
    op.create_index("ix_alert_problem", "alert", ["kind", "account"], sqlite_where=lasting, postgresql_where=lasting)


def _problem() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("account", sa.String(length=100)),
        sa.Column("cause", sa.Text(), nullable=False),
    ]
