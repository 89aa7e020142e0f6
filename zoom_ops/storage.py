"""The database of an installation, opened as the settings say: checked, and with the tables of this version."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from .clock import Clock, SystemClock
from .engine.lock import refuse_while_moved
from .engine.port import EngineKind, check_engine, choose_engine
from .engine.queue import check_queue
from .errors import ConfigurationError
from .settings import Settings, load_secret_keys
from .store.copy.progress import refuse_half_copied, refuse_moved
from .store.db.connect import Database, open_database
from .store.db.encryption import SecretBox
from .store.db.facts import find_fact, settle_fact
from .store.db.migrate import tables_fit, upgrade
from .store.identity.sessions import Waits


@dataclass(frozen=True, kw_only=True)
class Storage:
    """What a command needs that neither calls Zoom nor reads what is encrypted."""

    settings: Settings
    database: Database

    @property
    def waits(self) -> Waits:
        """The time limits of sessions."""
        return session_waits(self.settings)

    def open_box(self) -> SecretBox:
        """Load the keys, for a command that compares keyed digests."""
        return SecretBox(load_secret_keys(self.settings))


@contextmanager
def open_storage(settings: Settings) -> Iterator[Storage]:
    """Open the database; raise ConfigurationError where it cannot be used."""
    with closing(connect_database(settings, SystemClock())) as database:
        yield Storage(settings=settings, database=database)


def session_waits(settings: Settings) -> Waits:
    """Return the time limits of sessions that the settings say."""
    return Waits(
        idle=timedelta(seconds=settings.session_idle_s),
        life=timedelta(seconds=settings.session_life_s),
        operator_life=timedelta(seconds=settings.operator_session_life_s),
    )


def connect_database(settings: Settings, clock: Clock) -> Database:
    """Connect to the database and migrate its tables; raise ConfigurationError where it cannot be used."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"DATA_DIR: the folder {folder} cannot be made: {error.strerror}.") from error
    kind = engine_kind(settings)
    check_engine(kind, is_sqlite=_is_sqlite(settings))
    database = open_database(settings.database_url, clock, idle_s=settings.idle_s)
    refuse_while_moved(database)
    if kind == "cluster":
        check_queue(database)
    if not tables_fit(database):
        upgrade(database, SecretBox(load_secret_keys(settings)))
    refuse_half_copied(database)
    refuse_moved(database)
    return database


def engine_kind(settings: Settings) -> EngineKind:
    """Return which engine the settings choose."""
    return choose_engine(settings.engine, fit=bool(settings.secret_key) and not _is_sqlite(settings))


def name_installation(database: Database) -> str:
    """Return our name in markers, made at the first start: no installation takes over the webinars of another."""
    with database.begin() as connection:
        return find_fact(connection, "installation") or settle_fact(connection, "installation", secrets.token_hex(4))


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")
