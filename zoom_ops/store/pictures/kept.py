"""Pictures by the digest of their content, and which events show them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, exists, func, select

from ...events import Event, Picture
from ...pictures import KeptPicture
from ..db.upsert import insert_into, upsert
from ..db.values import slices
from ..tables import event as event_table
from ..tables import event_picture
from ..tables import picture as picture_table

UNUSED_FOR = timedelta(days=30)
"""So long a picture is kept that no event shows: it may stand in a form that somebody has open."""

_SHOWN = exists().where(  # by an event, or by what it was before its latest edit, which can be undone
    event_picture.c.digest == picture_table.c.digest,
    event_table.c.id == event_picture.c.event_id,
    event_picture.c.revision >= event_table.c.revision - 1,
)
IS_UNUSED: ColumnElement[bool] = ~_SHOWN


def save_picture(
    connection: Connection, picture: KeptPicture, now: datetime, source: str | None = None, author: str | None = None
) -> None:
    """Keep a picture. `source`: the address from which it was fetched. `author`: the login of one who sent it."""
    held = {"width": picture.width, "height": picture.height, "content": picture.content, "small": picture.small}
    held["author"] = author
    fetched = {"source": _key_of(source)} if source else {}
    upsert(connection, picture_table, {"digest": picture.digest}, {"at": now, **fetched}, **held)


def count_sent(connection: Connection, author: str, since: datetime) -> int:
    """Count the pictures that came from an author first, and were sent or fetched since then."""
    mine = picture_table.c.author == author, picture_table.c.at >= since
    return connection.execute(select(func.count()).select_from(picture_table).where(*mine)).scalar_one()


def load_picture(connection: Connection, digest: str, *, small: bool) -> bytes | None:
    """Load a picture in one of its sizes, as JPEG; None if it is not kept."""
    column = picture_table.c.small if small else picture_table.c.content
    content: bytes | None = connection.scalar(select(column).where(picture_table.c.digest == digest))
    return content


def find_pictures(connection: Connection, digests: Iterable[str]) -> dict[str, Picture]:
    """Find the sizes of those of some pictures that are kept, by digest."""
    query = select(*picture_table.c["digest", "width", "height"])
    found = (connection.execute(query.where(picture_table.c.digest.in_(some))) for some in slices(digests))
    return {
        row.digest: Picture(digest=row.digest, width=row.width, height=row.height) for rows in found for row in rows
    }


def find_fetched(connection: Connection, sources: Iterable[str]) -> dict[str, Picture]:
    """Find the pictures that were fetched from some addresses before, by address."""
    keys = {_key_of(source): source for source in sources}
    query = select(*picture_table.c["source", "digest", "width", "height"])
    found = (connection.execute(query.where(picture_table.c.source.in_(some))) for some in slices(keys))
    return {
        keys[row.source]: Picture(digest=row.digest, width=row.width, height=row.height)
        for rows in found
        for row in rows
    }


def link_pictures(connection: Connection, event: Event) -> None:
    """Record which pictures an event shows, as it was just written."""
    revision = select(event_table.c.revision).where(event_table.c.id == event.id).scalar_subquery()
    for digest in event.pictures:
        row = {"event_id": event.id, "digest": digest, "revision": revision}
        adding = insert_into(connection, event_picture).values(row)
        connection.execute(
            adding.on_conflict_do_update(index_elements=["event_id", "digest"], set_={"revision": revision})
        )


def _key_of(source: str) -> str:
    return sha256(source.encode()).hexdigest()
