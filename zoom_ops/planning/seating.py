"""Plan who is seated in a webinar: whom to remove, whom to add, and whom Zoom does not take."""

from collections.abc import Iterator, Sequence

from ..events import Event
from ..messages import Value, effects
from ..messages import plans as say
from ..profiles import Profile
from ..webinars import PANELISTS_PER_CALL
from .actions import AddPanelists, RemovePanelist, Seat
from .desired import desired_seats
from .observed import Bound, Observed, RefusedSeat
from .plans import Blocker


def plan_seats(
    event: Event, profile: Profile, observed: Observed, bound: Bound
) -> Iterator[RemovePanelist | AddPanelists | Blocker]:
    """Yield the removals and additions of panelists, and notices of those whom Zoom refused.

    Zoom is asked again for a refused seat once its address or name has changed, or an operator forces it; after a
    refusal of a full webinar also once fewer panelists sit in it.
    """
    unseatable = {bound.host.lower()} if observed.host_takes_no_seat else set()
    desired = [seat for seat in desired_seats(event, profile) if seat.email not in unseatable]
    addresses = {seat.email for seat in desired}
    seated = {seat.email for seat in observed.seats}
    missing = tuple(sorted((seat for seat in desired if seat.email not in seated), key=lambda seat: seat.email))
    refused = {
        (refusal.email, refusal.name): refusal
        for refusal in bound.refused_seats
        if refusal.full_at is None or len(observed.seats) >= refusal.full_at
    }
    kept = {seat.email for seat in desired if bound.live or (seat.email, seat.name) in refused}
    for seat in observed.seats:
        again = seat.resend and seat.email in addresses and seat.email not in kept
        if again or (seat.ours and seat.email not in addresses):
            yield RemovePanelist(
                event=event.id,
                account=observed.account or "",
                webinar_id=bound.webinar_id,
                email=seat.email,
                name=seat.name,
                again=again,
                reason=effects.RESENT() if again else effects.NOT_NAMED(),
            )
    wanted = tuple(seat for seat in missing if (seat.email, seat.name) not in refused)
    for first in range(0, len(wanted), PANELISTS_PER_CALL):
        yield AddPanelists(
            event=event.id,
            account=observed.account or "",
            webinar_id=bound.webinar_id,
            seats=wanted[first : first + PANELISTS_PER_CALL],
            reason=effects.NOT_SEATED(),
        )
    yield from _refusals(
        event, bound, [refused[key] for seat in missing if (key := (seat.email, seat.name)) in refused]
    )


def split(action: AddPanelists) -> tuple[AddPanelists, AddPanelists]:
    """Split the seats of an action in two halves."""
    middle = len(action.seats) // 2
    first, second = action.seats[:middle], action.seats[middle:]
    return action.model_copy(update={"seats": first}), action.model_copy(update={"seats": second})


def refusals_of(seats: Sequence[Seat], reason: str, full_at: int | None = None) -> tuple[RefusedSeat, ...]:
    """Build the refusals of some seats; `reason` is in Zoom's words."""
    return tuple(RefusedSeat(email=seat.email, name=seat.name, reason=reason, full_at=full_at) for seat in seats)


def _refusals(event: Event, bound: Bound, refused: Sequence[RefusedSeat]) -> Iterator[Blocker]:
    which: dict[str, Value] = {"webinar": bound.webinar_id, "event": event.id}
    if bad := [refusal for refusal in refused if refusal.full_at is None]:
        named = tuple(say.REFUSED_FOR(name=refusal.name, reason=refusal.reason) for refusal in bad)
        message = say.SEAT_REFUSED(refused=named, **which)
        yield Blocker(about="panelists", notice="seat_refused", message=message)
    if full := [refusal for refusal in refused if refusal.full_at is not None]:
        names = tuple(refusal.name for refusal in full)
        message = say.NO_ROOM(people=len(full), names=names, reason=full[0].reason, **which)
        yield Blocker(about="panelists", notice="panelists_full", message=message)
