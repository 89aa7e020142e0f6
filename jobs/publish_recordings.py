"""Publish each recording on its event record, and withdraw what was deleted at Zoom."""

from zoom_ops.job_api import Work, job, minutes, unpublished_events


@job(every=minutes(10), turn=unpublished_events, on=("recording.fetched", "recording.approved"))
def publish_recordings(work: Work) -> str:
    """Make the event record show what is recorded."""
    return work.converge("PublishRecording", "WithdrawRecording")
