"""Pagination: a token leads to the next page and is valid for 15 minutes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .account import Account
from .calls import Call, Json, Refusal, invalid

TOKEN_LIFE = timedelta(minutes=15)
_PAGING_PARAMETERS = ("next_page_token", "page_number", "page_size")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list."""

    entries: list[Any]
    size: int
    number: int
    total: int
    next_token: str

    def body(self) -> Json:
        """Build the paging fields of a reply."""
        return {
            "page_count": -(-self.total // self.size) if self.total else 0,
            "page_number": self.number,
            "page_size": self.size,
            "total_records": self.total,
            "next_page_token": self.next_token,
        }


def page_of(account: Account, call: Call, entries: list[Any]) -> Page:
    """Return the page that a call asks for by page token or page number. Raise `Refusal` for an invalid one."""
    size = max(1, int(call.params.get("page_size") or 30))
    start = (_page_number(call) - 1) * size
    if text := call.query.get("next_page_token"):
        start = _start_of_page(account, call, text)
    more = start + size < len(entries)
    return Page(
        entries=entries[start : start + size],
        size=size,
        number=start // size + 1,
        total=len(entries),
        next_token=_make_token(account, call, start + size) if more else "",
    )


def _page_number(call: Call) -> int:
    """Parse the page number. Some operations take it as a string."""
    text = str(call.params.get("page_number") or 1)
    if not text.isascii() or not text.isdigit():
        raise invalid("page_number")
    return max(1, int(text))


def _make_token(account: Account, call: Call, start: int) -> str:
    token = account.names.opaque(32)
    account.pages[token] = {
        "path": call.path,
        "filter": _filter(call),
        "start": start,
        "expires": account.now() + TOKEN_LIFE,
    }
    return token


def _start_of_page(account: Account, call: Call, token: str) -> int:
    """Return where the page of a token starts. The path, and each filter given, must be those of the page before."""
    page = account.pages.get(token)
    is_valid = (
        page
        and page["path"] == call.path
        and page["filter"].items() >= _filter(call).items()
        and page["expires"] > account.now()
    )
    if not page or not is_valid:
        raise Refusal(400, 300, "The next page token is invalid or expired.")
    return int(page["start"])


def _filter(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.query.items() if name not in _PAGING_PARAMETERS}
