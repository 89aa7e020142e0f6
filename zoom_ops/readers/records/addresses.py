"""Web addresses as files write them, which may be none."""

from urllib.parse import urljoin, urlsplit


def host_of(address: str) -> str:
    """Return the host and port of an address; empty if it has none."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # "http://["
        return ""


def join_address(base: str, address: str) -> str:
    """Return an address in full that may be relative to that of the file's programme."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address
