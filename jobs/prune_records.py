"""Throw away records of finished work, once they are older than the settings KEEP_…_DAYS say."""

from zoom_ops.job_api import Service, days, job, the_service


@job(every=days(1), turn=the_service, about="service")
def prune_records(work: Service) -> str:
    """Throw away, a little at a time, what nobody looks at any more."""
    return work.prune_records()
