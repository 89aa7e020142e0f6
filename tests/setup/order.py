"""The markers of tests, and the order in which they run."""

from collections.abc import Sequence

import pytest

from tests.setup.turns import mix

_ACCEPTANCE = "tests/acceptance/"  # as node ids begin: to compare paths of 10,000 tests takes half a second
_STARTING = {"browser", "provider", "provider_of_all", "own_cluster"}  # fixtures that start processes


def put_in_order(tests: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Put tests in the order of a run. Those with a browser are mixed with those of tests/acceptance."""
    ordered = sorted(tests, key=_order)
    mixed = [test for test in ordered if _is_mixed(test)]
    return [*(test for test in ordered if not _is_mixed(test)), *mix(mixed, _wants_browser)]


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
    starts_processes = _is_acceptance(test) or not _STARTING.isdisjoint(getattr(test, "fixturenames", ()))
    if test.get_closest_marker("process") or starts_processes:
        test.add_marker("process")
        test.add_marker(pytest.mark.flaky(reruns=1))


def _wants_browser(test: pytest.Item) -> bool:
    return "browser" in getattr(test, "fixturenames", ())


def _is_mixed(test: pytest.Item) -> bool:
    return _wants_browser(test) or _is_acceptance(test)


def _is_acceptance(test: pytest.Item) -> bool:
    return test.nodeid.startswith(_ACCEPTANCE)


def _order(test: pytest.Item) -> tuple[bool, float, bool]:
    """Return the sort key of a test: one that starts processes comes late, and of these one that takes long early.

    Last come the mixed ones: Playwright's event loop keeps running, so tests with their own loop have to be over.
    """
    timeout, crash = test.get_closest_marker("timeout"), test.get_closest_marker("crash")
    return bool(test.get_closest_marker("process")), -timeout.args[0] if timeout else 0, not crash
