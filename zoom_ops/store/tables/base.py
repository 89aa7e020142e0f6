"""What all tables are made with."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
metadata = MetaData(naming_convention=_NAMES)


def make_serial() -> Column[Any]:
    """Make the column of a number that counts up."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def make_table(name: str, *parts: Any) -> Table:
    """Make a table."""
    return Table(name, metadata, *parts)
