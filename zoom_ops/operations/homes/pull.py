"""The pull of a home: the records that changed there become events here, in chunks, and the next cursor is noted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from ... import __version__
from ...errors import FencedError, NotFoundError, TemporaryError, ZoomOpsError
from ...homes import MOST_RECORDS, Changed, EventRecords, HomeSettings, Raw, StrangeAnswerError
from ...store.home_records import LONGEST_ID, KnownRecord, find_pull, load_known, save_pull
from ..context import Context
from .deleted import note_deleted
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
    """What a home lists, and what is known of it."""

    home: EventRecords
    settings: HomeSettings
    changed: Changed
    known: dict[str, KnownRecord]
    news: tuple[Raw, ...]
    read_by: str


def pull_home(context: Context, name: str, opening: Opening) -> Pull:
    """Read what changed in a home, and take it in. `opening` opens a transaction of whoever pulls.

    Raise the errors of the home: what was taken in before stays, and the next pull begins at the same cursor.
    """
    began = context.clock.elapsed()
    listed = _list(context, name)
    outcomes = [outcome for chunk in _chunks(context, listed) for outcome in _take(context, opening, listed, chunk)]
    vanished = find_vanished(listed.changed, listed.known)
    with opening() as connection:
        now = context.database.now(connection)
        note_deleted(connection, name, listed.known.values(), now)
        note_vanished(connection, name, vanished, now)
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
    return Pull(home=name, listed=len(listed.changed.records), outcomes=tuple(outcomes), vanished=vanished)


def preview_pull(context: Context, name: str, take: str | None = None) -> Pull:
    """Return what a pull of a home would do. Nothing is stored but pictures, so that they are fetched once.

    `take`: a record that somebody asks for.
    """
    listed = _list(context, name, take=take)
    outcomes: list[Outcome] = []
    for reads, wrong in _chunks(context, listed):
        with context.database.read() as connection:
            outcomes += preview_chunk(context, connection, listed.settings, name, reads)
        outcomes += map(outcome_of_wrong, wrong)
    vanished = find_vanished(listed.changed, listed.known)
    return Pull(home=name, listed=len(listed.changed.records), outcomes=tuple(outcomes), vanished=vanished)


def _list(context: Context, name: str, take: str | None = None) -> _Listed:
    """Ask the home for what changed, and find what of it is news."""
    home, settings = context.get_home(name), context.home_settings[name]
    read_by = digest_of(context, settings, __version__)
    with context.database.read() as connection:
        pulled, known = find_pull(connection, name), load_known(connection, name)
    if take is not None:
        new = KnownRecord(record=take, fingerprint="", state=ASKED, event_id=None, gone_at=None)
        known[take] = replace(known.get(take, new), fingerprint="", state=ASKED)
    anew = pulled.read_by != read_by
    changed = home.list_changed("" if anew else pulled.cursor)
    if len(changed.records) > MOST_RECORDS or any(len(raw.id) > LONGEST_ID for raw in changed.records):
        raise StrangeAnswerError(f"{name} lists more than {MOST_RECORDS:,} records, or ids that are too long.")
    raws = {raw.id: raw for raw in changed.records}
    for record in known.values():
        if record.state == ASKED and record.record not in raws:
            raws |= _get_asked(home, record.record)
    news = tuple(raw for raw in raws.values() if has_news(raw, known.get(raw.id), anew=anew))
    return _Listed(home=home, settings=settings, changed=changed, known=known, news=news, read_by=read_by)


def _get_asked(home: EventRecords, record: str) -> dict[str, Raw]:
    try:
        return {record: home.get(record)}
    except NotFoundError:
        return {}


def _chunks(context: Context, listed: _Listed) -> Iterator[_Chunk]:
    for start in range(0, len(listed.news), CHUNK):
        raws = listed.news[start : start + CHUNK]
        found = [read_record(listed.home, raw, listed.known.get(raw.id)) for raw in raws]
        reads = [each for each in found if isinstance(each, ReadRecord)]
        yield with_pictures_of(context, reads), tuple(each for each in found if isinstance(each, WrongRecord))


def _take(context: Context, opening: Opening, listed: _Listed, chunk: _Chunk) -> tuple[Outcome, ...]:
    """Take a chunk in; where one record of it cannot be taken, each of them alone."""
    reads, wrong = chunk
    name = listed.home.name
    try:
        with opening() as connection:
            noted = note_wrong(connection, name, wrong, context.database.now(connection))
            return (*take_chunk(context, connection, listed.settings, name, reads), *noted)
    except (FencedError, TemporaryError):
        raise
    except (ZoomOpsError, ValueError, IntegrityError) as error:
        if not reads:
            raise
        alone = _alone(reads, wrong, error)
    return tuple(outcome for each in alone for outcome in _take(context, opening, listed, each))


def _alone(reads: Sequence[ReadRecord], wrong: Sequence[WrongRecord], error: Exception) -> Iterator[_Chunk]:
    """Yield the records of a chunk one by one. One that cannot be taken in alone is wrong."""
    yield (), tuple(wrong)
    if len(reads) > 1:
        yield from (((each,), ()) for each in reads)
        return
    for read in reads:
        log.warning("record_not_taken", record=read.raw.id, reason=str(error))
        reason = str(error) if isinstance(error, ZoomOpsError) else f"It is no event ({type(error).__name__})."
        yield (), (WrongRecord(raw=read.raw, known=read.known, reason=reason, name=read.announced.event.name),)
