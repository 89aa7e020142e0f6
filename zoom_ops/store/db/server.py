"""What is known of a PostgreSQL server that matters to an installation, beside what is in its tables."""

from dataclasses import dataclass

from .connect import Database


@dataclass(frozen=True, kw_only=True)
class Server:
    """How it reckons with its disk, and how many connections are left for more processes."""

    random_page_cost: float  # of a page that is looked for, as against the next one: 4 as delivered, 1.1 for an SSD
    connections: int  # in use, of whomever
    most_connections: int


def look_at_server(database: Database) -> Server | None:
    """Ask the server; None for SQLite, which has none."""
    if database.is_sqlite:
        return None
    with database.read() as connection:
        cost, most = (
            connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("random_page_cost", "max_connections")
        )
        used = connection.exec_driver_sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return Server(random_page_cost=float(cost), connections=used.scalar_one(), most_connections=int(most))
