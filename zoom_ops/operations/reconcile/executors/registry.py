"""From an action to the deed that does it: the one list of them."""

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.effects import Change
from ....planning import Action, digest_of
from ...context import Context
from .base import Deed
from .panelists import add_panelists, remove_panelist
from .publications import publish_recording, withdraw_recording
from .webinars import cancel_webinar, create_webinar, update_webinar

_DEEDS: Mapping[str, Callable[[Context, Any], Deed]] = {
    "CancelWebinar": cancel_webinar,
    "CreateWebinar": create_webinar,
    "UpdateWebinar": update_webinar,
    "RemovePanelist": remove_panelist,
    "AddPanelists": add_panelists,
    "WithdrawRecording": withdraw_recording,
    "PublishRecording": publish_recording,
}


def deed_of(context: Context, action: Action) -> Deed:
    """Make an action doable."""
    return _DEEDS[action.kind](context, action)


def change_of(action: Action, deed: Deed) -> Change:
    """Describe an action to the journal."""
    return Change(
        kind=action.kind, digest=digest_of([action]), action=action.model_dump(mode="json"), listed=deed.listed
    )
