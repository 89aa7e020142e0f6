"""The stages before an event begins: its record, its webinar, its speakers, its settings."""

from datetime import datetime, timedelta
from typing import Literal

from ..drafts import say_doubts, say_draft
from ..messages import Message, all_of
from ..messages import stages as say
from ..planning import awaited_until, desired_seats
from .facts import EventFacts
from .making import Why, ahead, at_once, done, not_done, skipped, waits, why_held_up
from .stage import Name, Stage

_JOBS = {"webinar": "create_webinars", "panelists": "register_panelists"}
_GRACE = timedelta(hours=1)  # what was asked for less than this ago is not late
_MISSED = timedelta(days=3)  # after its end, an event that had no webinar is told for so long
_SPEAKERS_MUST = timedelta(hours=2)  # before the start


def record_stage(facts: EventFacts) -> Stage:
    """Decide whether the event record is complete: nothing that is in doubt holds the webinar back."""
    event = facts.event
    if event.status == "postponed":
        return waits("record", say.POSTPONED())
    if facts.is_over or event.status == "cancelled":
        return done("record", facts.created_at)
    if facts.rests:
        return waits("record", say_draft(event))
    if facts.unknown_profile:
        message = say.UNKNOWN_PROFILE(why=facts.unknown_profile)
        why = Why(message=message, stuck=True, critical=_is_close(facts))
        return not_done(facts, "record", _webinar_deadline(facts), why, *_JOBS.values())
    if doubts := say_doubts(event):
        message = say.IN_DOUBT(doubts=doubts, event=event.id)
        why = Why(message=message, waits=True, critical=_is_close(facts))
        return not_done(facts, "record", _webinar_deadline(facts), why, _JOBS["webinar"])
    if event.visibility == "draft":
        return waits("record", say_draft(event))
    return done("record", facts.created_at)


def webinar_stage(facts: EventFacts) -> Stage:
    """Decide whether the event has its webinar; of a cancelled event, whether it has none any more."""
    event = facts.event
    if event.status == "cancelled":
        if facts.bound is None or (facts.is_over and not facts.bound.never_held):
            return done("webinar", facts.updated_at)
        return _unfinished(facts, "webinar", _in_time(facts, facts.updated_at, facts.updated_at), say.STILL_AT_ZOOM())
    if facts.bound:
        return done("webinar", facts.bound_at)
    if facts.is_over:
        return _missed(facts)
    deadline = _webinar_deadline(facts)
    if facts.rests:
        return ahead("webinar", message=say.FIRST_PUBLISH())
    if event.visibility == "draft" or facts.unknown_profile or event.blocking_notes() or event.status == "postponed":
        return ahead("webinar", deadline, say.FIRST_THE_RECORD())
    return _unfinished(facts, "webinar", deadline, say.NO_WEBINAR())


def speakers_stage(facts: EventFacts) -> Stage:
    """Decide whether every speaker has a seat as panelist."""
    event = facts.event
    missing = event.without_address()
    if not (missing or desired_seats(event, facts.profile)):
        return skipped("speakers", say.NOBODY_TO_SEAT())
    due = event.start_utc - timedelta(hours=facts.profile.speakers_due_hours)
    deadline = _in_time(facts, due, _asked_at(facts))
    if stage := _without_webinar(facts, "speakers", deadline, facts.seated_at):
        return stage
    if facts.has("AddPanelists", "RemovePanelist") or facts.blockers("panelists"):
        return _unfinished(facts, "speakers", deadline, say.NOT_SEATED(), about="panelists")
    if notices := facts.notices("panelists"):
        return _noticed(facts, "speakers", deadline, [notice.message for notice in notices])
    if not missing:
        return done("speakers", facts.seated_at or facts.bound_at)
    why = Why(
        message=say.NO_ADDRESS(people=tuple(person.name for person in missing), count=len(missing)),
        waits=True,
        critical=facts.now >= event.start_utc - _SPEAKERS_MUST,
    )
    return not_done(facts, "speakers", deadline, why, _JOBS["panelists"])


