"""How each action is carried out."""

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.effects import Change
from ....planning import Action, digest_of
from ...context import Context
from .adoption import adopt_webinar, read_adoptable, record_adoption
from .base import Executor
from .links import publish_link, withdraw_link
from .moves import delete_old_webinar
from .panelists import add_panelists, divide_refused, record_seats, remove_panelist
from .publications import publish_recording, withdraw_recording
from .webinars import cancel_webinar, create_webinar, record_reported, reported_fields, update_webinar

__all__ = [
    "Executor",
    "change_of",
    "divide_refused",
    "executor_of",
    "read_adoptable",
    "record_adoption",
    "record_reported",
    "record_seats",
    "reported_fields",
]

_EXECUTORS: Mapping[str, Callable[[Context, Any], Executor]] = {
    "AdoptWebinar": adopt_webinar,
    "CancelWebinar": cancel_webinar,
    "CreateWebinar": create_webinar,
    "DeleteOldWebinar": delete_old_webinar,
    "UpdateWebinar": update_webinar,
    "RemovePanelist": remove_panelist,
    "AddPanelists": add_panelists,
    "WithdrawRecording": withdraw_recording,
    "PublishRecording": publish_recording,
    "WithdrawLink": withdraw_link,
    "PublishLink": publish_link,
}


def executor_of(context: Context, action: Action) -> Executor:
    """Build the executor of an action."""
    return _EXECUTORS[action.kind](context, action)


def change_of(action: Action, executor: Executor) -> Change:
    """Build the journal's description of an action."""
    return Change(
        kind=action.kind, digest=digest_of([action]), action=action.model_dump(mode="json"), listed=executor.listed
    )
