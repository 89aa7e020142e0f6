"""The entry that tests publish in a home, and how the service publishes one."""

from zoom_ops.homes import Entry, EventRecords, Shown

RECORDING = Entry(
    key="wsis-2027/4444AAA+iAAAAA/iAiAiiAii==",
    part=1,
    title="Recording",
    url="https://webinars.example.org/wsis-2027/recordings/1",
    visibility="public",
)


def publish(home: EventRecords, record_id: str, entry: Entry, before: Shown | None = None) -> Shown:
    """Publish an entry within one deadline, as the service does."""
    with home.calling():
        return home.publish(record_id, entry, before)
