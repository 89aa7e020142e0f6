"""The logs of the containers: notable lines, and the end of each."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from tests.compose.table import Line, exactly, told

_LAST = 40  # lines
_DEFECTS = ("run_broke", "dispatcher_broke", "engine_broke")
_ALL_WELL = ("debug", "info")
_SHOWN = 50  # characters of a library's line, short enough to be equal for equal causes


def count_lines(logs: Mapping[str, str]) -> Iterator[Line]:
    """Count the lines that must not be in the logs, and yield other bad news in them."""
    events = Counter(event for log in logs.values() for event in _bad_news(log))
    yield exactly(0, "tracebacks in the logs", sum(log.count("Traceback") for log in logs.values()))
    yield exactly(0, "defects in the logs", sum(events[event] for event in _DEFECTS))
    for event, count in sorted(events.items()):
        yield told(f"log: {event}", f"{count} times")


def ends_of(logs: Mapping[str, str]) -> str:
    """Return the last lines of each."""
    return "\n".join(f"--- {name}\n" + "\n".join(log.splitlines()[-_LAST:]) for name, log in logs.items())


def write_logs(folder: Path, logs: Mapping[str, str]) -> None:
    """Write each log into its own file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, log in logs.items():
        (folder / f"{name.replace(' ', '-')}.log").write_text(log, "utf-8")


def _bad_news(log: str) -> Iterator[str]:
    """Yield the messages above the level info in our lines."""
    for line in log.splitlines():
        with suppress(ValueError):  # lines of PostgreSQL, and a line that a kill cut off
            message = json.loads(line)
            if isinstance(message, dict) and message.get("level") not in _ALL_WELL:
                yield _shortened(str(message.get("event")))


def _shortened(event: str) -> str:
    first, *_ = event.splitlines()
    return first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
