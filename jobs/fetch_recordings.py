"""Fetch recordings from Zoom, after a notification or in a sweep of each host."""

from zoom_ops.job_api import Host, Work, job, minutes, unfetched_hosts


@job(
    every=minutes(30),
    turn=unfetched_hosts,
    on=(
        "recording.completed",
        "recording.transcript_completed",
        "recording.trashed",
        "recording.deleted",
        "recording.recovered",
    ),
    then=("publish_recordings",),
)
def fetch_recordings(work: Work | Host) -> str:
    """Fetch the recordings of an event, or of a host."""
    return work.fetch_recordings()
