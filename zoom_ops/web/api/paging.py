"""Pagination: the requested page, the address of the next one."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse

from ..dependencies import services_of

LONGEST_PAGE = 100
_FURTHEST = 100_000

PageNumber = Annotated[int, Query(ge=1, le=_FURTHEST, description="Which page, from 1 on.")]
PageSize = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many on a page.")]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A page of a list. Callers load `size` + 1 rows, to know whether another page follows."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """The number of rows before the page."""
        return (self.number - 1) * self.size


def window(page: PageNumber = 1, per_page: PageSize = 50) -> Window:
    """Return the requested page."""
    return Window(number=page, size=per_page)


def answer_page(request: Request, name: str, rows: list[Any], more: bool, **following: Any) -> JSONResponse:
    """Answer with a page of a list, and with the address of the next one in the body and as a Link (RFC 8288)."""
    url = request.url.include_query_params(**following)
    following_page = f"{services_of(request).base_url}{url.path}?{url.query}" if more else None
    headers = {"Cache-Control": "no-store"} | ({"Link": f'<{following_page}>; rel="next"'} if following_page else {})
    return JSONResponse({name: rows, "next": following_page}, headers=headers)
