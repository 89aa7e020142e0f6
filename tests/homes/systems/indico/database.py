"""Indico's database: a private PostgreSQL. Empty tables are made once and kept as SQL, which saves some seconds."""

from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.homes.systems.place import Place
from tests.setup.postgres import find_programs, run_cluster

_PREPARED = "prepared.sql"


def start_database(place: Place) -> str:
    """Start a PostgreSQL with an empty database; return its address."""
    cluster = place.stack.enter_context(run_cluster(_programs()))
    address = cluster.create("indico")
    with psycopg.connect(address, autocommit=True) as connection:
        for extension in ("unaccent", "pg_trgm"):  # Indico wants them to be there before it makes its tables
            connection.execute(f"CREATE EXTENSION {extension}".encode())
    return address


def fill_database(place: Place, address: str, environ: Mapping[str, str]) -> None:
    """Make Indico's tables: read what was kept, or else have Indico make them, and keep them."""
    prepared = place.cache / _PREPARED
    if prepared.exists():
        options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={prepared}")
        place.call(_programs() / "psql", *options, address)
        return
    place.call(place.program("indico"), "db", "prepare", environ=environ)
    place.call(_programs() / "pg_dump", "--no-owner", f"--file={place.folder / _PREPARED}", address)
    place.keep(place.folder / _PREPARED, prepared)


def _programs() -> Path:
    programs = find_programs()
    assert programs, "PostgreSQL was installed before"
    return programs
