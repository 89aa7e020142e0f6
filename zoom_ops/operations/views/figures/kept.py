"""Counts of what is over, kept by database: each stands as long as the mark of the rows that were counted."""

from weakref import WeakKeyDictionary

from ....store.db.connect import Database
from ..lists import Kept

_MOST = 16  # values of a database: counts of some spans, and those before where something moved, and the mark of runs
_kept: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()


def kept_of(database: Database) -> Kept:
    """Return what is kept of a database. The key of a count holds a mark of the rows."""
    return _kept.setdefault(database, Kept(most=_MOST))
