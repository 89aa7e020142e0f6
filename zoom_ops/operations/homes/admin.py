"""Homes as operators see them: how far the reading has come, what is missing, the records of an event."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ...clock import iso_text
from ...engine.runs import BY_HAND, Request, Subject, submit
from ...errors import NotFoundError, ZoomOpsError
from ...events import Event, Publication
from ...homes import EventRecords, Finding, HomeSettings, title_of
from ...planning import Bound, ObservedRecord, say_webinar, wanted_in
from ...store.audit import Actor, record_audit
from ...store.events import load_event
from ...store.homes.entries import HomeEntry, load_entries
from ...store.homes.figures import LeftOut, count_links, count_records, list_left_out, list_troubled
from ...store.homes.records import HomeRecord, Pulled, find_document, load_home_records, load_pulls
from ...store.homes.webinars import named
from ...store.webinars import find_binding
from ..context import Context
from ..reconcile.known import Shared
from ..reconcile.link_decisions import Drifted, drift_json, list_drifted, shown_json
from ..reconcile.linked import load_linked
from ..reconcile.made_there import load_made_there
from ..reconcile.recorded import find_publications
from .asked import ask_for
from .moved import take_move
from .waking import wake_links

Document = dict[str, Any]
LATE = timedelta(minutes=15)  # a home that was not read for so long is late
PULLED_BY = "home.due"  # what rings the job that pulls
_SHOWN = 5  # records of a kind
_MORE = 50  # of one home that is looked at
_REASONS = 10  # for which records are left out
_NOT_SAID = ("id", "visibility", "account", "profile", "needs_review")  # fields that are ours
_STATES = ("taken", "left_out", "wrong", "gone", "deleted")


def show_homes(context: Context, most: int = _SHOWN) -> list[Document]:
    """List the homes as JSON values: system, address, state, last pull, lag, counts of records and links, mistakes.

    `left_out`: by reason, `most` records of each. `drifted`: events with links that people changed there.
    """
    with context.database.read() as connection:
        now = context.database.now(connection)
        pulls, counts, links = load_pulls(connection), count_records(connection), count_links(connection)
        troubled = {name: list_troubled(connection, name, most) for name in context.homes}
        left = list_left_out(connection, reasons=_REASONS, records=most)
    drifted = list_drifted(context)
    return [
        _home_json(home, context.home_settings.get(name), pulls.get(name, Pulled(home=name)), now)
        | {
            "records": {state: counts.get(name, {}).get(state, 0) for state in _STATES},
            "url": context.home_settings[name].url if name in context.home_settings else None,
            "links": links.get(name, 0),
            "wrong": [{"record": row.record, "url": row.url, "reason": row.reason} for row in troubled[name]],
            "left_out": [_left_out_json(each) for each in left.get(name, ())],
            "drifted": list(_drifted_in(name, drifted)),
        }
        for name, home in sorted(context.homes.items())
    ]


def show_home(context: Context, name: str) -> Document:
    """Return one home as `show_homes` lists it, with more of its records; raise NotFoundError."""
    find_home(context, name)
    return next(row for row in show_homes(context, _MORE) if row["name"] == name)


def check_home(context: Context, name: str) -> list[Document]:
    """Try what a home needs, one after the other; return a sentence for each. Raise NotFoundError.

    Where nothing is missing, the links that wait for something there are tried again.
    """
    home = find_home(context, name)
    found = [_finding_json(finding) for finding in _findings(home)]
    if not any(finding["state"] == "missing" for finding in found):
        with context.database.begin() as connection:
            wake_links(context, connection, name)
    settings = context.home_settings.get(name)
    ours = (*_links_with_keys(home, settings), *_unknown_names(context, settings))
    return [*found, *(_finding_json(finding) for finding in ours)]


def find_home(context: Context, name: str) -> EventRecords:
    """Find a home; raise NotFoundError with the nearest names."""
    if name not in context.homes:
        raise NotFoundError("home", name, context.homes)
    return context.homes[name]


def ask_for_pull(
    context: Context, name: str, by: Actor, *, take: str | None = None, moved: bool = False
) -> tuple[int, ...]:
    """Request a pull of a home now; return the ids of the runs.

    `take`: a record that is taken whatever left it out. `moved`: its file names a new address of the same system.
    Raise NotFoundError for an unknown home or record.
    """
    find_home(context, name)
    subject = Subject(kind="home", id=name)
    with context.database.begin() as connection:
        now = context.database.now(connection)
        if moved:
            take_move(context, connection, name, by)
            wake_links(context, connection, name)
        if take is not None:
            ask_for(context, connection, name, take, by)
        record_audit(connection, by, "pull_asked_for", ("home", name), now)
        requests = [Request(job=job, subject=subject, priority=BY_HAND) for job in context.rings.get(PULLED_BY, ())]
        return tuple(submit(connection, request, now) for request in requests)


def show_event_homes(context: Context, event_id: str, shared: Shared | None = None) -> list[Document]:
    """List the records of an event in its homes as JSON values; raise NotFoundError for an unknown event.

    `shared`: what is known of the event already: see `observe`.

    `webinar`: the number that it names. `webinar_says`: what becomes of it, where its system makes the webinars.
    `differs`: the fields in which the event differs here from what the home said last. `links`: each recording's link
    as it is wanted, was written last, and was seen last.
    """
    shared = shared or Shared()
    with context.database.read() as connection:
        event = shared.once(event_id, load_event, connection, event_id)
        records = load_home_records(connection, event_id)
        said = {(row.home, row.record): find_document(connection, row.home, row.record) for row in records}
        entries = shared.once(event_id, load_entries, connection, event_id)
        published = shared.once(event_id, find_publications, connection, event_id)
        webinar = _say_webinar(context, connection, event, shared)
        linked = shared.once(event_id, load_linked, context, connection, event)
        observed = {(each.home, each.record): each for each in linked}
    return [
        _record_json(context, row, webinar)
        | {
            "differs": _differences(event, said[row.home, row.record]),
            "links": list(
                _links(
                    _wanted(observed.get((row.home, row.record)), published),
                    [each for each in entries if (each.home, each.record) == (row.home, row.record)],
                )
            ),
        }
        for row in records
    ]


def _home_json(home: EventRecords, settings: HomeSettings | None, pulled: Pulled, now: datetime) -> Document:
    lag = now - pulled.pulled_at if pulled.pulled_at else None
    state = "failing" if pulled.failing_since else "new" if lag is None else "late" if lag > LATE else "working"
    return {
        "name": home.name,
        "kind": home.kind,
        "system": _title(home.kind),
        "state": state,
        "writes": home.capabilities.writes,
        "members_see": home.capabilities.members_see,
        "members_open": settings.members_open if settings else "sign_in",
        "pulled_at": iso_text(pulled.pulled_at),
        "lag_s": int(lag.total_seconds()) if lag is not None else None,
        "took_ms": pulled.took_ms,
        "listed": pulled.listed,
        "changed": pulled.changed,
        "failing_since": iso_text(pulled.failing_since),
        "failure": pulled.failure if pulled.failing_since else None,
    }


def _left_out_json(left: LeftOut) -> Document:
    records = [{"record": record, "url": url} for record, url in left.records]
    return {"reason": left.reason, "count": left.count, "records": records}


def _drifted_in(home: str, drifted: tuple[Drifted, ...]) -> Iterator[Document]:
    for each in drifted:
        if links := [link for link in drift_json(each) if link["home"] == home]:
            yield {"event": each.event, "name": each.name, "links": links}


def _title(kind: str) -> str:
    try:
        return title_of(kind)
    except KeyError:  # of a home that a test gave
        return kind


def _findings(home: EventRecords) -> Iterator[Finding]:
    """Yield what a home finds. What ends its checks is a finding, too."""
    try:
        yield from home.check()
    except ZoomOpsError as error:
        yield Finding(what="address", state="missing", sentence=str(error))


def _links_with_keys(home: EventRecords, settings: HomeSettings | None) -> Iterator[Finding]:
    """Yield what it means that links for members have keys."""
    if settings is None or settings.members_open != "key":
        return
    if "members" in home.capabilities.audiences:
        sentence = "A link for members opens its recording for whoever has the link (members_open)."
        yield Finding(what="members", state="ok", sentence=sentence)
    else:
        sentence = "members_open says that links for members have keys, and no link for members is written there."
        yield Finding(what="members", state="warning", sentence=sentence)


def _unknown_names(context: Context, settings: HomeSettings | None) -> Iterator[Finding]:
    for rule in settings.rules if settings else ():
        for what, name, known in (
            ("profile", rule.profile, context.profiles),
            ("account", rule.account, context.gateways),
        ):
            if name is not None and name not in known:
                sentence = f"The rule for {rule.label} names the {what} {name}, which there is not."
                yield Finding(what="options", state="missing", sentence=sentence)


def _finding_json(finding: Finding) -> Document:
    return {"what": finding.what, "state": finding.state, "sentence": finding.sentence}


def _record_json(context: Context, row: HomeRecord, webinar: str) -> Document:
    home = context.homes.get(row.home)
    makes = bool(home and (home.capabilities.makes_webinars or home.capabilities.names_webinars))
    return {
        "home": row.home,
        "system": _title(home.kind) if home else None,
        "record": row.record,
        "url": row.url,
        "state": "gone" if row.gone_at else row.state,
        "reason": row.reason,
        "read_at": iso_text(row.read_at),
        "gone_at": iso_text(row.gone_at),
        "webinar": number if isinstance(number := named(row.webinar_id), int) else None,
        "webinar_says": webinar if makes else "",
    }


def _say_webinar(context: Context, connection: Connection, event: Event, shared: Shared) -> str:
    """Say what there is to know of the webinar that the systems of an event's homes make."""
    records = load_made_there(context, connection, event.id, shared=shared)
    row = shared.once(event.id, find_binding, connection, event.id)
    bound = (
        Bound(webinar_id=row.webinar_id, host=row.host, state=row.state, origin=row.origin, known=row.known)
        if row
        else None
    )
    return str(say_webinar(event, records, bound, context.clock.now()) or "")


