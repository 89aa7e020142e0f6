"""Choose events for a reader: a recording counts only for whom it is."""

from sqlalchemy import ColumnElement, Connection

from ..access import Reader
from ..store.choosing import Wanted, is_recorded, iter_conditions, load_gates

EVERYTHING = Wanted()


def choose(connection: Connection, wanted: Wanted, reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """Build the conditions that an event has to meet: they hold it back where its recording is not for this reader."""
    conditions = tuple(iter_conditions(connection, wanted))
    if not wanted.recorded:
        return conditions
    gates = [gate for gate in load_gates(connection) if reader.may_pass(gate)]
    return (*conditions, is_recorded(gates, only_public=reader.role == "visitor"))
