"""Send invitations again: whom Zoom would mail, and the order to do it."""

from dataclasses import dataclass

from ....errors import ParkedError
from ....planning import desired_seats
from ....store.audit import Actor, record_audit
from ....store.events import load_event
from ....store.webinars import change_binding, mark_resend
from ...context import Context
from ...reconcile.observe import observe
from ...timeline import record_happening, ring_event

_INVITES = "settings.panelists_invitation_email_notification"


@dataclass(frozen=True, kw_only=True)
class Resend:
    """Whom Zoom would mail: each is removed from the panelists and added again."""

    webinar_id: int
    names: tuple[str, ...]
    emails: tuple[str, ...]
    others: int  # panelists whom the event does not name: left alone

    @property
    def sentence(self) -> str:
        """Say what is done, and name whom Zoom mails."""
        count = f"{len(self.names)} panelist{'' if len(self.names) == 1 else 's'}"
        left = f" {self.others} more, whom the event does not name, are left alone." if self.others else ""
        named = ", ".join(self.names)
        return (
            f"Removes {count} of webinar {self.webinar_id} and adds them again, so that Zoom mails each a new "
            f"invitation with a new link; the old links end: {named}.{left}"
        )


def plan_resend(context: Context, event_id: str) -> Resend:
    """Return whom Zoom would mail. Raise ParkedError where invitations cannot be sent again now."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
    profile = context.profile_of(event)
    observed = observe(context, event, profile)
    bound = observed.bound
    if bound is None or bound.state != "bound" or event.status == "cancelled":
        raise ParkedError(f"{event_id} has no webinar, so there is nobody to invite: zoom-ops plan {event_id}")
    if bound.live or event.end_utc <= context.clock.now():
        raise ParkedError(f"Webinar {bound.webinar_id} is live or over: its panelists stay as they are.")
    if dict(bound.known).get(_INVITES) is False:
        raise ParkedError(
            f"Zoom mails no invitations to panelists of webinar {bound.webinar_id}: "
            "panelists_invitation_email_notification is off. Set it in the profile first."
        )
    wanted = {seat.email for seat in desired_seats(event, profile)}
    seats = [seat for seat in observed.seats if seat.email in wanted]
    if not seats:
        raise ParkedError(f"No panelist of {event_id} is seated, so there is nobody to invite again.")
    return Resend(
        webinar_id=bound.webinar_id,
        names=tuple(seat.name for seat in seats),
        emails=tuple(seat.email for seat in seats),
        others=len(observed.seats) - len(seats),
    )


def resend_invitations(context: Context, event_id: str, by: Actor) -> Resend:
    """Mark the seats of an event, and ring the job that removes and adds their panelists."""
    resend = plan_resend(context, event_id)
    with context.database.begin() as connection:
        mark_resend(connection, event_id, resend.emails)
        change_binding(connection, event_id, seated_revision=0)  # the schedule finds it, too
        sentence = f"New invitations for {len(resend.names)} panelists were ordered by {by}."
        record_happening(context, connection, event_id, "invitations_ordered", sentence)
        now = context.database.now(connection)
        record_audit(connection, by, "invitations_ordered", ("event", event_id), now, panelists=len(resend.names))
        ring_event(context, connection, event_id, "event.changed")
    return resend
