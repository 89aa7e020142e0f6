"""Give an event another host: what that does at Zoom, and the order to do it."""

from dataclasses import dataclass

from ....errors import ParkedError
from ....events import Event
from ....messages import Message, all_of
from ....planning import (
    MADE_BY_EVENTS,
    SIMULIVE,
    Bound,
    CreateWebinar,
    Precedent,
    choose_host,
    guard_plan,
    is_special,
    plan,
)
from ....store.audit import Actor, record_audit
from ....store.events import load_event
from ....store.webinars import change_binding, find_binding
from ...context import Context
from ...reconcile.observe import observe
from ...timeline import record_happening, ring_event

_REGISTERS = (0, 1)  # of approval_type


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move to another host: the actions at Zoom, and what else an operator must know of it."""

    webinar_id: int
    left: str  # the present host
    host: str
    actions: tuple[CreateWebinar, ...] = ()
    notes: tuple[str, ...]
    takes_back: bool = False  # an earlier order is taken back: nothing is done at Zoom


def plan_move(context: Context, event_id: str, host: str) -> Move:
    """Return what a move to a host does. Raise ParkedError if the event cannot move there now."""
    email, now = host.strip().lower(), context.clock.now()
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    profile = context.profile_of(event)
    observed = observe(context, event, profile, move_to=email)
    bound = _check_movable(context, event, observed.bound)
    if email == bound.host:
        return _take_back(context, event_id, bound)
    if email not in context.gateway(observed.account or "").account.hosts:
        raise ParkedError(
            f"{email} is not in the pool of account {observed.account}: name it in the account's HOSTS first."
        )
    chosen = choose_host(event, profile, observed)
    if isinstance(chosen, Message):
        raise ParkedError(chosen)
    made = guard_plan(plan(event, profile, observed, now, about={"webinar"}), bound, Precedent(), now)
    creates = tuple(action for action in made.actions if isinstance(action, CreateWebinar))
    if not creates:
        raise ParkedError(all_of(made.refused or made.waits))
    registers = dict(bound.known).get("settings.approval_type") in _REGISTERS
    lost = f"Whoever has registered for webinar {bound.webinar_id} has to register again: Zoom moves no registrations."
    kept = "Polls, and what somebody changed in the webinar by hand, do not move. The event's page shows the new link."
    notes = (lost, kept) if registers else (kept,)
    return Move(webinar_id=bound.webinar_id, left=bound.host, host=email, actions=creates, notes=notes)


def move_host(context: Context, event_id: str, host: str, by: Actor) -> Move:
    """Order a move to a host, and ring the job that creates the new webinar and deletes the old one."""
    move = plan_move(context, event_id, host)
    with context.database.begin() as connection:
        bound = find_binding(connection, event_id)
        if bound is None or (bound.webinar_id, bound.host) != (move.webinar_id, move.left):
            raise ParkedError(f"The webinar of {event_id} has changed meanwhile: look at the move again.")
        change_binding(connection, event_id, move_to=None if move.takes_back else move.host, planned_revision=0)
        what, sentence = "move_ordered", f"The event was ordered from {move.left} to {move.host} by {by}."
        if move.takes_back:
            what, sentence = "move_taken_back", f"The move to another host was taken back by {by}."
        record_happening(context, connection, event_id, what, sentence)
        now = context.database.now(connection)
        record_audit(connection, by, what, ("event", event_id), now, webinar=move.webinar_id, host=move.host)
        ring_event(context, connection, event_id, "event.changed")
    return move


def _check_movable(context: Context, event: Event, bound: Bound | None) -> Bound:
    """Return the webinar of an event that may move, or raise ParkedError."""
    if bound is None or bound.state != "bound" or event.status == "cancelled":
        raise ParkedError(f"{event.id} has no webinar, so it has no host: zoom-ops plan {event.id}")
    if bound.live or event.end_utc <= context.clock.now():
        raise ParkedError(f"Webinar {bound.webinar_id} is live or over: it stays on {bound.host}.")
    if bound.origin == "home":
        raise ParkedError(
            f"Webinar {bound.webinar_id} was made by the system of the event's home: it stays on {bound.host}. Make "
            "another one there, on the other host."
        )
    if bound.left:
        raise ParkedError(
            f"An earlier move of {event.id} is not finished: webinar {bound.left.webinar_id} of {bound.left.host} is "
            f"still to be deleted. zoom-ops apply --event {event.id} does it now."
        )
    if is_special(bound, MADE_BY_EVENTS) or is_special(bound, SIMULIVE):
        raise ParkedError(
            f"Webinar {bound.webinar_id} was made in Zoom Events or is simulive, and no app can make another like it. "
            "Give it another host on zoom.us."
        )
    return bound


def _take_back(context: Context, event_id: str, bound: Bound) -> Move:
    """Return the move that takes an earlier order back; raise ParkedError if there is none."""
    with context.database.read() as connection:
        row = find_binding(connection, event_id)
    if row is None or row.move_to is None:
        raise ParkedError(f"Event {event_id} has its webinar on {bound.host} already.")
    sentence = f"Takes the order back to move {event_id} to {row.move_to}: it keeps webinar {bound.webinar_id}."
    return Move(webinar_id=bound.webinar_id, left=bound.host, host=bound.host, notes=(sentence,), takes_back=True)
