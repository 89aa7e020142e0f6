"""The only translation between events and webinars.

The package is arithmetic: it asks no clock, no network, no database. `plan(event, profile, observed, now)` returns what
has to be done so that Zoom and the event record become what we want.
"""

from .actions import (
    Action,
    AddPanelists,
    CancelWebinar,
    CreateWebinar,
    DeleteOldWebinar,
    PublishRecording,
    RemovePanelist,
    Seat,
    UpdateWebinar,
    WithdrawRecording,
    action_from_json,
    say_shown,
    whom_they_mail,
)
from .adoption.actions import AdoptWebinar
from .adoption.planned import MadeThere, awaited_until, without_waiting
from .adoption.said import say_webinar
from .base import About, FieldChange, Fields, Recipients, name_field
from .desired import desired_fields, desired_seats, draft_of, zoom_time
from .differ import changed_there, drifted, plan, read_back
from .elsewhere.hosts import (
    ELSEWHERE_LATELY,
    FEW_ELSEWHERE,
    FOREIGN_LINK,
    OWN_STORAGE,
    iter_links,
    leads_elsewhere,
    name_host,
    plays_at,
    practice_hosts,
    say_storage,
)
from .guard import Precedent, guard_plan
from .hosts import choose_host, margin_of, window_of
from .links.actions import PublishLink, ShownLink, WithdrawLink
from .links.planned import (
    NOT_HIDDEN,
    ObservedLink,
    ObservedRecord,
    say_changed,
    shows_link,
    wanted_in,
    withdrawal_of,
)
from .newer import newer_fields
from .notices import NOTICES
from .observed import (
    Booking,
    Bound,
    ForeignBooking,
    HostOnOffer,
    LeftWebinar,
    Observed,
    ObservedRecording,
    ObservedSeat,
    RefusedSeat,
)
from .plans import NOT_LINKS, Blocker, Plan, about_of, digest_of, name_action
from .presence import Recognised, recognise
from .recorded import ASK_AGAIN_AFTER, AUTO_RECORDING, Obstacle, changes_with_time, find_obstacles, is_recorded
from .recordings.expiry import expiring_until, is_expiry_news
from .recordings.looks import CONFIRM_AFTER, LOOK_AGAIN, is_expired, is_gone, next_look
from .recordings.merging import PROCESSING, is_news, merge_auto_delete, merge_recording, state_after, without_unfinished
from .recordings.planned import choose_recordings, needs_approval, visibility_of
from .recordings.practice import find_doubt, is_rehearsal, span_of
from .recordings.sharing import ASKED_AGAIN_AFTER, is_asked
from .render import carries_marker, is_marked_elsewhere, marked_event, marker_of
from .sameness import same
from .seating import refusals_of, split
from .special import (
    CONVERTED,
    LASTING,
    MADE_BY_EVENTS,
    SIMULIVE,
    is_special,
    say_unchangeable,
)

__all__ = [
    "ASKED_AGAIN_AFTER",
    "ASK_AGAIN_AFTER",
    "AUTO_RECORDING",
    "CONFIRM_AFTER",
    "CONVERTED",
    "ELSEWHERE_LATELY",
    "FEW_ELSEWHERE",
    "FOREIGN_LINK",
    "LASTING",
    "LOOK_AGAIN",
    "MADE_BY_EVENTS",
    "NOTICES",
    "NOT_HIDDEN",
    "NOT_LINKS",
    "OWN_STORAGE",
    "PROCESSING",
    "SIMULIVE",
    "About",
    "Action",
    "AddPanelists",
    "AdoptWebinar",
    "Blocker",
    "Booking",
    "Bound",
    "CancelWebinar",
    "CreateWebinar",
    "DeleteOldWebinar",
    "FieldChange",
    "Fields",
    "ForeignBooking",
    "HostOnOffer",
    "LeftWebinar",
    "MadeThere",
    "Observed",
    "ObservedLink",
    "ObservedRecord",
    "ObservedRecording",
    "ObservedSeat",
    "Obstacle",
    "Plan",
    "Precedent",
    "PublishLink",
    "PublishRecording",
    "Recipients",
    "Recognised",
    "RefusedSeat",
    "RemovePanelist",
    "Seat",
    "ShownLink",
    "UpdateWebinar",
    "WithdrawLink",
    "WithdrawRecording",
    "about_of",
    "action_from_json",
    "awaited_until",
    "carries_marker",
    "changed_there",
    "changes_with_time",
    "choose_host",
    "choose_recordings",
    "desired_fields",
    "desired_seats",
    "digest_of",
    "draft_of",
    "drifted",
    "expiring_until",
    "find_doubt",
    "find_obstacles",
    "guard_plan",
    "is_asked",
    "is_expired",
    "is_expiry_news",
    "is_gone",
    "is_marked_elsewhere",
    "is_news",
    "is_recorded",
    "is_rehearsal",
    "is_special",
    "iter_links",
    "leads_elsewhere",
    "margin_of",
    "marked_event",
    "marker_of",
    "merge_auto_delete",
    "merge_recording",
    "name_action",
    "name_field",
    "name_host",
    "needs_approval",
    "newer_fields",
    "next_look",
    "plan",
    "plays_at",
    "practice_hosts",
    "read_back",
    "recognise",
    "refusals_of",
    "same",
    "say_changed",
    "say_shown",
    "say_storage",
    "say_unchangeable",
    "say_webinar",
    "shows_link",
    "span_of",
    "split",
    "state_after",
    "visibility_of",
    "wanted_in",
    "whom_they_mail",
    "window_of",
    "withdrawal_of",
    "without_unfinished",
    "without_waiting",
    "zoom_time",
]
