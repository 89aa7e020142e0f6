"""Play the practice account of the settings: `zoom-ops sandbox --account NAME`."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from ...linear import split_url

if TYPE_CHECKING:
    from ...settings import Settings


def options_of(settings: Settings, name: str) -> dict[str, Any]:
    """Return the options of a sandbox that plays an account: address, credentials, hosts and notifications."""
    from ...errors import BadInputError, NotFoundError
    from ...sandbox import SandboxUser

    account = settings.accounts.get(name)
    if account is None:
        raise NotFoundError("Zoom account", name, settings.accounts)
    address = split_url(account.api_url)
    if not _is_loopback(address.hostname or "") or address.scheme != "http":
        raise BadInputError(
            f"The account {name} is at {account.api_url}: the practice Zoom plays only accounts at an address of this "
            "machine, such as http://127.0.0.1:4100/v2. zoom-ops init --practice makes one."
        )
    host = settings.listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:")
    secret = next((secret.get_secret_value() for secret in account.webhook_secret), None)
    return {
        "listen": address.netloc,
        "plan": account.plan,
        "webhook_url": f"http://{host}/webhooks/zoom/{name}" if secret else None,
        "webhook_secret": secret,
        "users": tuple(SandboxUser(email=email) for email in account.hosts) or None,
        "credentials": (account.client_id, account.client_secret.get_secret_value(), account.account_id),
    }


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
