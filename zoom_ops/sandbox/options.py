"""The options of a sandbox."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from ..errors import BadInputError
from .policy import Policy

DEFAULT_LISTEN = "127.0.0.1:4100"
PLANS = ("pro", "business")


@dataclass(frozen=True, kw_only=True)
class SandboxUser:
    """A user of the practice account. `webinar`: has a licence to hold webinars for `capacity` attendees."""

    email: str
    webinar: bool = True
    capacity: int = 1000


@dataclass(frozen=True, kw_only=True)
class SandboxOptions:
    """The options of one sandbox.

    `users`: None makes every e-mail address a licensed host. `credentials`: client id, secret, account id; None accepts
    all that are not empty. `scopes`: the scopes of a token; None grants all. `allow_remote`: permits `listen` addresses
    other than loopback. `public_url`: the address for people, for the links in replies. `limits`: apply rate limits.
    `policy`: what the account allows.
    `webhook_url`, `webhook_secret`: where notifications go, and the secret that signs them. Raises `BadInputError` for
    options that do not fit together.
    """

    listen: str = DEFAULT_LISTEN
    plan: Literal["pro", "business"] = "pro"
    webhook_url: str | None = None
    webhook_secret: str | None = None
    limits: bool = True
    users: tuple[SandboxUser, ...] | None = None
    credentials: tuple[str, str, str] | None = None
    scopes: tuple[str, ...] | None = None
    allow_remote: bool = False
    public_url: str | None = None
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        """Check the options. Raise `BadInputError` if the sandbox cannot serve them."""
        host, _ = split_listen(self.listen)
        if self.plan not in PLANS:
            raise BadInputError(f"The sandbox knows the plans {' and '.join(PLANS)}, not {self.plan!r}.")
        if self.webhook_url and not self.webhook_secret:
            raise BadInputError("A webhook address needs its secret too: the sandbox signs what it sends.")
        if not self.allow_remote and not is_loopback(host):
            raise BadInputError(
                f"The sandbox lets anybody in, so it listens on loopback only, not on {host}. "
                "Allow a remote address explicitly where that is wanted, as in a container."
            )


def split_listen(listen: str) -> tuple[str, int]:
    """Parse `host:port`. Port 0 means a free port. Raise `BadInputError` for another form."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise BadInputError(f"An address to listen on looks like {DEFAULT_LISTEN}, not {listen!r}.")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Return whether a host is an address of the loopback interface."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parse_credentials(text: str) -> tuple[str, str, str]:
    """Parse `ID:SECRET:ACCOUNT`. Raise `BadInputError` for another form."""
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):
        raise BadInputError("Credentials are written CLIENT_ID:CLIENT_SECRET:ACCOUNT_ID.")
    return parts[0], parts[1], parts[2]


def load_users(path: Path | str) -> tuple[SandboxUser, ...]:
    """Load the users of a sandbox from a JSON or YAML list of `{email, webinar, capacity}`.

    Raise `BadInputError` with file and line for a file that is unreadable or does not fit.
    """
    file = str(path)
    try:
        tree = yaml.compose(Path(path).read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"The users file cannot be read: {error}", file=file) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadInputError(f"The users file is not JSON: {error.problem}.", file=file, line=line) from error
    if not isinstance(tree, yaml.SequenceNode) or not tree.value:
        raise BadInputError("A users file is a list: [{email, webinar, capacity}].", file=file, line=1)
    return tuple(_parse_user(node, file) for node in tree.value)


def _parse_user(node: yaml.Node, file: str) -> SandboxUser:
    line = node.start_mark.line + 1
    entry = yaml.SafeLoader("").construct_document(node)
    if not isinstance(entry, dict) or "@" not in str(entry.get("email", "")):
        raise BadInputError("A user has an e-mail address: {email, webinar, capacity}.", file=file, line=line)
    unknown = sorted(set(entry) - {"email", "webinar", "capacity"})
    if unknown:
        raise BadInputError(f"A user has email, webinar, capacity, not {', '.join(unknown)}.", file=file, line=line)
    webinar, capacity = entry.get("webinar", True), entry.get("capacity", 1000)
    if not isinstance(webinar, bool) or not isinstance(capacity, int):
        raise BadInputError("webinar is true or false, capacity a number.", file=file, line=line)
    return SandboxUser(email=str(entry["email"]), webinar=webinar, capacity=capacity)
