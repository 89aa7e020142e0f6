"""Conditions of partial indexes, written as the index has them: SQLite would not use the index otherwise."""

from sqlalchemy import literal_column, text

from ..tables import effect, publication, run

IS_ACTIVE = run.c.state == literal_column("'active'")
IS_OPEN = run.c.state.in_([literal_column("'active'"), literal_column("'parked'")])
IS_NOT_DONE = run.c.state != literal_column("'done'")
IS_INTENT = effect.c.state == literal_column("'intent'")
IS_PUBLISHED = publication.c.state == literal_column("'published'")
IS_DISMISSED = text("alert.dismissed")
