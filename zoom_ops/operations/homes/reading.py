"""A record as its home lists it, read: an event, or the reason why it is none. Nothing is asked or written."""

import hashlib
from dataclasses import dataclass, replace

import structlog

from ...errors import BadInputError, ZoomOpsError
from ...events.maxima import find_beyond
from ...homes import EventRecords, HomeSettings, Raw, Record
from ...readers import Announced
from ...store.homes.records import KnownRecord
from ..context import Context

log = structlog.get_logger()
_LONGEST_URL = 2_000
_ABOVE_WEBINARS = 10**13  # a webinar's number has at most 13 digits
ASKED = "asked"  # the state of a record that an operator wants to be taken


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """A record with what it says. `known`: as it was read before; None: it is new."""

    raw: Raw
    known: KnownRecord | None
    record: Record

    @property
    def event_id(self) -> str | None:
        """The event that it is here already, or None."""
        return self.known.event_id if self.known else None

    @property
    def is_asked_for(self) -> bool:
        """Whether an operator asked for it: then no rule leaves it out."""
        return self.known is not None and self.known.state == ASKED

    @property
    def announced(self) -> Announced:
        """What it says, as the readers of files give it."""
        return self.record.announced


@dataclass(frozen=True, kw_only=True)
class WrongRecord:
    """A record that cannot be read, or cannot be taken in, with the reason. If it is an event here, that stays."""

    raw: Raw
    known: KnownRecord | None
    reason: str
    name: str = ""


def read_record(home: EventRecords, raw: Raw, known: KnownRecord | None) -> ReadRecord | WrongRecord:
    """Read a record. Whatever is wrong with one keeps no other from being read."""
    try:
        record = home.parse(raw)
    except ZoomOpsError as error:
        return WrongRecord(raw=raw, known=known, reason=_reason_of(error, raw))
    except Exception as error:
        log.exception("record_not_read", home=home.name, record=raw.id)
        reason = f"An unexpected {type(error).__name__} came up while it was read; the log has the details."
        return WrongRecord(raw=raw, known=known, reason=reason)
    if beyond := next(find_beyond(record.announced.event), None):
        return WrongRecord(raw=raw, known=known, reason=str(beyond), name=record.announced.event.name)
    number = record.webinar_id
    usable = None if isinstance(number, int) and not 0 < number < _ABOVE_WEBINARS else number
    read = replace(record, announced=_named(home.name, record), url=_page_of(record), webinar_id=usable)
    return ReadRecord(raw=raw, known=known, record=read)


def _reason_of(error: ZoomOpsError, raw: Raw) -> str:
    """Return what is wrong with a record, without the file and line that readers name where these are the record."""
    is_record = isinstance(error, BadInputError) and error.file is not None and raw.id in error.file
    return str(error).partition(": ")[2] if is_record else str(error)


def _page_of(record: Record) -> str:
    """Return the address of a record's page as it may be linked; empty for another scheme, such as javascript."""
    url = record.url.strip()
    is_page = url.lower().startswith(("https://", "http://")) and len(url) <= _LONGEST_URL and url.isprintable()
    return url if is_page else ""


def _named(home: str, record: Record) -> Announced:
    """Return what a record says, with an origin. No home gives the id of an event here."""
    origin = record.announced.origin or f"home:{home}/{record.id}"
    return replace(record.announced, origin=origin, id_given=False, file=f"home {home}, record {record.id}")


def digest_of(context: Context, settings: HomeSettings, version: str) -> str:
    """Compute a digest of all that decides which records are taken. Where it changes, those left out are read anew."""
    chosen = settings.model_dump_json(exclude={"requests_a_minute", "at_once", "hook_secret"})
    names = sorted(context.profiles), sorted(context.gateways)
    return hashlib.sha256(f"{version} {chosen} {names}".encode()).hexdigest()


def has_news(raw: Raw, known: KnownRecord | None, *, anew: bool) -> bool:
    """Return whether a record has to be read. `anew`: the rules have changed, so those that are not taken are."""
    if known is None:
        return True
    if known.was_deleted:
        return False
    is_same = known.fingerprint == raw.fingerprint and known.gone_at is None
    return not is_same or (anew and known.state != "taken")