def _differences(event: Event, said: Mapping[str, Any] | None) -> list[str]:
    if said is None:
        return []
    here = event.to_json()
    return [name for name in here if name not in _NOT_SAID and name in said and here[name] != said[name]]


def _wanted(record: ObservedRecord | None, published: Sequence[Publication]) -> tuple[Publication, ...]:
    return tuple(wanted_in(record, each) for each in published) if record else tuple(published)


def _links(published: tuple[Publication, ...], entries: list[HomeEntry]) -> Iterator[Document]:
    """Yield each recording's link: as our own page shows it, as it was written last, as it was seen last."""
    wanted = {known.recording_uuid: known for known in published if known.state == "published"}
    found = {entry.key: entry for entry in entries}
    for key in dict.fromkeys((*wanted, *found)):
        publication, entry = wanted.get(key), found.get(key)
        written, seen = shown_json(entry.written if entry else None), shown_json(entry.seen if entry else None)
        shown = publication or entry
        if shown is None or not (publication or written or seen):
            continue
        yield {
            "recording": key,
            "title": shown.title,
            "part": shown.part,
            "visibility": shown.visibility,
            "wanted": publication and shown_json(publication.model_dump().items()),
            "written": written,
            "seen": seen,
            "seen_at": iso_text(entry.seen_at) if entry else None,
            "state": _state_of(publication, entry),
        }


def _state_of(publication: Publication | None, entry: HomeEntry | None) -> str:
    """Name the state of a link: missing | written | changed | removed | left | over."""
    if entry is None or (entry.written is None and entry.seen is None):
        return "missing"
    if entry.written != entry.seen:
        return "left" if entry.left_alone else "changed" if entry.seen else "removed"
    if publication is None:
        return "over"
    is_there = shown_json(entry.seen) == shown_json(publication.model_dump().items())
    return "written" if is_there else "missing"  # what people left there is to be replaced
