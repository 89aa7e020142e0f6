"""The dashboard: live events, coming events, and problems that need a person, each with its next step."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from ...drafts import say_doubts
from ...engine.listing import list_needing, list_waiting
from ...engine.runs import Run
from ...events import Event
from ...messages import as_said
from ...messages import needs as say
from ...planning import FieldChange, changed_there, desired_fields, drifted
from ...stages import ALERTS, LINK_CHANGED
from ...store.accounts.stops import Stop, load_stops
from ...store.alerts import list_alerts
from ...store.audit import CODE_REFUSED
from ...store.event_queries import EventFilter, list_doubtful, list_live, load_names, page_events
from ...store.events import load_events
from ...store.refusals import load_refusals
from ...store.schedules import ScheduleSetting, load_schedule_settings
from ...store.webinars import Bound, load_differing
from ..alerting.known import load_lasting
from ..context import Context
from ..gaps import find_untold
from ..homes.trouble import KIND as HOME_DOWN
from ..notes import describe_pause
from ..reconcile.link_decisions import list_drifted
from ..reconcile.observe import LONGEST_LIVE
from ..subjects import event_in, name_subject
from ..watching.attacks import SIGN_IN_ATTACK, WRONG_CODES_TYPED, describe_many_refused, find_audited
from ..watching.decide import PAUSED
from .backups.restored import ShownRestoration, load_restoration
from .needs import Need, find_causes, group_needs
from .problems import find_told, lasting_windows, silences, without_told

_AT_MOST = 50
_ONE_MORE = _AT_MOST + 1  # shows whether there are more
_NEXT = 8
_RECENT, _REFUSED_FOR = timedelta(days=30), timedelta(hours=1)
_HOLDS_WEBINAR = "create_webinars"
_PUBLISHES = "publish_recordings"
_DECIDED = (ALERTS["record"], ALERTS["published"])  # alerts that a decision of an operator ends

Names = Mapping[str, str]  # names of events by event id
List = Literal["live", "alerts", "runs", "waiting", "doubtful", "coming", "drafts"]


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """The console's first page."""

    now: datetime
    live: tuple[Row[Any], ...]
    coming: tuple[Row[Any], ...]
    drafts: tuple[Row[Any], ...]  # which nobody but operators sees; of those over, too
    needs: tuple[Need, ...]  # many with one cause are one
    needed: int  # the number of all needs
    waiting: tuple[Run, ...]  # runs that wait for a change outside
    untold: str  # that nobody is told of problems, and why; "" where somebody is
    refused: str  # to clients within the last hour, where that is much
    refused_deeds: tuple[str, ...]  # under which the audit has lines about it
    restored: ShownRestoration | None  # from a backup, until an admin has read what that meant
    names: Names  # of the events that runs and alerts are about
    windows: tuple[Mapping[str, Any], ...]  # maintenance windows that last
    cut: tuple[List, ...]  # the lists that have more than `at_most` rows
    at_most: int  # number of rows that are loaded of each list

    def name_of(self, run: Run) -> str:
        """Name what a run is about."""
        return name_subject(run.subject, self.names)


