"""Instances, recordings and publications of events."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, bindparam, exists, func, or_, select, update

from ..events import Publication, Requirement
from ..webinars import Recording, RecordingFile, Sharing, hurdle_of
from .db.encryption import SecretBox
from .db.upsert import insert_of, upsert
from .db.values import slices
from .notifications import find_completion
from .tables import binding, instance, publication, recording


@dataclass(frozen=True, kw_only=True)
class InstanceNote:
    """What is known of an instance; None leaves a value as it is.

    `or_at` is the start of a new instance whose start is unknown: the instance began then at the latest.
    """

    uuid: str
    event_id: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    practice: bool | None = None
    or_at: datetime | None = None


_REQUIREMENTS = get_args(Requirement)
_PUBLISHED = tuple(name for name in Publication.model_fields if name not in ("duration", "requires"))
_COLUMNS = {**publication.c, "start": recording.c.started_at}
_WITH_RECORDING = (
    select(publication.c.event_id, recording.c.duration, recording.c.sharing, *(_COLUMNS[name] for name in _PUBLISHED))
    .outerjoin(recording, recording.c.uuid == publication.c.recording_uuid)
    .order_by(publication.c.event_id, publication.c.part)
)
_OF_EVENTS = _WITH_RECORDING.where(publication.c.event_id.in_(bindparam("event_ids", expanding=True)))
_KNOWN = ("started_at", "ended_at", "practice")


@cache
def _record_in(dialect: str) -> Any:
    """Build the statement once: notifications need it hundreds of times a second."""
    columns = [*instance.c["uuid", "event_id"], *instance.c[_KNOWN]]
    query = insert_of(dialect)(instance).values({column.name: bindparam(column.name) for column in columns})
    old = {name: instance.c[name] for name in _KNOWN}
    new = {name: bindparam(f"known_{name}", type_=column.type) for name, column in old.items()}
    kept = {name: func.coalesce(new[name], old[name]) for name in _KNOWN}
    return query.on_conflict_do_update(index_elements=["uuid"], set_=kept)


_RECORDED = select(recording.c.uuid).where(recording.c.uuid.in_(bindparam("uuids", expanding=True)))


def record_instance(
    connection: Connection,
    uuid: str,
    event_id: str,
    *,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    practice: bool | None = None,
    or_at: datetime | None = None,
) -> None:
    """Write what is known of an instance, see `InstanceNote`."""
    note = InstanceNote(
        uuid=uuid, event_id=event_id, started_at=started_at, ended_at=ended_at, practice=practice, or_at=or_at
    )
    record_instances(connection, (note,))


def record_instances(connection: Connection, notes: Sequence[InstanceNote]) -> None:
    """Write what is known of many instances. Of two notes about one instance the later one counts."""
    rows = [
        {
            "uuid": note.uuid,
            "event_id": note.event_id,
            "practice": bool(note.practice),
            "started_at": note.started_at or note.or_at,
            "ended_at": note.ended_at,
            **{f"known_{name}": getattr(note, name) for name in _KNOWN},
        }
        for note in notes
    ]
    if rows:
        connection.execute(_record_in(connection.dialect.name), rows)


def find_recorded_instances(connection: Connection, uuids: Collection[str]) -> frozenset[str]:
    """Return which of these instances have a recording."""
    return frozenset(connection.scalars(_RECORDED, {"uuids": list(uuids)})) if uuids else frozenset()


def load_instances(connection: Connection, event_id: str) -> tuple[Row[Any], ...]:
    """Load the event's instances (uuid, started_at, ended_at, practice), the earliest first."""
    return tuple(connection.execute(_INSTANCES, {"of": event_id}))


_INSTANCES = (
    select(instance)
    .where(instance.c.event_id == bindparam("of"))
    .order_by(instance.c.started_at.nulls_last(), instance.c.uuid)
)


_HELD = (  # built once: pages with events on the air ask it each time
    select(
        *instance.c["event_id", "started_at", "ended_at", "practice"],
        exists().where(recording.c.uuid == instance.c.uuid).label("recorded"),
    )
    .where(instance.c.event_id.in_(bindparam("event_ids", expanding=True)))
    .order_by(instance.c.event_id, instance.c.uuid)
)


