"""The pull of a home: the records that changed there become events here, in chunks, and the next cursor is noted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from ... import __version__
from ...errors import FencedError, TemporaryError, ZoomOpsError
from ...homes import MOST_RECORDS, Changed, EventRecords, HomeSettings, Raw, StrangeAnswerError, reading
from ...store.homes.records import LONGEST_ID, KnownRecord, find_pull, load_known, save_pull
from ..context import Context
from ..timeline import ring_links, ring_published
from .drift import find_touched
from .moved import ensure_same_system
from .reading import ASKED, ReadRecord, WrongRecord, digest_of, has_news, read_record
from .taking import Outcome, note_wrong, outcome_of_wrong, preview_chunk, take_chunk, with_pictures_of
from .trouble import note_mended
from .vanished import Vanished, find_vanished, note_vanished

log = structlog.get_logger()
CHUNK = 100  # records a transaction
Opening = Callable[[], AbstractContextManager[Connection]]
_Chunk = tuple[tuple[ReadRecord, ...], tuple[WrongRecord, ...]]


@dataclass(frozen=True, kw_only=True)
class Pull:
    """The outcome of a pull. `listed`: records in the home's answer; `outcomes`: those that were read."""

    home: str
    listed: int
    outcomes: tuple[Outcome, ...]
    vanished: Vanished

    def count(self, what: str) -> int:
        """Count the records of which this became."""
        return sum(outcome.what == what for outcome in self.outcomes)

    def sum_up(self) -> str:
        """Say what was done; empty if nothing was."""
        words = {"new": "new", "changed": "changed", "left_out": "left out", "wrong": "could not be read"}
        counts = [f"{count} {word}" for what, word in words.items() if (count := self.count(what))]
        counts += [f"{len(self.vanished.gone)} gone"] if self.vanished.gone else []
        return f"{self.listing}: {', '.join(counts)}." if counts else ""

    @property
    def listing(self) -> str:
        """Say how many records were listed, without a full stop."""
        return "1 record was listed" if self.listed == 1 else f"{self.listed} records were listed"


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """What a home lists, and what is known of it. `at`: when it was asked."""

    home: EventRecords
    settings: HomeSettings
    changed: Changed
    known: dict[str, KnownRecord]
    vanished: Vanished
    news: tuple[Raw, ...]
    read_by: str
    at: datetime


def pull_home(context: Context, name: str, opening: Opening) -> Pull:
    """Read what changed in a home, and take it in. `opening` opens a transaction of whoever pulls.

    Raise the errors of the home: what was taken in before stays, and the next pull begins at the same cursor.
    """
    with reading():
        return _pull(context, name, opening)


def _pull(context: Context, name: str, opening: Opening) -> Pull:
    began = context.clock.elapsed()
    listed = _list(context, name)
    outcomes = [outcome for chunk in _chunks(context, listed) for outcome in _take(context, opening, listed, chunk)]
    back = [event_id for record in listed.vanished.back if (event_id := listed.known[record].event_id)]
    with opening() as connection:
        now = context.database.now(connection)
        note_vanished(connection, name, listed.vanished, now)
        ring_published(context, connection, back)
        for event_id in find_touched(connection, name, listed.changed.records, listed.at, now):
            ring_links(context, connection, event_id)
        note_mended(connection, name, now)
        save_pull(
            connection,
            name,
            cursor=listed.changed.cursor,
            read_by=listed.read_by,
            tried_at=now,
            pulled_at=now,
            listed=len(listed.changed.records),
            changed=len(listed.news),
            took_ms=int((context.clock.elapsed() - began) * 1000),
        )
    return Pull(home=name, listed=len(listed.changed.records), outcomes=tuple(outcomes), vanished=listed.vanished)


def preview_pull(context: Context, name: str, take: str | None = None) -> Pull:
    """Return what a pull of a home would do. Nothing is stored but pictures, so that they are fetched once.

    `take`: a record that somebody asks for.
    """
    with reading():
        listed = _list(context, name, take=take)
        outcomes: list[Outcome] = []
        for reads, wrong in _chunks(context, listed):
            outcomes += _foresee(context, listed, (reads, wrong))
    return Pull(home=name, listed=len(listed.changed.records), outcomes=tuple(outcomes), vanished=listed.vanished)


