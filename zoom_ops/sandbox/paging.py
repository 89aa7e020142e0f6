"""Pagination: a token leads to the next page and is valid for 15 minutes."""

from datetime import timedelta

from .account import Account
from .calls import Call, Json, Refusal, invalid

TOKEN_LIFE = timedelta(minutes=15)
_PAGING_PARAMETERS = ("next_page_token", "page_number", "page_size")

# the paging fields of a reply: most operations have all of them
TOKEN_ONLY = ("page_size", "next_page_token")
UNNUMBERED = ("page_count", "page_size", "total_records", "next_page_token")
ALL = ("page_count", "page_number", "page_size", "total_records", "next_page_token")


def page_of(account: Account, call: Call, name: str, entries: list[Json], fields: tuple[str, ...] = ALL) -> Json:
    """Build the page that a call asks for by page token or number: the paging fields, and its entries under `name`.

    Raise `Refusal` for an invalid token or number.
    """
    size = max(1, int(call.params.get("page_size") or 30))
    number = str(call.params.get("page_number") or 1)  # some operations take it as a string
    if not number.isascii() or not number.isdigit():
        raise invalid("page_number")
    start = (max(1, int(number)) - 1) * size
    if text := call.query.get("next_page_token"):
        start = _start_of_page(account, call, text)
    end = start + size
    paging: Json = {
        "page_count": -(-len(entries) // size),
        "page_number": start // size + 1,
        "page_size": size,
        "total_records": len(entries),
        "next_page_token": "",
    }
    if end < len(entries):
        token = paging["next_page_token"] = account.names.opaque(32)
        filters, expires = _filter(call), account.now() + TOKEN_LIFE
        account.pages[token] = {"path": call.path, "filter": filters, "start": end, "expires": expires}
    return {**{field: paging[field] for field in fields}, name: entries[start:end]}


def _start_of_page(account: Account, call: Call, token: str) -> int:
    """Return where the page of a token starts. The path, and each filter given, must be those of the page before."""
    page = account.pages.get(token)
    if (
        page is None
        or page["path"] != call.path
        or not page["filter"].items() >= _filter(call).items()
        or page["expires"] <= account.now()
    ):
        raise Refusal(400, 300, "The next page token is invalid or expired.")
    return int(page["start"])


def _filter(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.query.items() if name not in _PAGING_PARAMETERS}