def load_dashboard(context: Context, jobs: Collection[str]) -> Dashboard:
    """Load live events, coming events and problems that need a person. `jobs` names all existing jobs."""
    now = context.clock.now()
    with context.database.read() as connection:
        lists: dict[List, tuple[Any, ...]] = {
            "live": list_live(connection, now - LONGEST_LIVE, limit=_ONE_MORE),
            "alerts": list_alerts(connection, limit=_ONE_MORE),
            "runs": list_needing(connection, limit=_ONE_MORE),
            "waiting": list_waiting(connection, limit=_ONE_MORE),
            "doubtful": list_doubtful(connection, now - _RECENT, limit=_ONE_MORE),
            "coming": page_events(connection, EventFilter(over=False, drafts=False), now, limit=_ONE_MORE, offset=0),
            "drafts": page_events(connection, EventFilter(drafts=True), now, limit=_ONE_MORE, offset=0),
        }
        live, alerts, failed, waiting, doubtful, coming, drafts = (rows[:_AT_MOST] for rows in lists.values())
        known = load_lasting(connection, now).known
        problems = {problem.id: problem for problem in known.problems}
        causes = find_causes(connection, failed)
        silenced, windows = silences(known, alerts, now), lasting_windows(known, now)
        bindings = _find_changed(connection, [row.id for row in coming])
        changed = load_events(connection, list(bindings))
        held = tuple(run for run in waiting if run.job == _HOLDS_WEBINAR)
        subjects = {
            *(row.subject for row in alerts if row.subject),
            *map(_id_of, (*failed, *waiting)),
        }
        names = load_names(connection, subjects)
        doubted = _find_doubted(connection, held)
        restored = load_restoration(context, connection)
        settings, refused = load_schedule_settings(connection), load_refusals(connection, now - _REFUSED_FOR)
        paused = {name: setting for name, setting in settings.items() if setting.paused and name in jobs}
        stops = [stop for stop in load_stops(connection) if stop.is_pause and stop.account in context.gateways]
    untold = find_untold(bool(context.alerting.targets), context.alerting.wrong)
    in_doubt = {row.subject for row in alerts if row.kind == ALERTS["record"]}
    told = {_paused_in(row) for row in alerts if row.kind == PAUSED}
    live_status = {row.id for row in live}
    drifted = _find_drifted(context, failed)
    needs = (
        *(_of_paused_account(stop) for stop in stops if ("account", stop.account) not in told),
        *(_of_paused_job(name, setting) for name, setting in paused.items() if ("job", name) not in told),
        *(_of_alert(row, names, silenced[row.id], failed) for row in alerts),
        *(_of_run(run, names, drifted) for run in without_told(failed, alerts)),
        *(_of_wait(run, names, doubted) for run in without_told(held, alerts)),
        *_of_events(doubtful, now, doubted | in_doubt),
        *_of_drift(context, changed, bindings),
    )
    return Dashboard(
        now=now,
        live=live,
        coming=tuple(row for row in coming if row.id not in live_status)[:_NEXT],
        drafts=drafts,
        needs=tuple(group_needs(needs, problems, causes)),
        needed=len(needs),
        waiting=tuple(run for run in waiting if run not in held),
        untold=untold.reason if untold else "",
        refused=describe_many_refused(refused, context.alert_refusals),
        refused_deeds=find_audited(refused),
        restored=restored,
        names=names,
        windows=tuple(windows),
        cut=tuple(name for name, rows in lists.items() if len(rows) > _AT_MOST),
        at_most=_AT_MOST,
    )


def find_drift(context: Context, event: Event, bound: Bound | None) -> tuple[FieldChange, ...]:
    """List the fields that Zoom changed, and that differ from what the event asks for now; see `drifted`."""
    profile = context.profiles.get(event.profile)
    if profile is None or bound is None or bound.state != "bound":
        return ()
    desired = desired_fields(event, profile, context.installation)
    return drifted(desired, bound.known, bound.asked, bound.refused)


def _of_paused_account(stop: Stop) -> Need:
    message = say.ACCOUNT_PAUSED(pause=describe_pause(stop.by, stop.since, stop.sentence))
    step, address = _place_of_pause("account", stop.account)
    return Need(kind="pause", about=stop.account, message=message, step=step, address=address)


def _of_paused_job(name: str, setting: ScheduleSetting) -> Need:
    message = say.JOB_PAUSED(pause=describe_pause(setting.by, setting.since, setting.note))
    step, address = _place_of_pause("job", name)
    return Need(kind="pause", about=name.replace("_", " "), message=message, step=step, address=address)


def _paused_in(alert: Row[Any]) -> tuple[str, str]:
    """Return what the alert of a pause is about: "account" or "job", and its name."""
    return ("account", alert.account) if alert.account else ("job", alert.subject)


def _place_of_pause(what: str, name: str) -> tuple[str, str]:
    """Return the step that ends a pause, and the address of the page for it."""
    return f"Look at the {what}", f"/-/{'hosts' if what == 'account' else 'jobs'}#{what}-{name}"


def _of_alert(row: Row[Any], names: Names, silenced: Mapping[str, Any], ended: Iterable[Run]) -> Need:
    again, told = find_told(row, ended), row.sentence
    if row.subject in names and row.kind in _DECIDED:
        step, address = "Decide", f"/-/events/{row.subject}#review"
    elif row.subject in names and row.kind == LINK_CHANGED:
        step, address = "Decide", f"/-/events/{row.subject}#links"
    elif row.subject in names:
        step, address = "Look at the event", f"/-/events/{row.subject}#stages"
    elif row.kind == PAUSED:
        step, address = _place_of_pause(*_paused_in(row))
    elif row.kind == SIGN_IN_ATTACK and row.cause == WRONG_CODES_TYPED:
        step, address = "See the wrong codes", f"/-/audit?what={CODE_REFUSED}"
    elif row.kind == HOME_DOWN:
        step, address = "Look at the home", f"/-/homes#home-{row.subject}"
    else:
        step, address = "See what to do", f"/-/alerts#alert-{row.id}"
    about = names.get(row.subject, row.subject) or row.account or row.kind
    muted = silenced["muted"]
    return Need(
        kind="alert",
        about=about,
        message=say.MUTED(why=told, who=muted["who"], note=muted["note"]) if muted else told,
        step=step,
        address=address,
        event=row.subject if row.subject in names else "",
        problem=silenced["problem"],
        again=again.id if again and step != "Decide" else 0,
    )


