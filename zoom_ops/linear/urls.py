"""Take web addresses apart, whoever wrote them.

The functions of `urllib.parse` normalise the host of an address. Before Python 3.13.14 that takes quadratic time
(CVE-2026-3276). So nothing else may call them; ruff refuses it elsewhere.
"""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

LONGEST_HOST = 1_024  # characters, with user and port; a host name has at most 253
_IGNORED = str.maketrans("", "", "\t\r\n")  # urlsplit leaves them out before it looks for the host


def split_url(address: str) -> SplitResult:
    """Split an address as `urlsplit` does. Raise ValueError for half an IPv6 address or a host too long to be one."""
    _check_host(address)
    return urlsplit(address)


def join_url(base: str, address: str) -> str:
    """Join an address to its base as `urljoin` does. Raise ValueError as `split_url` does."""
    _check_host(base)
    _check_host(address)
    return urljoin(base, address)


def _check_host(address: str) -> None:
    if len(address) > LONGEST_HOST and not address.isascii():
        after = address.translate(_IGNORED).partition("//")[2]
        if len(re.split(r"[/?#]", after, maxsplit=1)[0]) > LONGEST_HOST:
            raise ValueError(f"the host of this address has more than {LONGEST_HOST} characters")
