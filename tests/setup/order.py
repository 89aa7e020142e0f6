"""The markers of tests, and the order in which they run."""

import re
from collections.abc import Sequence
from heapq import merge
from typing import TypeVar

import pytest

from tests.setup.examples import examples

_ACCEPTANCE = "tests/acceptance/"  # as node ids begin: to compare paths of 10,000 tests takes half a second
_INTEGRATION = "tests/integration/"
_ALONE = "tests/acceptance/attacks/"
_STARTING = {"browser", "provider", "provider_of_all", "own_cluster"}  # fixtures that start processes
_Test = TypeVar("_Test")


def put_in_order(tests: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Put tests in the order of a run, so that one that waits for its daemons runs beside those that compute.

    What shares an installation comes late, with its module in one piece, and so does what runs alone: the others do not
    have to wait for it again and again. Last come those with a browser: Playwright's
    event loop keeps running, so tests with their own loop have to be over.
    """
    ordered = sorted(tests, key=_order)
    waiting, computing = [test for test in ordered if _waits(test)], [test for test in ordered if _computes(test)]
    return [*spread(waiting, computing), *(test for test in ordered if not _waits(test) and not _computes(test))]


def spread(tests: Sequence[_Test], among: Sequence[_Test]) -> list[_Test]:
    """Put tests among others at equal distances, both in their order."""
    parts = ([((place + 0.5) / len(part), test) for place, test in enumerate(part)] for part in (tests, among))
    return [test for _, test in merge(*parts, key=lambda placed: placed[0])]


def check_choice(expression: str, *, long: bool) -> None:
    """Raise pytest.UsageError where an expression of markers chooses long tests, which would be left out."""
    if re.search(r"(?<!not )\blong\b", expression) and not long:
        raise pytest.UsageError("what is long runs with --long only")


def mark(test: pytest.Item) -> None:
    """Give a test the markers that follow from what it uses."""
    parameters = test.callspec.params if isinstance(test, pytest.Function) and hasattr(test, "callspec") else {}
    kind = str(parameters.get("database_kind", parameters.get("shared", "")))
    if kind:
        test.add_marker(kind)
    if _wants_browser(test):
        test.add_marker("browser")
    if test.get_closest_marker("second_database") and not test.get_closest_marker("both_databases"):
        test.add_marker("long")
    if getattr(getattr(test, "module", None), "examples", None) is examples:
        test.add_marker("examples")
    if test.nodeid.startswith(_ALONE):
        test.add_marker("alone")
    starts_processes = _is_acceptance(test) or not _STARTING.isdisjoint(getattr(test, "fixturenames", ()))
    if test.get_closest_marker("process") or starts_processes:
        test.add_marker("process")
        test.add_marker(pytest.mark.flaky(reruns=1))


def _wants_browser(test: pytest.Item) -> bool:
    return "browser" in getattr(test, "fixturenames", ())


def _waits(test: pytest.Item) -> bool:
    """Return whether a test mostly waits for its own daemons."""
    is_late = _wants_browser(test) or test.get_closest_marker("alone") or "shared" in getattr(test, "fixturenames", ())
    return _is_acceptance(test) and not is_late


def _computes(test: pytest.Item) -> bool:
    """Return whether a test keeps a core busy, in this process."""
    return test.nodeid.startswith(_INTEGRATION) and not test.get_closest_marker("process")


def _is_acceptance(test: pytest.Item) -> bool:
    return test.nodeid.startswith(_ACCEPTANCE)


def _order(test: pytest.Item) -> tuple[bool, bool, float, bool]:
    """Return the sort key of a test: one that starts processes comes late, and of these one that takes long early."""
    timeout, crash = test.get_closest_marker("timeout"), test.get_closest_marker("crash")
    late = bool(test.get_closest_marker("process"))
    return late, _wants_browser(test), -timeout.args[0] if timeout else 0, not crash
