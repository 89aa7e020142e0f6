"""Sending to operators with Apprise: the only module that imports it, and only when something is sent.

It follows no redirect, keeps nothing on the disk, and says nothing of an address. Each target is sent to by itself.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import structlog

from ..errors import shorten
from ..events import clean_line
from ..store.alerts import Severity
from .targets import Target, Wrong, hide_address

log = structlog.get_logger()
_ANSWER_LIMIT = 160
_STATUS = re.compile(r"error=(\d{3})\b")
_TYPES: dict[Severity | Literal["over"], str] = {  # how Apprise colours a message
    "info": "info", "warning": "warning", "critical": "failure", "over": "success",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result of an attempt; its sentence has no part of the address."""

    taken: bool
    sentence: str


class Notifier:
    """Sends messages to targets, for all threads. Waits are in seconds; `deadline_s` limits the whole attempt."""

    def __init__(self, *, read_s: float = 10, deadline_s: float = 30) -> None:
        self._read_s, self._deadline_s = read_s, deadline_s

    def send(self, target: Target, title: str, body: str, severity: Severity | Literal["over"]) -> Answer:
        """Send a message once. Raises nothing for a failure: that is an Answer, too."""
        plugin, why = self._open(target.url)
        if plugin is None:
            return Answer(taken=False, sentence=shorten(f"It cannot be used: {why}", _ANSWER_LIMIT))
        apprise = _load()
        sender = apprise.Apprise(asset=plugin.asset)
        sender.add(plugin)
        try:
            result = sender.notify(
                body=body, title=title, notify_type=_TYPES[severity], body_format=apprise.NotifyFormat.TEXT
            )
        except Exception as error:  # a plugin may raise anything
            answer = Answer(taken=False, sentence=f"It could not be sent ({type(error).__name__}).")
        else:
            answer = Answer(taken=bool(result), sentence=_say(result, target.url))
        log.info("operators_told", target=target.label, taken=answer.taken)
        return answer

    def find_wrong(self, targets: Iterable[Target]) -> tuple[Wrong, ...]:
        """List the targets that cannot be used, with the reason."""
        checked = ((target, self._open(target.url)[1]) for target in targets)
        return tuple(Wrong(id=target.id, label=target.label, why=why) for target, why in checked if why)

    def _open(self, url: str) -> tuple[Any, str]:
        """Make a plugin of its address, or return why there is none."""
        apprise, given = _load(), url.partition("?")[2].lower()
        scheme, separator, _ = url.partition("://")
        if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{0,19}", scheme):
            return None, "it is no address: it has to begin as mailto:// or slack:// do."
        asset = apprise.AppriseAsset(
            app_id="zoom_ops",
            app_desc="zoom_ops",
            async_mode=False,
            http_redirects=False,
            secure_logging=True,
            storage_mode="memory",
            pgp_autogen=False,
            pem_autogen=False,
            service_timeout=self._deadline_s,
        )
        try:
            plugin = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=False)
        except Exception as error:  # a plugin may raise anything
            return None, shorten(clean_line(hide_address(str(error), url)), _ANSWER_LIMIT)
        if plugin is None:
            return None, _explain(apprise, scheme.lower())
        plugin.redirects = False  # also where the address says redirect=yes
        plugin.optional = False  # else a failure would count as taken
        if "cto=" not in given:
            plugin.socket_connect_timeout = self._read_s
        if "rto=" not in given:
            plugin.socket_read_timeout = self._read_s
        if "format=" not in given:
            plugin.notify_format = apprise.NotifyFormat.TEXT
        if "overflow=" not in given:
            plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
        return plugin, ""


@cache
def _load() -> Any:
    """Load Apprise, which takes a third of a second, and let its logger write nothing: it would name addresses."""
    logger = logging.getLogger("apprise")
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    import apprise

    return apprise


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


def _say(result: Any, url: str) -> str:
    """Say in a sentence what came of an attempt."""
    if result:
        return "It took the message."
    messages = [entry.message for service in result for entry in service.logs()] if result is not None else []
    text = clean_line(messages[-1]) if messages else ""
    if status := _STATUS.search(text):
        return f"It answered HTTP {status[1]}."
    if getattr(result, "status", None) is not None and result.status.name == "TIMEOUT":
        return "It did not answer in time."
    return shorten(f"It did not take the message. {hide_address(text, url)}".strip(), _ANSWER_LIMIT)
