"""Report recordings that Zoom deletes by itself, 14 and 3 days before, until they are kept or gone."""

from zoom_ops.job_api import Work, expiring_events, job, minutes
from zoom_ops.messages import Message


@job(every=minutes(60), turn=expiring_events)
def report_expiring_recordings(work: Work) -> Message | str | None:
    """Report that Zoom deletes the event's recording soon."""
    return work.report_expiring_recording()
