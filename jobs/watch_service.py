"""Watch the service itself: disk, tokens, pauses; ping the monitor at HEARTBEAT_URL, which alarms at its silence."""

from zoom_ops.job_api import Service, job, minutes, the_watch


@job(every=minutes(1), turn=the_watch, about="service")
def watch_service(work: Service) -> str:
    """Keep the alerts about the service true, and ping the monitor."""
    return work.watch()
