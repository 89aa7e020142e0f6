"""A cache of what processes apart made: each draws or reads one picture, and most tests ask for the same few."""

from functools import cache
from typing import Any

from zoom_ops.pictures.reader import run_apart


class _FailedError(Exception):
    """A process that did not end well, which is not kept."""


def run_apart_once(module: str, *arguments: str, given: bytes, time_s: float) -> Any:
    """Run a process of pictures once for the same input; saves a sixth of the time of a test of public pages.

    What it makes depends on nothing else. One that fails, is stopped or is too slow runs again.
    """
    try:
        return _run_well(module, *arguments, given=given, time_s=time_s)
    except _FailedError as failed:
        return failed.args[0]


@cache
def _run_well(module: str, *arguments: str, given: bytes, time_s: float) -> Any:
    ended = run_apart(module, *arguments, given=given, time_s=time_s)
    if ended.was_stopped or ended.reason:
        raise _FailedError(ended)
    return ended
