"""Back the SQLite database up into BACKUP_DIR, check the copy, and delete the oldest beyond BACKUP_KEEP."""

from zoom_ops.job_api import Service, job, the_backups


@job(at="20 2 * * *", turn=the_backups, about="service")
def make_backups(work: Service) -> str:
    """Make tonight's backup."""
    return work.make_backup()