def load_held(connection: Connection, event_ids: Iterable[str]) -> tuple[Row[Any], ...]:
    """Load the instances of several events: event_id, started_at, ended_at, practice, recorded.

    A recorded instance has ended, even where no notification said so.
    """
    rows = list[Row[Any]]()
    for some in slices(event_ids):
        rows += connection.execute(_HELD, {"event_ids": some})
    return tuple(rows)


def is_live(instances: Iterable[Row[Any]], since: datetime) -> bool:
    """Return whether one of an event's instances has started since a moment and, as far as we know, not ended."""
    return any(
        held.started_at is not None and held.started_at >= since and held.ended_at is None and not held.recorded
        for held in instances
    )


def save_recording(
    connection: Connection, box: SecretBox, event_id: str, value: Recording, state: str, now: datetime
) -> None:
    """Write a recording as Zoom reported it at `now`."""
    row = {
        "event_id": event_id,
        "started_at": value.start,
        "duration": value.duration,
        "state": state,
        "share_url": box.seal(value.share_url),
        "passcode": box.seal(value.passcode),
        "play_passcode": box.seal(value.play_passcode),
        "files": [_file_to_json(file, box) for file in value.files],
        "storage": value.storage,
        "fetched_at": now,
        "auto_delete": value.auto_delete,
        "auto_delete_date": _write_day(value.auto_delete_date),
    }
    upsert(connection, recording, {"uuid": value.uuid}, row)


def save_sharing(
    connection: Connection, uuid: str, sharing: Sharing | None, failure: str | None, now: datetime
) -> None:
    """Write who may open a recording, as Zoom said at `now`. Without an answer, what is known stays."""
    values: dict[str, Any] = {"sharing_failure": failure, "sharing_asked_at": now}
    if sharing:
        values["sharing"] = {name: value for name, value in asdict(sharing).items() if name != "passcode"}
    connection.execute(update(recording).where(recording.c.uuid == uuid).values(**values))


def read_sharing(row: Row[Any]) -> Sharing | None:
    """Build from a recording's row who may open it, without the passcode; None if Zoom has not said yet."""
    return Sharing(**row.sharing) if row.sharing else None


def passcode_form(row: Row[Any]) -> Literal["in_link", "typed"] | None:
    """Return how a recording's passcode is given: the link carries it, or a person types it; None if we know none."""
    return "in_link" if row.play_passcode else "typed" if row.passcode else None


def find_recording(connection: Connection, uuid: str) -> Row[Any] | None:
    """Find the row of the recording of an instance, or None."""
    return connection.execute(select(recording).where(recording.c.uuid == uuid)).first()


def load_spans(connection: Connection, uuids: Iterable[str]) -> dict[str, tuple[datetime | None, int]]:
    """Load when the recordings of some instances began and how many minutes they last, by uuid."""
    query = select(recording.c.uuid, recording.c.started_at, recording.c.duration)
    rows = connection.execute(query.where(recording.c.uuid.in_(tuple(uuids))))
    return {row.uuid: (row.started_at, row.duration) for row in rows}


def load_recordings(connection: Connection, event_id: str) -> tuple[Row[Any], ...]:
    """Load the rows of the event's recordings, the earliest first."""
    return tuple(connection.execute(_RECORDINGS, {"of": event_id}))


_RECORDINGS = (
    select(recording)
    .where(recording.c.event_id == bindparam("of"))
    .order_by(recording.c.started_at.nulls_last(), recording.c.uuid)
)


def read_recording(row: Row[Any], box: SecretBox, webinar_id: int) -> Recording:
    """Build a recording from its row."""
    return Recording(
        uuid=row.uuid,
        webinar_id=webinar_id,
        type=5,
        topic="",
        start=row.started_at,
        duration=row.duration,
        share_url=box.unseal(row.share_url),
        passcode=box.unseal(row.passcode),
        play_passcode=box.unseal(row.play_passcode),
        storage=row.storage,
        files=tuple(_file_from_json(document, box) for document in row.files),
        auto_delete=row.auto_delete,
        auto_delete_date=read_day(row.auto_delete_date),
    )


