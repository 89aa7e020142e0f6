"""Delete records of finished work that are older than the settings KEEP_…_DAYS say."""

from zoom_ops.job_api import Service, days, job, the_service


@job(every=days(1), turn=the_service, about="service")
def prune_records(work: Service) -> str:
    """Delete old records, a few at a time."""
    return work.prune_records()
