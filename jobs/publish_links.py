"""Write the links of published recordings to the records of events in other systems, and take them back."""

from zoom_ops.job_api import Outcome, Record, job, minutes, unlinked_events


@job(every=minutes(10), turn=unlinked_events, on=("link.due",), about="record")
def publish_links(record: Record) -> Outcome:
    """Write and take back the links of an event in one home."""
    return record.publish_links()