def read_day(text: str | None) -> date | None:
    """Read a day as the table of recordings holds it."""
    return date.fromisoformat(text) if text else None


def load_unshared(
    connection: Connection, account: str, host: str, since: date, before: datetime
) -> tuple[tuple[str, str], ...]:
    """Load the complete recordings (event, uuid) of a host's webinars since a day of which Zoom has not said who may
    open them, and was not asked since `before`."""
    query = select(recording.c.event_id, recording.c.uuid).order_by(recording.c.uuid)
    query = query.join(binding, binding.c.event_id == recording.c.event_id)
    unasked = or_(recording.c.sharing_asked_at.is_(None), recording.c.sharing_asked_at <= before)
    begun = recording.c.started_at >= datetime.combine(since, time(), UTC)
    query = query.where(binding.c.account == account, binding.c.host == host, begun, unasked)
    rows = connection.execute(query.where(recording.c.state == "completed", recording.c.sharing.is_(None)))
    return tuple((event_id, uuid) for event_id, uuid in rows)


def save_publication(connection: Connection, event_id: str, value: Publication) -> None:
    """Write the publication of a recording at an event record. What is written first says when that was."""
    row = value.model_dump(exclude={"recording_uuid", "start", "duration", "requires"})
    key = {"event_id": event_id, "recording_uuid": value.recording_uuid}
    latency = latency_of(find_completion(connection, event_id, value.recording_uuid), value.published_at)
    after_ms = round(latency / timedelta(milliseconds=1)) if latency is not None else None
    upsert(connection, publication, key, row, first_at=value.published_at, first_after_ms=after_ms)


def latency_of(received: datetime | None, published: datetime) -> timedelta | None:
    """Return the time from the receipt of the first notification to the first publication.

    None if none came before it: the sweep found the recording.
    """
    return published - received if received and received <= published else None


def find_recorded(connection: Connection, event_ids: Iterable[str]) -> frozenset[str]:
    """Find the events among some of which there are recordings."""
    found = (connection.scalars(_WITH_SOME, {"event_ids": some}) for some in slices(event_ids))
    return frozenset(event_id for some in found for event_id in some)


_WITH_SOME = select(recording.c.event_id).where(recording.c.event_id.in_(bindparam("event_ids", expanding=True)))


def load_publications(connection: Connection, event_ids: Iterable[str]) -> dict[str, tuple[Publication, ...]]:
    """Load the publications of several events, by event, in the order of their parts."""
    rows = (row for some in slices(event_ids) for row in connection.execute(_OF_EVENTS, {"event_ids": some}))
    publications: dict[str, tuple[Publication, ...]] = {}
    for event_id, duration, sharing, *kept in rows:
        hurdle = hurdle_of(Sharing(**sharing) if sharing else None, None)
        requires = hurdle if hurdle in _REQUIREMENTS else None
        facts: dict[str, Any] = {"duration": duration or 0, "requires": requires}
        made = Publication(**facts, **dict(zip(_PUBLISHED, kept, strict=True)))
        publications[event_id] = (*publications.get(event_id, ()), made)
    return publications


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _file_to_json(file: RecordingFile, box: SecretBox) -> dict[str, Any]:
    document = asdict(file) | {
        "start": file.start.isoformat() if file.start else None,
        "end": file.end.isoformat() if file.end else None,
        "play_url": (box.seal(file.play_url) or b"").decode() or None,
    }
    del document["download_url"]  # never stored: Zoom makes a new one at each request
    return document


def _file_from_json(document: dict[str, Any], box: SecretBox) -> RecordingFile:
    moments = {name: datetime.fromisoformat(document[name]) if document[name] else None for name in ("start", "end")}
    play_url = box.unseal(document["play_url"].encode()) if document["play_url"] else None
    return RecordingFile(**{**document, **moments, "play_url": play_url})
