"""Add the speakers as panelists, each once, and remove those whom the event no longer names."""

from zoom_ops.job_api import Outcome, Work, job, minutes, unseated_events


@job(every=minutes(5), turn=unseated_events)
def register_panelists(work: Work) -> Outcome:
    """Add and remove the panelists of an event."""
    return work.converge("AddPanelists", "RemovePanelist")
