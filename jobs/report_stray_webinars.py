"""Report webinars that carry an event's mark and are not its own: duplicates, copies, leftovers."""

from zoom_ops.job_api import Host, Work, days, job, known_hosts


@job(every=days(1), turn=known_hosts, on=("webinar.adopted", "webinar.moved"))
def report_stray_webinars(work: Work | Host) -> str:
    """Report the stray webinars of a host, or of the hosts of an event."""
    return work.report_stray_webinars()
