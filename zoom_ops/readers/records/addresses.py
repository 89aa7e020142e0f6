"""Web addresses as files write them, which may be none."""

from ...linear import join_url, split_url


def host_of(address: str) -> str:
    """Return the host and port of an address; empty if it has none."""
    try:
        return split_url(address).netloc.lower()
    except ValueError:  # "http://["
        return ""


def join_address(base: str, address: str) -> str:
    """Return an address in full that may be relative to that of the file's programme."""
    try:
        return join_url(base, address)
    except ValueError:
        return address
