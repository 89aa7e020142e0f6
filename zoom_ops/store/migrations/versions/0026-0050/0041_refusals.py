"""Count what clients are refused, and let old refusals of the audit be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_REFUSAL = "IN ('sign_in_refused', 'password_change_refused', 'proof_refused')"
_SAYS = "the audit is append-only"
_SQLITE = (
    "DROP TRIGGER audit_no_delete",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.what NOT {_REFUSAL} "
    f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END",
)
_POSTGRESQL = (
    "DROP TRIGGER audit_append_only ON audit",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW WHEN (OLD.what NOT {_REFUSAL}) "
    "EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "refusal",
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("kind", sa.String(length=30), primary_key=True),
        sa.Column("network", sa.String(length=100), primary_key=True),
        sa.Column("refused", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_audit_what_at", "audit", ["what", "at"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(sa.text(statement))
