"""Links that open something (a webinar's join link with its passcode, a recording's) lie in the database encrypted."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.sql.expression import TableClause

from zoom_ops.errors import ConfigurationError
from zoom_ops.store.db.encryption import SecretBox

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Seal = Callable[[str | None], bytes | None]
_LINKS = {"binding": ("event_id", "join_url", "registration_url"), "recording": ("uuid", "share_url")}


def upgrade() -> None:
    tables = {name: sa.table(name, *map(sa.column, columns)) for name, columns in _LINKS.items()}
    known = {name: op.get_bind().execute(sa.select(table)).all() for name, table in tables.items()}
    seal = _sealing(any(known.values()))
    for name, (key, *links) in _LINKS.items():
        for link in links:
            op.drop_column(name, link)
            op.add_column(name, sa.Column(link, sa.LargeBinary(), nullable=True))
        for row in known[name]:
            values = {link: seal(getattr(row, link)) for link in links}
            op.execute(sa.update(tables[name]).where(tables[name].c[key] == getattr(row, key)).values(values))
    _seal_files(seal)


def _sealing(needed: bool) -> Seal:
    """Give what seals; it must be the key by which the rest was sealed."""
    box: SecretBox | None = context.config.attributes.get("box")
    if box is None and needed:
        raise ConfigurationError("The secret key is needed to bring this database to the newest version.")
    word = op.get_bind().execute(sa.text("SELECT value FROM meta WHERE name = 'key_check'")).scalar()
    if box and word:
        box.unseal(word.encode())
    return box.seal if box else lambda _link: None


def _seal_files(seal: Seal) -> None:
    """Seal the links inside the list of a recording's files."""
    table: TableClause = sa.table("recording", sa.column("uuid"), sa.column("files", sa.JSON()))
    for row in op.get_bind().execute(sa.select(table.c.uuid, table.c.files)).all():
        files = [{**file, "play_url": (seal(file.get("play_url")) or b"").decode() or None} for file in row.files]
        op.execute(sa.update(table).where(table.c.uuid == row.uuid).values(files=files))
