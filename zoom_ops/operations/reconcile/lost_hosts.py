"""The alert for a host that can hold webinars no longer, while events are booked on it."""

from datetime import timedelta

from ...messages import alerts as say
from ...store.alerts import Alert, clear_alert, key_of, raise_alert
from ...store.webinars import load_bookings
from ...webinars import Host
from ...zoom import ZoomRefusedError
from ..context import Context

ALERT = "host_lost"
_FAR = timedelta(days=3650)
_NAMED = 20  # events in a sentence


def report_host(context: Context, account: str, email: str) -> bool:
    """Fetch a host from Zoom and return whether it can hold webinars; raise or clear the alert of its booked events."""
    try:
        host = context.gateway(account).fetch_host(email)
    except ZoomRefusedError:  # not a user of the account any more
        host = Host(email=email, id="", licensed=False, capacity=0, active=False)
    is_usable = host.active and host.licensed is not False
    with context.database.begin() as connection:
        now = context.database.now(connection)
        coming = load_bookings(connection, account, now, now + _FAR, besides="")
        booked = sorted((row.start_at, row.event_id) for row in coming if row.host == email)
        if is_usable or not booked:
            clear_alert(connection, key_of(ALERT, account, email), now)
        else:
            lost = say.HOST_UNLICENSED if host.active else say.HOST_DEACTIVATED
            named = tuple(say.AN_EVENT(event=event_id, start=start.date()) for start, event_id in booked[:_NAMED])
            rest = len(booked) - len(named)
            more = say.MORE(more=rest) if rest else None
            message = lost(host=email, events=named, more=more, job="report_stray_webinars")
            alert = Alert(kind=ALERT, subject=email, account=account, message=message, severity="critical")
            raise_alert(connection, alert, now)
    return is_usable
