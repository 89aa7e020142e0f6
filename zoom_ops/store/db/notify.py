"""Tell the other processes of a PostgreSQL database that something is due or has changed (LISTEN, NOTIFY)."""

import threading
from collections.abc import Callable, Mapping
from typing import Literal, get_args

import psycopg
import structlog
from sqlalchemy import Connection

from ...errors import ZoomOpsError, first_line
from .connect import Database, manner_of

Notice = Literal["due", "changed"]
_CHANNEL = "zoom_ops"
_LISTEN_S = 1.0

log = structlog.get_logger()


def notify_others(database: Database, notice: Notice) -> None:
    """Tell every process that listens; nothing depends on it, they only look earlier than they would."""
    if database.is_sqlite:
        return
    try:
        with database.begin(durable=False) as connection:
            notify_with(connection, notice)
    except ZoomOpsError as error:
        log.info("notice_lost", notice=notice, reason=str(error))


def notify_with(connection: Connection, notice: Notice) -> None:
    """Tell every process that listens once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}, '{notice}'")


class NoticeListener:
    """Hears what other processes tell, on a connection of its own, and calls what belongs to it."""

    def __init__(self, database: Database, heard: Mapping[Notice, Callable[[], None]]) -> None:
        address = database.engine.url
        self._address = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._manner, self._heard = manner_of(address), heard
        self._stopping = threading.Event()
        self._unheard = False
        self._thread = threading.Thread(target=self._listen, name="notices", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hear()
            except psycopg.Error as error:
                if not self._unheard:  # once for as long as it lasts
                    log.info("notices_unheard", reason=first_line(error))
                self._unheard = True
                self._stopping.wait(1)

    def _hear(self) -> None:
        with psycopg.connect(self._address, autocommit=True, **self._manner) as connection:
            connection.execute(f"LISTEN {_CHANNEL}")
            self._unheard = False
            for notice in get_args(Notice):  # what was told before we listened
                self._heard[notice]()
            while not self._stopping.is_set():
                told = {heard.payload for heard in connection.notifies(timeout=_LISTEN_S, stop_after=1)}
                for notice in get_args(Notice):
                    if notice in told:
                        self._heard[notice]()
