"""Read what changed in the other systems whose event records become events here."""

from zoom_ops.job_api import Home, due_homes, job, minutes


@job(every=minutes(5), turn=due_homes, on=("home.due",), about="home")
def pull_homes(home: Home) -> str:
    """Read the records of a home that changed."""
    return home.pull()
