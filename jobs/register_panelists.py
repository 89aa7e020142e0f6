"""Seat the speakers as panelists, each once, and take out whom the event no longer names."""

from zoom_ops.job_api import Work, job, minutes, unseated_events


@job(every=minutes(5), turn=unseated_events)
def register_panelists(work: Work) -> str:
    """Seat whom the event names."""
    return work.converge("AddPanelists", "RemovePanelist")
