"""What runs did, and why they stopped."""

from .message import Kind

NOTHING = Kind("Nothing was to be done.")
BROKE = Kind(
    "An unexpected {error} stopped this; the log has the details.",
    cause="A defect in the program: the log has the place, under the number of the run.",
)
EVENT_DELETED = Kind("The event was deleted.")
EVENT_DRAFTED = Kind("The event became a draft.")
