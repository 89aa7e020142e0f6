"""Test modules, compiled once by all workers together: each begins at another place, and reads what others compiled."""

import importlib
import sys
from contextlib import suppress
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[2]
_HOMES = _TESTS / "homes"


def compile_together(config: pytest.Config) -> None:
    """Import the test modules of a whole run before they are collected, in another order in each worker.

    In a fresh checkout workers that go the same way would each compile every module.
    """
    worker = getattr(config, "workerinput", None)
    if not worker or sys.dont_write_bytecode or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    paths = sorted(path for path in _TESTS.rglob("test_*.py") if _HOMES not in path.parents)
    begin = int(worker["workerid"].removeprefix("gw")) * len(paths) // worker["workercount"]
    for path in (*paths[begin:], *paths[:begin]):
        with suppress(Exception, pytest.skip.Exception):  # its collection tells
            importlib.import_module(".".join(path.relative_to(_TESTS.parent).with_suffix("").parts))
