"""Links for members with a key: it is taken out of the address at once, into a cookie for the recording alone."""

import re
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ...link_keys import is_key
from ..dependencies import is_https
from ..security_headers import SECRET

_KEPT_S = 3600  # so long the passcode may be read, or the page loaded again; the link in the home works as before
_PART = re.compile(r"[1-9][0-9]{0,5}")


def take_key(request: Request, slug: str, part: str, key: str) -> Response:
    """Redirect to the address without the key. The answer is the same for every key, and nothing is looked up.

    No page is rendered under an address with a key: it would stand in links to sign in and to other languages.
    """
    number = part if _PART.fullmatch(part) else "1"
    path = f"/events/{quote(slug, safe='')}/recording"
    answer = RedirectResponse(path if number == "1" else f"{path}?part={number}", 303, SECRET)
    if is_key(key):
        secure = is_https(request)
        answer.set_cookie(
            _cookie(request, number), key, _KEPT_S, path=path, secure=secure, httponly=True, samesite="lax"
        )
    return answer


def key_of(request: Request, part: int) -> str:
    """Return the key that the reader holds of a part of a recording; empty if there is none."""
    return request.cookies.get(_cookie(request, str(part)), "")


def _cookie(request: Request, part: str) -> str:
    """Name the cookie of a part. Over HTTPS browsers accept it only from there; its path is the recording's."""
    return f"{'__Secure-' if is_https(request) else ''}zoom_ops_key_{part}"
