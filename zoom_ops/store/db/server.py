"""Facts about a PostgreSQL server that matter to an installation."""

from dataclasses import dataclass

from .connect import Database


@dataclass(frozen=True, kw_only=True)
class Server:
    """The cost that a server assumes for its disk, and the connections that are left for more processes."""

    random_page_cost: float  # of a page out of order, relative to the next page: 4 by default, 1.1 for an SSD
    connections: int  # in use, of all clients
    most_connections: int


def look_at_server(database: Database) -> Server | None:
    """Load the facts from the server; None for SQLite, which has no server."""
    if database.is_sqlite:
        return None
    with database.read() as connection:
        cost, most = (
            connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("random_page_cost", "max_connections")
        )
        used = connection.exec_driver_sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return Server(random_page_cost=float(cost), connections=used.scalar_one(), most_connections=int(most))
