"""Check once a week that Zoom still has each published recording; withdraw what is gone, once that is confirmed."""

from zoom_ops.job_api import Host, job, minutes, unchecked_hosts


@job(every=minutes(30), turn=unchecked_hosts, then=("publish_recordings",), about="host")
def check_recordings(work: Host) -> str:
    """Look at the published recordings of a host that are due for it."""
    return work.check_recordings()
