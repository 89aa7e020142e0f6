"""What runs did, and why they stopped."""

from .message import Kind

NOTHING = Kind("Nothing was to be done.")
BROKE = Kind(
    "An unexpected {error} stopped this; the log has the details.",
    cause="A defect in the program: the log has the place, under the number of the run.",
)
EVENT_DELETED = Kind("The event was deleted.")
EVENT_DRAFTED = Kind("The event became a draft.")

# what was done
DONE = Kind("{deeds:^}.")
DELETED = Kind("{times:deleted the webinar|deleted the webinar # times}")
ADOPTED = Kind("{times:adopted the webinar|adopted the webinar # times}")
CREATED = Kind("{times:created the webinar|created the webinar # times}")
DELETED_OLD = Kind("{times:deleted the old webinar|deleted the old webinar # times}")
CHANGED = Kind("{times:changed the webinar|changed the webinar # times}")
UNSEATED = Kind("{times:removed a panelist|removed a panelist # times}")
SEATED = Kind("{times:added panelists|added panelists # times}")
WITHDREW = Kind("{times:withdrew the recording|withdrew the recording # times}")
PUBLISHED = Kind("{times:published the recording|published the recording # times}")
TOOK_BACK = Kind("{times:took the link back from another system|took the link back from another system # times}")
WROTE = Kind("{times:wrote the link to another system|wrote the link to another system # times}")
