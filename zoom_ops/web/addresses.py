"""Addresses that a page may link to, and how it writes its own."""

from urllib.parse import urlsplit


def local_address(address: str, base_url: str) -> str:
    """Make an address of ours relative, so that a page works under any name that it is reached by."""
    return address.removeprefix(base_url) if address.startswith(f"{base_url}/") else address


def leads_to_the_web(address: str | None) -> bool:
    """Tell whether an address is one that a page may link to; `javascript:` and the like are not."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
