"""Watch every event's stages: raise an alert for what is late or stuck, and for runs that need a person."""

from zoom_ops.job_api import Service, job, minutes, the_service


@job(every=minutes(1), turn=the_service, about="service")
def watch_events(work: Service) -> str:
    """Report what is late or stuck."""
    return work.watch_events()
