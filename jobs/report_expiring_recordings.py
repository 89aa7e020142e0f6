"""Report recordings that Zoom deletes by itself, 14 and 3 days before, until they are kept or gone."""

from zoom_ops.job_api import Outcome, Work, expiring_events, job, minutes


@job(every=minutes(60), turn=expiring_events)
def report_expiring_recordings(work: Work) -> Outcome:
    """Report that Zoom deletes the event's recording soon."""
    return work.report_expiring_recording()
