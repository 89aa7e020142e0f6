"""The metadata and the builders that all tables share."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
metadata = MetaData(naming_convention=_NAMES)


def make_serial() -> Column[Any]:
    """Build the auto-incrementing column `id`."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def make_table(name: str, *parts: Any) -> Table:
    """Build a table in the common metadata."""
    return Table(name, metadata, *parts)
