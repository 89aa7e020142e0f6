"""Notices between the processes of a PostgreSQL database that something is due or has changed (LISTEN, NOTIFY)."""

import threading
from collections.abc import Callable, Mapping
from typing import Literal, get_args

import structlog
from sqlalchemy import Connection

from ...errors import ZoomOpsError, first_line
from .connect import Database
from .postgresql import manner_of

Notice = Literal["due", "changed"]
_CHANNEL = "zoom_ops"
_LISTEN_S = 5.0  # between two looks whether to stop

log = structlog.get_logger()


def notify_others(database: Database, notice: Notice) -> None:
    """Notify every listening process, so that it looks earlier than it would. A lost notice does no harm."""
    if database.is_sqlite:
        return
    try:
        with database.begin(durable=False) as connection:
            notify_with(connection, notice)
    except ZoomOpsError as error:
        log.info("notice_lost", notice=notice, reason=str(error))


def notify_with(connection: Connection, notice: Notice) -> None:
    """Notify every listening process when the transaction commits."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}, '{notice}'")


class NoticeListener:
    """Listens for notices on a connection and thread of its own, and calls the callback of each notice."""

    def __init__(self, database: Database, callbacks: Mapping[Notice, Callable[[], None]]) -> None:
        address = database.engine.url
        self._address = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._parameters, self._callbacks = manner_of(address), callbacks
        self._stopping = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._listen, name="notices", daemon=True)

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; does not wait for the thread."""
        self._stopping.set()

    def _listen(self) -> None:
        import psycopg  # here, since on SQLite nothing needs it

        while not self._stopping.is_set():
            try:
                self._receive()
            except psycopg.Error as error:
                if not self._failing:  # log a lasting failure once
                    log.info("notices_unheard", reason=first_line(error))
                self._failing = True
                self._stopping.wait(1)

    def _receive(self) -> None:
        import psycopg

        with psycopg.connect(self._address, autocommit=True, **self._parameters) as connection:
            connection.execute(f"LISTEN {_CHANNEL}")
            self._failing = False
            received: set[str] = set(get_args(Notice))  # a notice may have been sent before this connection listened
            while not self._stopping.is_set():
                for notice, call in self._callbacks.items():
                    if notice in received:
                        call()
                received = {notify.payload for notify in connection.notifies(timeout=_LISTEN_S, stop_after=1)}
