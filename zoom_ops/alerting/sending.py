"""What the process that sends does: an order in JSON's values comes in, what came of it goes out."""

from collections.abc import Mapping
from typing import Any

from .plugins import NoPluginError, load, open_plugin


def carry_out(order: Mapping[str, Any]) -> dict[str, Any]:
    """Send a message to its `url`, or find what is wrong with each of the `urls`. The waits are `read_s`, `deadline_s`.

    Return what came of a message: `taken`, or `wrong`, `raised`, `late`, `stopped` or `said` with what is known. Of
    addresses return `faults`: the reason why each cannot be used, or an empty text.
    """
    waits = {name: order[name] for name in ("read_s", "deadline_s")}
    if "urls" in order:
        return {"faults": [_find_fault(url, waits) for url in order["urls"]]}
    return _send(order["url"], order["title"], order["body"], order["colour"], waits)


def _find_fault(url: str, waits: dict[str, float]) -> str:
    try:
        open_plugin(url, **waits)
    except NoPluginError as error:
        return str(error)
    return ""


def _send(url: str, title: str, body: str, colour: str, waits: dict[str, float]) -> dict[str, Any]:
    try:
        plugin = open_plugin(url, **waits)
    except NoPluginError as error:
        return {"wrong": str(error)}
    apprise = load()
    sender = apprise.Apprise(asset=plugin.asset)
    sender.add(plugin)
    try:
        result = sender.notify(body=body, title=title, notify_type=colour, body_format=apprise.NotifyFormat.TEXT)
    except MemoryError:
        return {"stopped": True}
    except Exception as error:  # a plugin may raise anything
        return {"raised": type(error).__name__}
    if result:
        return {"taken": True}
    if getattr(result, "status", None) is not None and result.status.name == "TIMEOUT":
        return {"late": True}
    messages = [entry.message for service in result for entry in service.logs()] if result is not None else []
    return {"said": messages[-1] if messages else ""}
