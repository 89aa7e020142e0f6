"""A database that is only looked at: nothing is created, migrated, or waited for."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine, exc
from sqlalchemy.engine import make_url

from .migrate import revision_fits

_PATIENCE_S = 1


@contextmanager
def peek(url: str) -> Iterator[Connection | None]:
    """Yield a connection that only reads, or None: there is no database yet, it does not answer, or it is of another
    version.
    """
    with ExitStack() as opened:
        connection = None
        with suppress(exc.SQLAlchemyError, sqlite3.Error, OSError, ValueError):
            found = _connect(url)
            if found is not None and revision_fits(opened.enter_context(found)):
                connection = found
        yield connection


def _connect(url: str) -> Connection | None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        if not path.is_file():
            return None
        uri = f"file:{quote(str(path.absolute()))}?mode=ro"
        connect = partial(sqlite3.connect, uri, uri=True, timeout=_PATIENCE_S)
        return create_engine("sqlite://", creator=connect, poolclass=NullPool).connect()
    arguments: dict[str, Any] = {
        "connect_timeout": 2,
        "options": f"-c default_transaction_read_only=on -c statement_timeout={_PATIENCE_S * 1000}",
    }
    return create_engine(
        address.set(drivername="postgresql+psycopg"), connect_args=arguments, poolclass=NullPool
    ).connect()
