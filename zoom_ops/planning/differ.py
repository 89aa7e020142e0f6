"""The plan of one event: the actions that turn the actual state into the desired one."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, get_args

from ..drafts import say_doubts, say_draft
from ..events import Event
from ..messages import Message, effects, stages
from ..messages import plans as say
from ..profiles import Profile
from .actions import ACTIONS, Action, CancelWebinar, CreateWebinar, DeleteOldWebinar, Replaced, UpdateWebinar
from .adoption.actions import AdoptWebinar
from .adoption.planned import another_number, choose_webinar
from .base import About, FieldChange, Fields
from .desired import desired_fields
from .hosts import choose_host, clashes, foreign_clashes, is_moving, name_foreign, window_of
from .links.actions import PublishLink
from .links.planned import plan_links
from .notices import creation_notices, webinar_notices
from .observed import Bound, Observed
from .plans import Blocker, Plan
from .recorded import AUTO_RECORDING, asks_again
from .recordings.planned import plan_recordings
from .render import marker_of
from .sameness import same
from .seating import plan_seats
from .special import say_gone, treated_specially


def plan(
    event: Event,
    profile: Profile,
    observed: Observed,
    now: datetime,
    *,
    about: Collection[About] = get_args(About),
) -> Plan:
    """Return what has to be done for an event so that Zoom and the event record become what we want.

    Three laws hold. Reaches: performing the plan makes the desired webinar. Settles: the plan after it is empty.
    Deterministic: equal input gives equal bytes, in any process.
    """
    found: list[Action | Blocker] = []
    if not set(about) <= {"recording", "link"}:
        found += treated_specially(event, observed.bound, now, _plan_webinar(event, profile, observed, now))
    if "recording" in about:
        found += plan_recordings(event, profile, observed, now)
    if "link" in about:
        found += plan_links(event, observed.account, observed.publications, observed.records)
    actions = [entry for entry in found if not isinstance(entry, Blocker)]
    if len(actions) > 1:  # most plans have one at most, and the key is all that it says
        actions.sort(key=_order_of)
    blockers = tuple(entry for entry in found if isinstance(entry, Blocker))
    return Plan(event=event.id, actions=tuple(actions), blockers=blockers)


def _order_of(action: Action) -> tuple[int, bool, str]:
    """Return the place of an action in the plan. What visitors must not see any more goes before other links."""
    widens = isinstance(action, PublishLink) and not action.narrows
    return ACTIONS.index(type(action)), widens, action.model_dump_json(exclude={"reason"})


def _plan_webinar(event: Event, profile: Profile, observed: Observed, now: datetime) -> Iterator[Action | Blocker]:
    bound = observed.bound
    if bound and bound.left and event.end_utc > now:
        yield DeleteOldWebinar(
            event=event.id,
            account=observed.account or "",
            webinar_id=bound.left.webinar_id,
            host=bound.left.host,
            tell_people=profile.tell_people_of_cancellation,
            reason=effects.MOVED(),
        )
    if event.status == "cancelled":
        is_over = event.end_utc <= now  # then it keeps its webinar and recordings, unless it was never held
        if bound and bound.state == "bound" and (not is_over or (bound.never_held and bound.origin != "home")):
            yield CancelWebinar(
                event=event.id,
                account=observed.account or "",
                webinar_id=bound.webinar_id,
                tell_people=profile.tell_people_of_cancellation and not is_over,
                reason=effects.CANCELLED(),
            )
    elif event.end_utc <= now:
        if bound is None:
            yield Blocker(about="webinar", message=say.OVER(end=event.end_utc), over=True)
    elif reason := _held_back(event, observed):
        yield Blocker(about="webinar", message=reason)
    elif bound is None or bound.state == "cancelled" or _is_replaced(observed, bound):
        yield from _begin(event, profile, observed, now)
    elif bound.state == "gone":
        yield Blocker(about="webinar", message=say_gone(event.id, bound), refused=True)
    else:
        moved = tuple(_move(event, profile, observed, bound)) if is_moving(bound) else ()
        yield from moved
        if not any(isinstance(entry, CreateWebinar) for entry in moved):
            yield from _keep(event, profile, observed, bound, now)


def _is_replaced(observed: Observed, bound: Bound) -> bool:
    """Return whether the system of the home made another webinar in place of one that is gone."""
    return bound.state == "gone" and another_number(observed.made_there, bound.webinar_id) is not None


def _begin(event: Event, profile: Profile, observed: Observed, now: datetime) -> Iterator[Action | Blocker]:
    """Give an event its first webinar: the one that the system of its home made, or else one of ours."""
    chosen = choose_webinar(event, observed.made_there, now) if observed.made_there else None
    if chosen is None:
        yield from _create(event, profile, observed)
    elif isinstance(chosen, Blocker):
        yield chosen
    else:
        places = (record.place for record in observed.made_there if record.webinar_id == chosen)
        yield AdoptWebinar(
            event=event.id,
            account=observed.account or "",
            webinar_id=chosen,
            place=min(places),
            reason=effects.MADE_THERE(),
        )


def _keep(
    event: Event, profile: Profile, observed: Observed, bound: Bound, now: datetime
) -> Iterator[Action | Blocker]:
    """Keep the webinar that the event has as the event says."""
    changes = differences(desired_fields(event, profile, observed.installation), bound, profile, now)
    if changes:
        yield _update(event, profile, observed, bound, changes)
    yield from plan_seats(event, profile, observed, bound)
    yield from webinar_notices(event, profile, observed, now, [change.field for change in changes])


def _move(event: Event, profile: Profile, observed: Observed, bound: Bound) -> Iterator[CreateWebinar | Blocker]:
    """Create a webinar on the host to which an operator moves the event, or say why the event stays where it is."""
    host = choose_host(event, profile, observed)
    reason = host if isinstance(host, Message) else say.IS_LIVE(webinar=bound.webinar_id) if bound.live else None
    if reason is None:
        yield from _create(event, profile, observed)
        return
    message = say.STAYS_ON(host=bound.host, why=reason, event=event.id)
    yield Blocker(about="webinar", message=message, refused=True)


def _held_back(event: Event, observed: Observed) -> Message | None:
    if event.status == "postponed":
        return stages.POSTPONED()
    if doubts := say_doubts(event):
        return doubts
    if event.visibility == "draft":
        return say_draft(event)
    if observed.account is None:
        return say.NO_ACCOUNT()
    return _not_before(observed)


def _not_before(observed: Observed) -> Message | None:
    """Say why an event without a webinar gets none in a restored database: it may have one."""
    if observed.unlooked:
        return say.NOT_LOOKED()
    return say.MADE_SINCE(webinar=observed.made_since[0]) if observed.made_since else None


def _create(event: Event, profile: Profile, observed: Observed) -> Iterator[CreateWebinar | Blocker]:
    host = choose_host(event, profile, observed)
    if isinstance(host, Message):
        yield Blocker(about="webinar", message=host)
        return
    start, end, bound = *window_of(event, profile), observed.bound
    replaces = None
    if bound and is_moving(bound):
        told = profile.tell_people_of_cancellation
        replaces = Replaced(webinar_id=bound.webinar_id, host=bound.host, tell_people=told)
    yield CreateWebinar(
        event=event.id,
        account=observed.account or "",
        host=host.email,
        marker=marker_of(observed.installation, event.id),
        booked_from=start,
        booked_until=end,
        fields=desired_fields(event, profile, observed.installation),
        replaces=replaces,
        reason=effects.IS_MOVED() if replaces else effects.HAS_NONE(),
    )
    yield from creation_notices(event, profile, observed, host)


def _update(
    event: Event, profile: Profile, observed: Observed, bound: Bound, changes: tuple[FieldChange, ...]
) -> UpdateWebinar | Blocker:
    start, end = window_of(event, profile)
    asked = dict(bound.asked)
    drifted = [change.field for change in changes if same(asked.get(change.field), change.new)]
    action = UpdateWebinar(
        event=event.id,
        account=observed.account or "",
        webinar_id=bound.webinar_id,
        host=bound.host,
        booked_from=start,
        booked_until=end,
        fields=changes,
        tell_registrants=_tells_registrants(profile, bound, changes),
        resend=profile.tell_panelists_of_moves == "resend" and any(change.field == "start" for change in changes),
        reason=_reason(drifted, dict(bound.refused)),
    )
    if action.moves and (taken := clashes(observed.bookings, bound.host, start, end)):
        others = tuple(sorted(booking.event for booking in taken))
        return Blocker(about="webinar", message=say.OVERLAPS(others=others), refused=True)
    if action.moves and (foreign := foreign_clashes(observed.foreign, bound.host, event, profile)):
        return Blocker(about="webinar", message=say.OVERLAPS(others=(name_foreign(foreign[0]),)), refused=True)
    return action


def _reason(drifted: list[str], refused: dict[str, Any]) -> Message:
    if not drifted:
        return effects.HAS_CHANGED()
    if all(name in refused for name in drifted):
        return effects.ASKED_AGAIN(fields=tuple(drifted))
    return effects.PUT_BACK(fields=tuple(drifted))


def _tells_registrants(profile: Profile, bound: Bound, changes: tuple[FieldChange, ...]) -> bool | None:
    moves = any(change.field in ("start", "duration", "timezone") for change in changes)
    registers = dict(bound.known).get("settings.approval_type") in (0, 1)
    return profile.tell_registrants_of_moves if moves and registers else None


def differences(desired: Fields, bound: Bound, profile: Profile, now: datetime) -> tuple[FieldChange, ...]:
    """List the fields to change.

    A field stays if it has the desired value, if Zoom refused that value before, or if it was changed at Zoom and the
    profile leaves it to Zoom. A refused auto_recording is asked for again after a day.
    """
    known, asked, refused = dict(bound.known), dict(bound.asked), dict(bound.refused)
    changes = []
    for name, value in desired:
        if same(known.get(name), value):
            continue
        if name in refused and same(refused[name], value):
            stays = name != AUTO_RECORDING or not asks_again(value, bound, now)
        else:
            stays = same(asked.get(name), value) and profile.owner(name) == "zoom"
        if not stays:
            changes.append(FieldChange(field=name, old=known.get(name), new=value))
    return tuple(changes)


def drifted(desired: Fields, known: Fields, asked: Fields, refused: Fields) -> tuple[FieldChange, ...]:
    """List the fields that Zoom changed since we last asked for them: `old` is at Zoom, `new` is asked for now.

    A field whose value at Zoom is what the event asks for by now, or that it no longer asks for, is not among them.
    """
    changed = changed_there(known, asked, refused)
    return tuple(
        FieldChange(field=name, old=changed[name], new=value)
        for name, value in desired
        if name in changed and not same(changed[name], value)
    )


def changed_there(known: Fields, asked: Fields, refused: Fields) -> dict[str, Any]:
    """Return the fields that Zoom changed since we last asked for them, with their values at Zoom."""
    before, dropped = dict(asked), dict(refused)
    return {
        name: value for name, value in known if name in before and name not in dropped and not same(value, before[name])
    }


def read_back(asked: Fields, reported: Fields) -> tuple[Fields, Fields]:
    """Compare the fields that we asked for with those that Zoom reports; return (known, refused).

    `known` are the webinar's fields; one that Zoom does not report counts as asked. `refused` are the asked values that
    Zoom accepted and silently dropped.
    """
    known = dict(reported)
    refused = {}
    for name, value in asked:
        if name not in known:
            known[name] = value
        elif not same(known[name], value):
            refused[name] = value
    return tuple(sorted(known.items())), tuple(sorted(refused.items()))
