"""Parameters of requests: names, and which page of a list, with its answer."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator

from ..dependencies import services_of


def _name(pattern: str, what: str) -> Any:
    def check(name: str) -> str:
        if not re.fullmatch(pattern, name):
            raise ValueError(f"this cannot be {what}.")
        return name

    return AfterValidator(check)


# A malformed name is rejected before any look-up.
EventName = Annotated[str, _name(r"[a-z0-9][a-z0-9-]{0,99}", "the id of an event")]
JobName = Annotated[str, _name(r"\w{1,100}", "the name of a job")]
OwnName = Annotated[str, _name(r"[a-z0-9_-]{1,100}", "the name of an account or a webhook")]
MessageName = Annotated[str, _name(r"msg_[0-9a-f]{1,36}", "the id of a message")]

EventId = Annotated[EventName, Path(description="The event's id.")]
PageSize = Annotated[int, Query(ge=1, le=100, description="How many on a page.")]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The requested page of a list. Callers load `per_page` + 1 rows, to know whether another page follows."""

    page: Annotated[int, Query(ge=1, le=100_000, description="Which page, from 1 on.")] = 1
    per_page: PageSize = 50

    @property
    def offset(self) -> int:
        """The number of rows before the page."""
        return (self.page - 1) * self.per_page


def answer_page(request: Request, name: str, rows: list[Any], more: bool, **following: Any) -> JSONResponse:
    """Answer with a page of a list, and with the address of the next one in the body and as a Link (RFC 8288)."""
    url = request.url.include_query_params(**following)
    following_page = f"{services_of(request).base_url}{url.path}?{url.query}" if more else None
    headers = {"Cache-Control": "no-store"} | ({"Link": f'<{following_page}>; rel="next"'} if following_page else {})
    return JSONResponse({name: rows, "next": following_page}, headers=headers)
