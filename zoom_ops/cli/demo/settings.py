"""The demo's settings, apart from those of any real installation."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from ...settings import shipped_folder

ACCOUNT = "demo"
HOST = "webinars@example.org"
_PREFIX = "ZOOM_OPS_"
_ACCOUNT = f"{_PREFIX}ACCOUNTS__{ACCOUNT.upper()}__"
_SECRET = f"{_ACCOUNT}WEBHOOK_SECRET"
_PREPARED = (f"{_PREFIX}LISTEN", f"{_PREFIX}BASE_URL", _SECRET)


def demo_environment(
    outer: Mapping[str, str], folder: Path, sandbox: str, port: int, *, prepared: bool
) -> dict[str, str]:
    """Build the environment of the demo's processes: the `outer` one, without its settings of this service.

    If `prepared`, the sandbox runs already, as in a container: then address and webhook secret come from `outer`.
    """
    shutil.copytree(shipped_folder("config") / "profiles", folder / "config" / "profiles", dirs_exist_ok=True)
    kept = {name: outer[name] for name in _PREPARED if prepared and name in outer}
    listen = kept.get(f"{_PREFIX}LISTEN", f"127.0.0.1:{port}")
    general = {
        "LISTEN": listen,
        "BASE_URL": f"http://{listen}".replace("0.0.0.0", "127.0.0.1", 1),  # noqa: S104  # not bound
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'zoom_ops.db'}",
        "CONFIG_DIR": str(folder / "config"),
        "JOBS_DIR": str(shipped_folder("jobs")),
        "LOG_FORMAT": "json",
    }
    plain = {name: value for name, value in outer.items() if not name.upper().startswith(_PREFIX)}
    settings = {f"{_PREFIX}{name}": value for name, value in general.items()}
    return plain | _past_proxies(outer) | settings | _account(sandbox) | kept


def webhook_secret(environ: Mapping[str, str]) -> str:
    """Return the secret that the practice Zoom signs notifications with."""
    return environ[_SECRET]


def _account(sandbox: str) -> dict[str, str]:
    account = {
        "ACCOUNT_ID": "practice",
        "CLIENT_ID": "practice",
        "CLIENT_SECRET": secrets.token_hex(16),
        "WEBHOOK_SECRET": secrets.token_hex(16),
        "HOSTS": json.dumps([HOST]),
        "API_URL": f"{sandbox}/v2",
        "OAUTH_URL": f"{sandbox}/oauth/token",
    }
    return {f"{_ACCOUNT}{name}": value for name, value in account.items()}


def _past_proxies(outer: Mapping[str, str]) -> dict[str, str]:
    """Build the variables that exclude this machine from any proxy in the environment."""
    kept = [value for name in ("no_proxy", "NO_PROXY") if (value := outer.get(name))]
    return dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join([*kept[:1], "127.0.0.1", "localhost"]))
