"""Lists in pages: a token leads to the next one for fifteen minutes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .account import Account
from .calls import Call, Json, Refusal, invalid

TOKEN_LIFE = timedelta(minutes=15)
_NOT_THE_FILTER = ("next_page_token", "page_number", "page_size")


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
    """Cut the page that a call asks for, by its token or its page number."""
    size = max(1, int(call.params.get("page_size") or 30))
    start = (_number(call) - 1) * size
    if text := call.query.get("next_page_token"):
        start = _start_of(account, call, text)
    more = start + size < len(entries)
    return Page(
        entries=entries[start : start + size],
        size=size,
        number=start // size + 1,
        total=len(entries),
        next_token=_token_to(account, call, start + size) if more else "",
    )


def _number(call: Call) -> int:
    """Read the page number, which some operations take as a string."""
    text = str(call.params.get("page_number") or 1)
    if not text.isascii() or not text.isdigit():
        raise invalid("page_number")
    return max(1, int(text))


def _token_to(account: Account, call: Call, start: int) -> str:
    token = account.names.opaque(32)
    account.pages[token] = {
        "path": call.path,
        "filter": _filter(call),
        "start": start,
        "expires": account.now() + TOKEN_LIFE,
    }
    return token


def _start_of(account: Account, call: Call, token: str) -> int:
    """Tell where the page of a token starts; it must be asked for as the one before was."""
    known = account.pages.get(token)
    asked = _filter(call)
    fits = (
        known
        and known["path"] == call.path
        and all(known["filter"].get(name) == value for name, value in asked.items())
    )
    if not known or not fits or known["expires"] <= account.now():
        raise Refusal(400, 300, "The next page token is invalid or expired.")
    return int(known["start"])


def _filter(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.query.items() if name not in _NOT_THE_FILTER}
