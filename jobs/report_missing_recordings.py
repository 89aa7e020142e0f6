"""Ask Zoom whether an event was held whose recording is overdue, and report its stages."""

from zoom_ops.job_api import Work, ended_events, job, minutes


@job(every=minutes(30), turn=ended_events)
def report_missing_recordings(work: Work) -> str:
    """Report the event's recording if it is overdue."""
    return work.report_missing_recording()
