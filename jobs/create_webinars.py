"""Create a Zoom webinar for each event, update it when the event changes, delete it when the event is cancelled."""

from zoom_ops.job_api import Outcome, Work, job, minutes, unplanned_events


@job(
    every=minutes(5),
    turn=unplanned_events,
    on=(
        "event.changed",
        "webinar.updated",
        "webinar.deleted",
        "webinar.permanently_deleted",
        "webinar.recovered",
        "webinar.converted_to_meeting",
        "recording.cloud_storage_usage_updated",
    ),
    then=("register_panelists",),
)
def create_webinars(work: Work) -> Outcome:
    """Create, update or delete the webinar of an event."""
    return work.converge("AdoptWebinar", "CreateWebinar", "UpdateWebinar", "CancelWebinar", "DeleteOldWebinar")
