"""Apprise: the only module that imports it, and only when something is checked or sent. It imports nothing of ours.

Apprise reads the whole of any answer, and all its plugins take 40 MB. So a process of its own works with it:
`__main__.py`. It loads the one plugin that it needs, in half the time and memory of all 190.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class NoPluginError(Exception):
    """There is no plugin for an address. The message may hold parts of the address."""


def open_plugin(url: str, *, read_s: float, deadline_s: float) -> Any:
    """Make a plugin of its address, with waits in seconds. Raise NoPluginError with the reason. It asks nobody."""
    apprise, given = load(), url.partition("?")[2].lower()
    scheme, separator, _ = url.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{0,19}", scheme):
        raise NoPluginError("it is no address: it has to begin as mailto:// or slack:// do.")
    _load_plugin(scheme.lower())
    asset = apprise.AppriseAsset(
        app_id="zoom_ops",
        app_desc="zoom_ops",
        async_mode=False,
        http_redirects=False,
        secure_logging=True,
        storage_mode="memory",
        pgp_autogen=False,
        pem_autogen=False,
        service_timeout=deadline_s,
    )
    try:
        plugin = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=False)
    except Exception as error:  # a plugin may raise anything
        raise NoPluginError(str(error)) from error
    if plugin is None:
        raise NoPluginError(_explain(apprise, scheme.lower()))
    plugin.redirects = False  # also where the address says redirect=yes
    plugin.optional = False  # else a failure would count as taken
    if "cto=" not in given:
        plugin.socket_connect_timeout = read_s
    if "rto=" not in given:
        plugin.socket_read_timeout = read_s
    if "format=" not in given:
        plugin.notify_format = apprise.NotifyFormat.TEXT
    if "overflow=" not in given:
        plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
    return plugin


@cache
def load() -> Any:
    """Load Apprise, which takes a third of a second, and let its logger write nothing: it would name addresses."""
    logger = logging.getLogger("apprise")
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    import apprise

    return apprise


def _load_plugin(scheme: str) -> None:
    """Load the plugin of a scheme, or all of them if no single one names it. `https` is that of many plugins."""
    known = load().NotificationManager()
    if not known:  # nothing is loaded: begin with no plugin, as from an empty folder
        with suppress(OSError), TemporaryDirectory() as empty:
            known.load_modules(path=empty)
    if known and scheme in known:
        return
    plugins = list(find_plugins(scheme))
    if len(plugins) == 1:
        known.add(plugins[0], schemas=plugins[0].schemas(plugins[0]))
    if scheme not in known:
        known.load_modules()


def find_plugins(scheme: str) -> Iterator[Any]:
    """Find the classes whose module names a scheme as its protocol. The modules are read, and not run."""
    names = re.compile(rf"protocol\b[^=\n]*=[^=]?\s*\(?[^)=]*[\"']{re.escape(scheme)}[\"']".encode())
    folder = Path(load().__file__).with_name("plugins")
    for path in folder.glob("[!_]*"):
        files = [path] if path.suffix == ".py" else path.glob("*.py")
        if path.stem != "base" and any(names.search(file.read_bytes()) for file in files):
            module = import_module(f"apprise.plugins.{path.stem}")
            found = (value for name, value in vars(module).items() if re.fullmatch("Notify[A-Za-z0-9]+", name))
            yield from (value for value in found if value.__module__.startswith(module.__name__))


def _explain(apprise: Any, scheme: str) -> str:
    """Say why there is no plugin for an address."""
    known = apprise.NotificationManager()
    if scheme in ("http", "https"):
        return "no service has such an address. A receiver of JSON is written json:// or jsons://."
    if scheme not in known:
        return f"there is no service with {scheme}://. The services: https://appriseit.com/services/"
    if not known[scheme].enabled:
        return f"{scheme}:// needs a package that is not installed here."
    return f"it is not complete: what {scheme}:// needs says https://appriseit.com/services/"