def settings_stage(facts: EventFacts) -> Stage:
    """Decide whether the webinar is as the event and its profile ask."""
    deadline = _in_time(facts, facts.event.start_utc - _GRACE, _asked_at(facts))
    if stage := _without_webinar(facts, "settings", deadline, facts.bound_at):
        return stage
    if facts.has("UpdateWebinar", "AdoptWebinar", "CreateWebinar", "DeleteOldWebinar") or facts.blockers("webinar"):
        return _unfinished(facts, "settings", deadline, say.NOT_AS_ASKED())
    if notices := facts.notices("webinar"):
        return _noticed(facts, "settings", deadline, [notice.message for notice in notices])
    return done("settings", facts.bound_at)


def _missed(facts: EventFacts) -> Stage:
    """Build the stage of an event that is over and had no webinar. Of one that was known too late nobody is told."""
    event = facts.event
    if (
        facts.rests
        or event.status == "postponed"
        or facts.created_at >= event.end_utc
        or facts.now >= event.end_utc + _MISSED
    ):
        return skipped("webinar", say.WAS_OVER())
    why = Why(message=say.MISSED(event=event.id), critical=True)
    return not_done(facts, "webinar", event.end_utc, why, _JOBS["webinar"])


def _without_webinar(facts: EventFacts, name: Name, deadline: datetime, since: datetime | None) -> Stage | None:
    """Return the stage of an event that is over, not held, or has no webinar yet; None where its webinar decides."""
    if facts.event.status not in ("scheduled", "rescheduled"):
        return skipped(name, say.EVENT_IS(status=facts.event.status))
    if facts.is_over:
        return done(name, since or facts.bound_at) if facts.bound else skipped(name, say.EVENT_IS_OVER())
    return None if facts.bound else ahead(name, deadline, say.FIRST_A_WEBINAR())


def _unfinished(
    facts: EventFacts,
    name: Name,
    deadline: datetime,
    otherwise: Message,
    *,
    about: Literal["webinar", "panelists"] = "webinar",
) -> Stage:
    """Build a stage whose work is not done: the reason is what holds the service up, the plan, or the job's run."""
    job = _JOBS[about]
    must = _SPEAKERS_MUST if about == "panelists" else timedelta(hours=facts.profile.webinar_must_hours)
    critical = name != "settings" and facts.now >= facts.event.start_utc - must
    blockers, holdup = facts.blockers(about), facts.holdup(job)
    if (blockers or facts.unplannable) and not (holdup and holdup.is_outage):
        refused = [blocker for blocker in blockers if blocker.refused]
        reason = facts.unplannable or all_of(blocker.message for blocker in refused or blockers)
        why = Why(message=reason, stuck=bool(refused or facts.unplannable), waits=True, critical=critical)
    elif holdup and holdup.kind != "waiting":
        why = why_held_up(facts, job, holdup, critical=critical)
    else:
        what, until = (holdup.error or otherwise, holdup.until) if holdup else (otherwise, None)
        too_late = until is not None and until >= facts.event.start_utc
        message = say.UNFINISHED(what=what, then=at_once(facts, job))
        why = Why(message=message, stuck=too_late, waits=holdup is not None, critical=critical)
    return not_done(facts, name, deadline, why, job)


def _noticed(facts: EventFacts, name: Name, deadline: datetime, messages: list[Message]) -> Stage:
    """Build a stage of which the plan's notices say what is wrong: each is an alert already."""
    why = Why(message=all_of(messages), stuck=True, told=True)
    return not_done(facts, name, deadline, why, _JOBS["panelists" if name == "speakers" else "webinar"])


def _webinar_deadline(facts: EventFacts) -> datetime:
    due = facts.event.start_utc - timedelta(days=facts.profile.webinar_due_days)
    awaited = awaited_until(facts.event, facts.observed.made_there)
    return _in_time(facts, due, max(facts.updated_at, awaited) if awaited else facts.updated_at)


def _in_time(facts: EventFacts, due: datetime, began: datetime) -> datetime:
    """Return the deadline: `due`, but not before what was asked for late had its time, up to a quarter of the rest."""
    rest = max(facts.event.start_utc - began, timedelta())
    return max(due, began + min(_GRACE, rest / 4))


def _asked_at(facts: EventFacts) -> datetime:
    return max(facts.bound_at or facts.created_at, facts.updated_at)


def _is_close(facts: EventFacts) -> bool:
    return facts.now >= facts.event.start_utc - timedelta(hours=facts.profile.webinar_must_hours)