def _id_of(run: Run) -> str:
    """Return the id of the event that a run is about, or of what else it is about."""
    return event_in(run.subject) or run.subject.id


def _of_run(run: Run, names: Names, drifted: Collection[str]) -> Need:
    """Build the need of a run. `drifted`: the events with links about which an operator decides on their pages."""
    step = "Decide" if run.state == "parked" else "Look at the run"
    about = name_subject(run.subject, names)
    place = "#links" if _id_of(run) in drifted and run.subject.kind == "record" else ""
    if run.state == "parked" and run.job == _PUBLISHES:
        place = "#review"
    address = f"/-/events/{_id_of(run)}{place}" if place else f"/-/runs/{run.id}"
    again = 0 if place else run.id
    event = _id_of(run) if _id_of(run) in names else ""
    return Need(
        kind="run", about=about, message=run.error or as_said(""), step=step, address=address, event=event, again=again
    )


def _find_drifted(context: Context, runs: Iterable[Run]) -> set[str]:
    """Find the events with links that people changed in a home, where a run for one is parked."""
    parked = any(run.subject.kind == "record" and run.state == "parked" for run in runs)
    return {drifted.event for drifted in list_drifted(context)} if parked else set()


def _find_doubted(connection: Connection, held: Iterable[Run]) -> set[str]:
    """Find the events that have no webinar because of a note of theirs, and not for another reason."""
    errors = {run.subject.id: run.error for run in held}
    return {event.id for event in load_events(connection, sorted(errors)) if errors[event.id] == say_doubts(event)}


def _of_wait(run: Run, names: Names, doubted: Collection[str]) -> Need:
    """Build the need of an event without a webinar. Its step leads to the reason: its notes, or what its page says."""
    event_id = run.subject.id
    step, place = ("Review", "#review") if event_id in doubted else ("Look at the event", "#stages")
    about, address = names.get(event_id, event_id), f"/-/events/{event_id}{place}"
    return Need(kind="host", about=about, message=run.error or as_said(""), step=step, address=address, event=event_id)


def _of_events(rows: Iterable[Row[Any]], now: datetime, held: Collection[str]) -> Iterator[Need]:
    """Yield a need for review notes and one for people without an address, unless another leads to them (`held`)."""
    for row in rows:
        address = f"/-/events/{row.id}"
        if row.doubts and row.id not in held:
            message, review = say.NOTES_WAIT(notes=row.doubts), f"{address}#review"
            yield Need(kind="review", about=row.name, message=message, step="Review", address=review, event=row.id)
        if row.unaddressed and row.end_at > now and row.status != "cancelled":
            message, people = say.UNADDRESSED(people=row.unaddressed), f"{address}#people"
            yield Need(
                kind="address", about=row.name, message=message, step="Add addresses", address=people, event=row.id
            )


def _find_changed(connection: Connection, event_ids: Iterable[str]) -> dict[str, Bound]:
    """Find the bindings of events whose webinar Zoom changed: only these can have drift."""
    found = load_differing(connection, event_ids)
    return {
        event_id: bound for event_id, bound in found.items() if changed_there(bound.known, bound.asked, bound.refused)
    }


def _of_drift(context: Context, events: Iterable[Event], bindings: Mapping[str, Bound]) -> Iterator[Need]:
    """Yield a need for each event with drift. Fields that the profile leaves to Zoom do not count."""
    for event in events:
        drift = find_drift(context, event, bindings.get(event.id))
        if ours := [change.field for change in drift if context.profile_of(event).owner(change.field) != "zoom"]:
            message, address = say.ZOOM_DIFFERS(fields=tuple(ours)), f"/-/events/{event.id}#webinar"
            yield Need(kind="drift", about=event.name, message=message, step="Compare", address=address, event=event.id)
