"""Publish each recording on its event record, and withdraw it once it is deleted at Zoom."""

from zoom_ops.job_api import Outcome, Work, job, minutes, unpublished_events


@job(every=minutes(10), turn=unpublished_events, on=("recording.fetched", "recording.approved", "publication.due"))
def publish_recordings(work: Work) -> Outcome:
    """Publish and withdraw the recordings of an event."""
    return work.converge("PublishRecording", "WithdrawRecording")
