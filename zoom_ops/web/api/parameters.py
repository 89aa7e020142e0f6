"""Parameters of requests: names, and which page of a list, with its answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator

from ...events.maxima import AtMost
from ...explain import suggest
from ..dependencies import services_of
from .problems import wrong_parameters

LARGEST = 2**63 - 1  # number of a row
_FARTHEST = 10_000_000  # rows before a page


def _name(pattern: str, what: str) -> Any:
    def check(name: str) -> str:
        if not re.fullmatch(pattern, name):
            raise ValueError(f"this cannot be {what}.")
        return name

    return AfterValidator(check)


_NAME = AtMost(characters=100)  # for the description; the patterns hold it
# A malformed name is rejected before any look-up.
EventName = Annotated[str, _NAME, _name(r"[a-z0-9][a-z0-9-]{0,99}", "the id of an event")]
JobName = Annotated[str, _NAME, _name(r"\w{1,100}", "the name of a job")]
OwnName = Annotated[str, _NAME, _name(r"[a-z0-9_-]{1,100}", "the name of an account, a home or a webhook")]
MessageName = Annotated[str, _NAME, _name(r"msg_[0-9a-f]{1,36}", "the id of a message")]

EventId = Annotated[EventName, Path(description="The event's id.")]
_OTHER_WAYS = ("page", "offset", "before", "limit")  # of other APIs to page a list


def refuse_unknown(request: Request) -> None:
    """Raise Problem 400 for a parameter that the operation does not have: a misspelt ?dryrun would store."""
    known = set(_parameters_of(request.scope["route"].dependant))
    for name in request.query_params:
        if name in known:
            continue
        if name in _OTHER_WAYS and "cursor" in known:
            sentence = f"{name}: a list goes on at the address in `next`; per_page says how many at once."
        else:
            sentence = f"There is no parameter {name[:100]!r} here.{suggest(name[:100], known)}"
        raise wrong_parameters(sentence, name)


def _parameters_of(dependant: Any) -> Iterator[str]:
    """Yield the names of the query parameters of an endpoint, and of what it depends on."""
    yield from (each.alias for each in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _parameters_of(inner)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The requested page of a list. Callers load `per_page` + 1 rows, to know whether another page follows.

    The cursor of a list that grows at its head is the number of the last row of the page before, so that nothing comes
    twice; that of any other list is how many rows come before.
    """

    request: Request
    cursor: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="Where the page begins: `next` of the page before names it.")
    ] = None
    per_page: Annotated[int, Query(ge=1, le=100, description="How many on a page.")] = 50

    @property
    def offset(self) -> int:
        """The number of rows before the page."""
        return min(self.cursor or 0, _FARTHEST)


ThePage = Annotated[Window, Depends()]


def answer_page(
    window: Window, name: str, rows: Sequence[Any], *, following: bool, cursor: int | None = None, **others: Any
) -> JSONResponse:
    """Answer with a page of a list, and with the address of the next one in the body and as a Link (RFC 8288).

    `cursor`: the one of the next page; else it counts the rows.
    """
    request, following_page = window.request, None
    if following:
        url = request.url.include_query_params(cursor=cursor or window.offset + len(rows))
        following_page = f"{services_of(request).base_url}{url.path}?{url.query}"
    headers = {"Cache-Control": "no-store"} | ({"Link": f'<{following_page}>; rel="next"'} if following_page else {})
    return JSONResponse({name: list(rows), "next": following_page, **others}, headers=headers)


def answer_rows(window: Window, name: str, rows: Sequence[Any], **others: Any) -> JSONResponse:
    """Answer with a page of a list that is loaded whole."""
    end = window.offset + window.per_page
    return answer_page(window, name, rows[window.offset : end], following=end < len(rows), **others)


def answer_newest(window: Window, name: str, rows: Sequence[Any]) -> JSONResponse:
    """Answer with a page of a list that grows at its head: its rows before the cursor, and one more if there is one."""
    shown = rows[: window.per_page]
    following = len(rows) > len(shown)
    return answer_page(window, name, shown, following=following, cursor=shown[-1]["id"] if shown else None)
