"""Counts of what is over, kept by database: each stands as long as the mark of the rows that were counted."""

from weakref import WeakKeyDictionary

from ....store.db.connect import Database
from ..lists import Kept

_MOST = 12  # counts of a database: each of some spans, and one before where something moved
_kept: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()


def kept_of(database: Database) -> Kept:
    """Return what is kept of a database. The key of a count holds a mark of the rows."""
    return _kept.setdefault(database, Kept(most=_MOST))
