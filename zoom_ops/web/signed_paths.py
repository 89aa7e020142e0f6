"""Paths of requests that prove themselves by a signature: of Zoom, of a home, of the sign-in provider.

No browser sends them, and no answer to them names a host or sets a cookie.
"""

BACK_CHANNEL = "/sign-in/provider/logout"  # the provider says that somebody signed out there
SIGNED = ("/webhooks/", "/hooks/", BACK_CHANNEL)


def is_signed(method: str, path: str) -> bool:
    """Return whether a request has to prove itself by a signature. A path with a slash at its end leads elsewhere."""
    return method == "POST" and path.startswith(SIGNED) and not path.endswith("/")