def _list(context: Context, name: str, take: str | None = None) -> _Listed:
    """Ask the home for what changed, and find what of it is news."""
    home, settings = context.get_home(name), context.home_settings[name]
    read_by = digest_of(context, settings, __version__)
    with context.database.read() as connection:
        ensure_same_system(context, connection, name)
        pulled, known, at = find_pull(connection, name), load_known(connection, name), context.database.now(connection)
    if take is not None:
        new = KnownRecord(record=take, fingerprint="", state=ASKED, event_id=None, gone_at=None)
        known[take] = replace(known.get(take, new), fingerprint="", state=ASKED)
    anew = pulled.read_by != read_by
    changed = _ask(home, "" if anew else pulled.cursor)
    if len(changed.records) > MOST_RECORDS or any(len(raw.id) > LONGEST_ID for raw in changed.records):
        raise StrangeAnswerError(f"{name} lists more than {MOST_RECORDS:,} records, or ids that are too long.")
    raws = {raw.id: raw for raw in changed.records}
    for record in known.values():
        if record.state == ASKED and record.record not in raws:
            raws |= _get_asked(home, record.record)
    vanished = find_vanished(context, home, changed, known)
    raws |= {raw.id: raw for raw in vanished.found}
    news = tuple(raw for raw in raws.values() if has_news(raw, known.get(raw.id), anew=anew))
    return _Listed(
        home=home,
        settings=settings,
        changed=changed,
        known=known,
        vanished=vanished,
        news=news,
        read_by=read_by,
        at=at,
    )


def _ask(home: EventRecords, cursor: str) -> Changed:
    """Ask a home for what changed. An answer that breaks its reading is one of the home's failures."""
    try:
        return home.list_changed(cursor)
    except ZoomOpsError:
        raise
    except Exception as error:
        log.exception("home_not_read", home=home.name)
        raise StrangeAnswerError(
            f"The answer of {home.name} cannot be read ({type(error).__name__}); the log has the details."
        ) from error


def _get_asked(home: EventRecords, record: str) -> dict[str, Raw]:
    """Get a record that an operator asked for. One that cannot be had keeps no other from being read."""
    try:
        return {record: home.get(record)}
    except ZoomOpsError as error:
        log.info("record_not_had", home=home.name, record=record, reason=str(error))
        return {}


def _chunks(context: Context, listed: _Listed) -> Iterator[_Chunk]:
    for start in range(0, len(listed.news), CHUNK):
        raws = listed.news[start : start + CHUNK]
        found = [read_record(listed.home, raw, listed.known.get(raw.id)) for raw in raws]
        reads = [each for each in found if isinstance(each, ReadRecord)]
        yield with_pictures_of(context, reads), tuple(each for each in found if isinstance(each, WrongRecord))


def _take(context: Context, opening: Opening, listed: _Listed, chunk: _Chunk) -> tuple[Outcome, ...]:
    """Take a chunk in; where one record of it cannot be taken, each of them alone."""
    name = listed.home.name

    def take(chunk: _Chunk) -> tuple[Outcome, ...]:
        reads, wrong = chunk
        with opening() as connection:
            noted = note_wrong(connection, name, wrong, context.database.now(connection))
            outcomes = (*take_chunk(context, connection, listed.settings, name, reads), *noted)
            ring_published(context, connection, [outcome.event_id for outcome in outcomes if outcome.event_id])
            return outcomes

    return _together(take, chunk)


def _foresee(context: Context, listed: _Listed, chunk: _Chunk) -> tuple[Outcome, ...]:
    """Return what `_take` would do."""

    def preview(chunk: _Chunk) -> tuple[Outcome, ...]:
        reads, wrong = chunk
        with context.database.read() as connection:
            foreseen = preview_chunk(context, connection, listed.settings, listed.home.name, reads)
        return (*foreseen, *map(outcome_of_wrong, wrong))

    return _together(preview, chunk)


def _together(do: Callable[[_Chunk], tuple[Outcome, ...]], chunk: _Chunk) -> tuple[Outcome, ...]:
    """Do something with a chunk; where that fails because of one of its records, with each of them alone."""
    try:
        return do(chunk)
    except (FencedError, TemporaryError):
        raise
    except Exception as error:
        if not chunk[0]:
            raise
        alone = _alone(*chunk, error)
    return tuple(outcome for each in alone for outcome in _together(do, each))


def _alone(reads: Sequence[ReadRecord], wrong: Sequence[WrongRecord], error: Exception) -> Iterator[_Chunk]:
    """Yield the records of a chunk one by one. One that cannot be taken in alone is wrong."""
    yield (), tuple(wrong)
    if len(reads) > 1:
        yield from (((each,), ()) for each in reads)
        return
    for read in reads:
        reason = str(error) if isinstance(error, ZoomOpsError) else f"It is no event ({type(error).__name__})."
        log.warning("record_not_taken", record=read.raw.id, reason=reason)
        yield (), (WrongRecord(raw=read.raw, known=read.known, reason=reason, name=read.announced.event.name),)
