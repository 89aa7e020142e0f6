"""Plan who is seated in a webinar: whom to remove, whom to add, and whom Zoom does not take."""

from collections.abc import Iterator, Sequence

from ..events import Event
from ..profiles import Profile
from ..webinars import PANELISTS_PER_CALL
from .actions import AddPanelists, RemovePanelist, Seat
from .desired import desired_seats
from .observed import Bound, Observed, RefusedSeat
from .phrases import name_some, people
from .plans import Blocker

_RESEND = "added again afterwards, so that Zoom mails a new invitation"


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
                reason=_RESEND if again else "the event names this person no longer",
            )
    wanted = tuple(seat for seat in missing if (seat.email, seat.name) not in refused)
    for first in range(0, len(wanted), PANELISTS_PER_CALL):
        yield AddPanelists(
            event=event.id,
            account=observed.account or "",
            webinar_id=bound.webinar_id,
            seats=wanted[first : first + PANELISTS_PER_CALL],
            reason="the event names people who are not seated",
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
    again = f"zoom-ops apply --event {event.id} --force asks again"
    if bad := [refusal for refusal in refused if refusal.full_at is None]:
        named = "; ".join(f"{refusal.name} ({refusal.reason})" for refusal in bad)
        sentence = (
            f"Zoom refuses to seat {named} in webinar {bound.webinar_id}. The others are seated. Correct the address "
            f"with zoom-ops people import FILE, or the name with zoom-ops events import FILE; {again}."
        )
        yield Blocker(about="panelists", notice="seat_refused", sentence=sentence)
    if full := [refusal for refusal in refused if refusal.full_at is not None]:
        names = name_some([refusal.name for refusal in full])
        sentence = (
            f"Webinar {bound.webinar_id} has no room for {people(len(full))}, who are not seated: {names}. Zoom says: "
            f"{full[0].reason} Remove panelists at Zoom, or let Zoom raise the limit; {again}."
        )
        yield Blocker(about="panelists", notice="panelists_full", sentence=sentence)
