"""The stages from the start of an event on: started, recorded, fetched, published, links written."""

from collections.abc import Iterator
from datetime import timedelta

from ..messages import all_of
from ..messages import stages as say
from ..planning import ObservedRecording
from ..webinars import REMOVED
from .elsewhere import links_elsewhere
from .facts import EventFacts
from .making import Why, ahead, at_once, done, not_done, skipped, why_held_up
from .missing import is_expected, is_linked, is_put_aside, is_rehearsal_kept_back, why_missing, why_processing
from .stage import Name, Stage

_FETCHES, _PUBLISHES = "fetch_recordings", "publish_recordings"
_GRACE = timedelta(hours=1)  # for what we do ourselves


def started_stage(facts: EventFacts) -> Stage:
    """Decide whether the webinar has begun. During the event it is late some minutes after the start.

    After the event nobody can start it any more: whether it was recorded counts then.
    """
    event, begun = facts.event, [held.started_at for held in facts.sessions if held.started_at]
    deadline = event.start_utc + timedelta(minutes=facts.profile.start_due_minutes)
    bound = facts.observed.bound
    if event.status in ("cancelled", "postponed") or (bound is None and facts.is_over):
        return skipped("started", say.NOTHING_TO_START())
    if begun or facts.held == "held" or _own(facts):
        return done("started", min(begun, default=None))
    if bound is None or facts.now < event.start_utc:
        return ahead("started", deadline)
    if not facts.hears or facts.is_over:
        unknown = say.NO_START_KNOWN() if facts.hears else say.START_UNHEARD()
        return Stage(name="started", state="unknown", deadline=deadline, message=unknown)
    message = say.NOT_STARTED(webinar=bound.webinar_id, start=event.start_utc, host=bound.host)
    why_late = Why(message=message, critical=True)
    return not_done(facts, "started", deadline, why_late)


def recording_stages(facts: EventFacts) -> Iterator[Stage]:
    """Decide whether the event was recorded, and how far its recording has come to the event record."""
    shown = [publication for publication in facts.observed.publications if publication.state == "published"]
    own = _own(facts)
    if is_linked(facts.event) and not own:
        for name in _NAMES:
            yield done(name, facts.updated_at)
    elif not own and not shown and not is_expected(facts):
        for name in _NAMES:
            yield skipped(name, say.NO_RECORDING_EXPECTED())
    else:
        yield _recorded_stage(facts, own)
        yield _fetched_stage(facts, own)
        published = _published_stage(facts, own)
        yield published
        yield _links_stage(facts, published)


_NAMES: tuple[Name, ...] = ("recorded", "fetched", "published", "links")


def _own(facts: EventFacts) -> tuple[ObservedRecording, ...]:
    """List the recordings, without rehearsals that an operator keeps back."""
    return tuple(r for r in facts.observed.recordings if not is_rehearsal_kept_back(facts, r))


def _lacks_webinar(facts: EventFacts) -> bool:
    """Return whether an event that is over has no webinar: what is published of it was recorded."""
    return facts.is_over and facts.observed.bound is None


def _recorded_stage(facts: EventFacts, own: tuple[ObservedRecording, ...]) -> Stage:
    if own or _lacks_webinar(facts):
        return done("recorded", min((recording.begin for recording in own if recording.begin), default=None))
    if not facts.is_over:
        return ahead("recorded", facts.late_from)
    holdup = facts.holdup(_FETCHES)
    if holdup and holdup.kind != "waiting":
        return not_done(facts, "recorded", facts.late_from, why_held_up(facts, _FETCHES, holdup), _FETCHES)
    return not_done(facts, "recorded", facts.late_from, why_missing(facts, ()), _FETCHES)


def _fetched_stage(facts: EventFacts, own: tuple[ObservedRecording, ...]) -> Stage:
    ready = [recording for recording in own if recording.state == "completed" or is_put_aside(facts, recording)]
    if ready or (not own and _lacks_webinar(facts)):
        return done("fetched", facts.fetched_at)
    if not own:
        return ahead("fetched", facts.late_from, say.FIRST_AT_ZOOM())
    holdup = facts.holdup(_FETCHES)
    if holdup and holdup.kind != "waiting":
        why = why_held_up(facts, _FETCHES, holdup)
    else:
        why = why_missing(facts, own) if any(recording.storage for recording in own) else why_processing(facts)
    return not_done(facts, "fetched", facts.late_from, why, _FETCHES)


def _published_stage(facts: EventFacts, own: tuple[ObservedRecording, ...]) -> Stage:
    chosen, doubtful = facts.recordings
    publications = [known for known in facts.observed.publications if known.state == "published"]
    blockers = facts.blockers("recording")
    refused = [blocker for blocker in blockers if blocker.refused]
    deadline = facts.late_from
    if refused:
        reason = all_of(blocker.message for blocker in refused)
        return not_done(facts, "published", deadline, Why(message=reason, stuck=True), _PUBLISHES)
    if blockers:
        reason, until = all_of(b.message for b in blockers), [b.until for b in blockers if b.until]
        return not_done(facts, "published", max([deadline, *until]), Why(message=reason, waits=True), _PUBLISHES)
    if publications or chosen or doubtful:
        first = min((known.published_at for known in publications), default=facts.fetched_at)
        return done("published", first)
    if any(recording.state in REMOVED for recording in own):
        return skipped("published", say.RECORDING_REMOVED())
    if any(is_put_aside(facts, recording) for recording in own):
        return skipped("published", say.RECORDING_KEPT_BACK())
    complete = tuple(recording for recording in own if recording.state == "completed")
    if not complete:
        return ahead("published", deadline, say.FIRST_FETCHED())
    return not_done(facts, "published", deadline, why_missing(facts, complete), _PUBLISHES)


def _links_stage(facts: EventFacts, published: Stage) -> Stage:
    """Decide whether the event record shows what it should: a link of each part, and none of a removed recording.

    That is our own page of the event, and then its records in other systems.
    """
    shown = [known.published_at for known in facts.observed.publications if known.state == "published"]
    deadline = (facts.fetched_at or facts.event.end_utc) + _GRACE
    if facts.has("PublishRecording", "WithdrawRecording"):
        holdup = facts.holdup(_PUBLISHES)
        what = say.NOT_SHOWN() if facts.has("PublishRecording") else say.STILL_SHOWN()
        why = Why(message=say.UNFINISHED(what=what, then=at_once(facts, _PUBLISHES)))
        if holdup and holdup.kind != "waiting":
            why = why_held_up(facts, _PUBLISHES, holdup)
        return not_done(facts, "links", max(deadline, facts.updated_at + _GRACE), why, _PUBLISHES)
    written = max((known.published_at for known in facts.observed.publications), default=facts.event.end_utc)
    if elsewhere := links_elsewhere(facts, max(deadline, facts.updated_at + _GRACE, written + _GRACE)):
        return elsewhere
    if shown:
        return done("links", max(shown))
    if published.state in ("skipped", "unknown"):
        return skipped("links", published.message or say.NO_RECORDING_EXPECTED())
    return ahead("links", published.deadline, say.FIRST_PUBLISHED())
