"""What all tables share: the metadata, the builders, the type of instants."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, Index, MetaData, Table, text
from sqlalchemy.types import BigInteger, DateTime, Integer, String, Text, TypeDecorator, TypeEngine

from ...messages import Message, load_message, store_message

_NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
metadata = MetaData(naming_convention=_NAMES)


class Moment(TypeDecorator[datetime]):
    """An aware instant in UTC, also when read from SQLite, which stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert an aware instant to UTC; raise ValueError for a naive one, which is a defect in our code."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Told(TypeDecorator[Message]):
    """A message, stored as its code with its values. A text of before messages had codes is read as it was said."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Message | str | None, _dialect: Dialect) -> str | None:
        """Write a message as text. A text that is searched for stays one."""
        return store_message(value) if isinstance(value, Message) else value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Message | None:
        """Read a message."""
        return None if value is None else load_message(value)


class SearchWords(TypeDecorator[str]):
    """Words of a full-text search: a search vector in PostgreSQL, a text in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type in a dialect."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import TSVECTOR  # on SQLite it would take 3 MB for nothing

        return dialect.type_descriptor(TSVECTOR())


def make_serial() -> Column[Any]:
    """Build the auto-incrementing column `id`."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def make_event_id(*, key: bool = False, index: bool = False, unique: bool = False) -> Column[Any]:
    """Build the column `event_id` of rows that are deleted with their event; with `key` it is of the primary key."""
    deleted_with = ForeignKey("event.id", ondelete="CASCADE")
    return Column("event_id", String(100), deleted_with, primary_key=key, index=index, unique=unique, nullable=False)


def make_partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Build an index over the rows that meet a condition.

    The migrations make it in both dialects. The condition is named for one of them only, because each that is named
    is loaded.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def make_table(name: str, *parts: Any) -> Table:
    """Build a table in the common metadata."""
    return Table(name, metadata, *parts)
