"""Let old refusals of codes be deleted from the audit, as those of passwords are."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_REFUSAL = "IN ('sign_in_refused', 'password_change_refused', 'proof_refused', 'second_factor_refused')"
_SQLITE = (
    "DROP TRIGGER audit_no_delete",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.what NOT {_REFUSAL} "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)
_POSTGRESQL = (
    "DROP TRIGGER audit_no_delete ON audit",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW WHEN (OLD.what NOT {_REFUSAL}) "
    "EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(sa.text(statement))
