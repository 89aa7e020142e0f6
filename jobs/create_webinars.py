"""Create a Zoom webinar for each event, keep it as the event record says, and delete it when the event is cancelled."""

from zoom_ops.job_api import Work, job, minutes, unplanned_events


@job(
    every=minutes(5),
    turn=unplanned_events,
    on=("event.changed", "webinar.updated", "webinar.deleted", "webinar.permanently_deleted", "webinar.recovered"),
    then=("register_panelists",),
)
def create_webinars(work: Work) -> str:
    """Make the webinar what its event wants."""
    return work.converge("CreateWebinar", "UpdateWebinar", "CancelWebinar")
