"""Send one message to one target: an order in JSON comes in, what came of it goes out."""

import json
import os
import sys
from contextlib import suppress
from typing import Any

from ..pictures.apart import limit_process
from .plugins import NoPluginError, load, open_plugin

_MEMORY = 256_000_000  # bytes of addresses: Apprise takes 70 MB, and its thread reserves 70 MB
_PROCESSOR_S = 20
_YIELDS = 10  # who looks at pages goes first


def main() -> None:
    """Read the order, send it, and write the outcome."""
    limit_process(memory=_MEMORY, processor_s=_PROCESSOR_S)
    with suppress(OSError):  # systemd may refuse it
        os.nice(_YIELDS)
    outcome = _send(**json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(outcome))  # a line of its own, whatever a plugin prints
    sys.stdout.flush()
    os._exit(0)  # a thread of Apprise may still wait for the target


def _send(*, url: str, title: str, body: str, colour: str, read_s: float, deadline_s: float) -> dict[str, Any]:
    """Return what came of it: `taken`, or `wrong`, `raised`, `late`, `stopped` or `said` with what is known."""
    try:
        plugin = open_plugin(url, read_s=read_s, deadline_s=deadline_s)
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


if __name__ == "__main__":
    main()
