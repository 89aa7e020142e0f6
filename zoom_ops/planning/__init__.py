"""The only translator between events and webinars, and it is arithmetic.

`plan(event, profile, observed, now)` says what is to be done so that Zoom, and the event record, become what we want.
"""

from .actions import (
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    FieldChange,
    Hold,
    Plan,
    PublishRecording,
    RemovePanelist,
    UpdateWebinar,
    WithdrawRecording,
    action_from_json,
    digest_of,
)
from .differ import plan
from .guard import Precedent, guard_plan
from .observed import Booking, Bound, HostOnOffer, Observed, RecordingSeen, SeatSeen

__all__ = [
    "Action",
    "AddPanelists",
    "Booking",
    "Bound",
    "CancelWebinar",
    "CreateWebinar",
    "FieldChange",
    "Hold",
    "HostOnOffer",
    "Observed",
    "Plan",
    "Precedent",
    "PublishRecording",
    "RecordingSeen",
    "RemovePanelist",
    "SeatSeen",
    "UpdateWebinar",
    "WithdrawRecording",
    "action_from_json",
    "digest_of",
    "guard_plan",
    "plan",
]
