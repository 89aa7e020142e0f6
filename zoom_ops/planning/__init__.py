"""The only translation between events and webinars.

The package is arithmetic: it asks no clock, no network, no database. `plan(event, profile, observed, now)` returns what
has to be done so that Zoom and the event record become what we want.
"""

from .actions import (
    About,
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    FieldChange,
    Fields,
    PublishRecording,
    RemovePanelist,
    Seat,
    UpdateWebinar,
    WithdrawRecording,
    action_from_json,
    whom_they_mail,
)
from .desired import desired_seats, draft_of, zoom_time
from .differ import plan, read_back
from .guard import Precedent, guard_plan
from .hosts import margin_of, window_of
from .merging import is_news, merge_recording, state_after
from .notices import NOTICES
from .observed import (
    Booking,
    Bound,
    HostOnOffer,
    Observed,
    ObservedRecording,
    ObservedSeat,
    RefusedSeat,
)
from .phrases import people, shows
from .plans import Blocker, Plan, about_of, digest_of
from .presence import Recognised, recognise
from .recipients import Recipients
from .recordings import choose_recordings, needs_approval, visibility_of
from .render import carries_marker, marked_event, marker_of
from .sameness import same
from .seating import refusals_of, split

__all__ = [
    "NOTICES",
    "About",
    "Action",
    "AddPanelists",
    "Blocker",
    "Booking",
    "Bound",
    "CancelWebinar",
    "CreateWebinar",
    "FieldChange",
    "Fields",
    "HostOnOffer",
    "Observed",
    "ObservedRecording",
    "ObservedSeat",
    "Plan",
    "Precedent",
    "PublishRecording",
    "Recipients",
    "Recognised",
    "RefusedSeat",
    "RemovePanelist",
    "Seat",
    "UpdateWebinar",
    "WithdrawRecording",
    "about_of",
    "action_from_json",
    "carries_marker",
    "choose_recordings",
    "desired_seats",
    "digest_of",
    "draft_of",
    "guard_plan",
    "is_news",
    "margin_of",
    "marked_event",
    "marker_of",
    "merge_recording",
    "needs_approval",
    "people",
    "plan",
    "read_back",
    "recognise",
    "refusals_of",
    "same",
    "shows",
    "split",
    "state_after",
    "visibility_of",
    "whom_they_mail",
    "window_of",
    "zoom_time",
]
