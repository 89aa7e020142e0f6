"""Types of the names in requests. A malformed name is rejected before any look-up."""

import re
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator

_EVENT = r"[a-z0-9][a-z0-9-]{0,99}"


def _name(pattern: str, what: str) -> Any:
    def check(name: str) -> str:
        if not re.fullmatch(pattern, name):
            raise ValueError(f"this cannot be {what}.")
        return name

    return AfterValidator(check)


EventName = Annotated[str, _name(_EVENT, "the id of an event")]
JobName = Annotated[str, _name(r"\w{1,100}", "the name of a job")]
OwnName = Annotated[str, _name(r"[a-z0-9_-]{1,100}", "the name of an account or a webhook")]
MessageName = Annotated[str, _name(r"msg_[0-9a-f]{1,36}", "the id of a message")]

EventId = Annotated[EventName, Path(description="The event's id.")]
