"""Small facts of an installation: a name and a text, in the table `meta`."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from ..tables import meta
from .upsert import upsert

_FACT = select(meta.c.value).where(meta.c.name == bindparam("name"))


def find_fact(connection: Connection, name: str) -> str | None:
    """Find the text of a fact, or None."""
    text: str | None = connection.scalar(_FACT, {"name": name})
    return text


def find_facts(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Find the texts of some facts, by name."""
    rows = connection.execute(select(meta.c.name, meta.c.value).where(meta.c.name.in_(list(names))))
    return {row.name: row.value for row in rows}


def lock_fact(connection: Connection, name: str) -> None:
    """Lock a fact, if there is one, until the transaction ends."""
    connection.execute(select(meta.c.value).where(meta.c.name == name).with_for_update())


def keep_fact(connection: Connection, name: str, text: str) -> None:
    """Keep a fact, in place of the one that there was."""
    upsert(connection, meta, {"name": name}, {"value": text})


def settle_fact(connection: Connection, name: str, text: str) -> str:
    """Keep a fact once and for all; return it as it is, for another process may have been the first."""
    upsert(connection, meta, {"name": name}, {}, value=text)
    return find_fact(connection, name) or text


def forget_facts(connection: Connection, *names: str) -> bool:
    """Delete facts; return whether there was one."""
    return connection.execute(delete(meta).where(meta.c.name.in_(names))).rowcount > 0
