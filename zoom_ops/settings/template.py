"""The text of settings.toml, with its comments: the one source of the example and of what `zoom-ops init` writes."""

import json
from dataclasses import dataclass

EXAMPLE_HEAD = "# Copy this file to config/settings.toml and fill it in, or let `zoom-ops init` ask for everything."
WRITTEN_HEAD = "# Written by `zoom-ops init`. Change it as you like."


@dataclass(frozen=True, kw_only=True)
class AccountDraft:
    """What settings.toml says of a Zoom account; its secrets are in files. Addresses are given for a practice Zoom."""

    name: str
    account_id: str
    client_id: str
    client_secret_file: str
    webhook_secret_file: str | None
    hosts: tuple[str, ...]
    plan: str = "pro"
    api_url: str | None = None
    oauth_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class SettingsDraft:
    """What settings.toml says. A value of None stays a comment."""

    head: str = WRITTEN_HEAD
    base_url: str
    listen: str
    organisation: str
    data_dir: str | None = None
    alert_to_file: str | None = None
    account: AccountDraft


EXAMPLE = SettingsDraft(
    head=EXAMPLE_HEAD,
    base_url="https://events.example.org",
    listen="127.0.0.1:8000",
    organisation="The Harbour Institute",
    account=AccountDraft(
        name="main",
        account_id="Account ID",
        client_id="Client ID",
        client_secret_file="/run/secrets/zoom_client_secret",  # noqa: S106  # a path
        webhook_secret_file="/run/secrets/zoom_webhook_secret",  # noqa: S106  # a path
        hosts=("webinars-1@example.org", "webinars-2@example.org"),
    ),
)

_TEXT = """\
{head}
# Environment variables override this file: poll_s is ZOOM_OPS_POLL_S, client_id below is
# ZOOM_OPS_ACCOUNTS__{NAME}__CLIENT_ID. docs/configuration.md explains every setting and its default.

# The address at which readers reach the pages. Published links begin with it.
{base_url}
{listen}

# The name at the head of every page.
{organisation}

# The folder of the database, its secret key and its lock. Without database_url: SQLite in it.
{data_dir}
# database_url = "postgresql://zoom_ops@db.example.org/zoom_ops"

# A folder for a backup of the SQLite database each night, best on another disk; the last 14 are kept.
# backup_dir = "/srv/zoom_ops/backup"

# A file that says where operators are told of problems: Apprise URLs, one a line.
# docs/operating.md explains them under "Who is told".
{alert_to_file}

# One table for each Zoom account, under a name of your choice (small letters, digits, - and _).
{account_comment}
[accounts.{name}]
{account_id}
{client_id}
{client_secret_file}

# The app's "Secret Token", page "Feature". Zoom signs its notifications with it, and sends them to
# {hook}
{webhook_secret_file}

# Users with a webinar licence. Each event gets a free one.
{hosts}

# "pro" or "business": sets the rate limits. Business also stands for Education and Enterprise.
{plan}
{addresses}"""

_REAL = '# The first three come from your Server-to-Server OAuth app on marketplace.zoom.us, page "App Credentials".'
_PRACTICE = "# This is no account at Zoom: `zoom-ops sandbox --account {name}` plays it, and takes these credentials."
_ADDRESSES = """
# Where the practice Zoom answers. Without these two lines it is Zoom itself.
{api_url}
{oauth_url}
"""


def settings_text(draft: SettingsDraft) -> str:
    """Build the text of settings.toml."""
    account = draft.account
    addresses = ""
    if account.api_url:
        addresses = _ADDRESSES.format(
            api_url=_line("api_url", account.api_url), oauth_url=_line("oauth_url", account.oauth_url)
        )
    return _TEXT.format(
        head=draft.head,
        NAME=account.name.upper(),
        base_url=_line("base_url", draft.base_url),
        listen=_line("listen", draft.listen),
        organisation=_line("organisation", draft.organisation),
        data_dir=_line("data_dir", draft.data_dir, otherwise="var"),
        alert_to_file=_line("alert_to_file", draft.alert_to_file, otherwise="/run/secrets/alert_to"),
        account_comment=(_PRACTICE if account.api_url else _REAL).format(name=account.name),
        name=account.name,
        account_id=_line("account_id", account.account_id),
        client_id=_line("client_id", account.client_id),
        client_secret_file=_line("client_secret_file", account.client_secret_file),
        hook=f"{draft.base_url}/webhooks/zoom/{account.name}",
        webhook_secret_file=_line(
            "webhook_secret_file", account.webhook_secret_file, otherwise="/run/secrets/zoom_webhook_secret"
        ),
        hosts=_line("hosts", account.hosts),
        plan=_line("plan", account.plan),
        addresses=addresses,
    )


def _line(key: str, value: str | tuple[str, ...] | None, otherwise: str = "") -> str:
    """Write a key with its value, or as a comment where it has none. TOML takes the strings of JSON, except for DEL."""
    if value is None:
        return f"# {_line(key, otherwise)}"
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{key} = {written}"
