"""Progress of a test run on the terminal, with a summary of slow and repeated tests."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

DATABASE_KINDS = ("sqlite", "postgresql")
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
SLOWEST = 10
KEPT = "zoom_ops/seconds"  # key of pytest's cache: seconds of each test in the last run
GUESSES = {"acceptance": 2.0, "browser": 2.0, "integration": 0.3}  # seconds of a test that has not run here before
GUESS_S = 0.05
EVERY_S = {True: 1.0, False: 20.0}  # between two lines: on a terminal, where they replace each other, and elsewhere


class Progress:
    """Prints the progress of a test run in place of dots."""

    def __init__(self, config: pytest.Config, reporter: TerminalReporter) -> None:
        self._reporter = reporter
        reporter.showfspath = False  # do not print the file of each test
        self._on_terminal = bool(reporter.isatty)
        self._cache = getattr(config, "cache", None)  # None with -p no:cacheprovider
        self._known: dict[str, float] = self._cache.get(KEPT, {}) if self._cache else {}
        self._left: dict[str, float] = {}
        self._seconds: Counter[str] = Counter()
        self._again: dict[str, str] = {}
        self._done = self._weight_done = 0.0
        self._began = self._printed = time.monotonic()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        if not self._left and not self._done:
            self._expect(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """Print no letter for a test, which would break the lines."""
        kind = report.outcome
        if hasattr(report, "wasxfail"):
            kind = {"skipped": "xfailed", "passed": "xpassed"}.get(kind, kind)
        if kind == "failed" and report.when != "call":
            kind = "error"
        return ("" if kind == "passed" and report.when != "call" else kind, "", kind.upper())

    @pytest.hookimpl(tryfirst=True)  # before a repeated test waits for its turn
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid
        self._seconds[test] += report.duration
        if report.outcome == "rerun":
            self._seconds[test] = 0  # it starts again
            self._again[test] = _message_of(report)
            self._say(f"run again, alone: {test}: {self._again[test]}")
        elif report.failed:
            self._say(f"failed: {test}: {_message_of(report)}")
        if report.when == "teardown" and test in self._left:
            self._weight_done += self._left.pop(test)
            self._done += 1
            self._print_progress()

    def pytest_sessionfinish(self) -> None:
        if self._cache:
            self._cache.set(KEPT, self._known | {test: round(s, 2) for test, s in self._seconds.items()})

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if len(self._seconds) > 1 and terminalreporter.verbosity >= 0:
            terminalreporter.section("slowest", "-")
            for test, seconds in self._seconds.most_common(SLOWEST):
                terminalreporter.write_line(f"{seconds:6.1f} s  {test}")
        for report in terminalreporter.stats.get("rerun", ()):
            terminalreporter.section(f"run again: {report.nodeid}", "-")
            terminalreporter.write_line(report.longreprtext)
            for kind, text in report.sections:
                terminalreporter.write_line(f"{kind}:\n{text}")

    def close(self) -> None:
        """Print the last lines: counts of tests, outcomes on each kind of database, repeated tests."""
        stats = self._reporter.stats
        reports = [report for outcome in OUTCOMES for report in stats.get(outcome, ())]
        properties = [pair for report in reports for pair in getattr(report, "user_properties", ())]
        for counts in sorted({str(value) for name, value in properties if name == "counts"}):
            self._reporter.write_line(counts)
        outcomes = {kind: _outcomes_of(kind, stats) for kind in DATABASE_KINDS}
        if any(outcomes.values()):
            self._reporter.write_line("databases: " + ", ".join(f"{of} {n or 'none'}" for of, n in outcomes.items()))
        if self._seconds:
            self._reporter.write_line(f"run again: {', '.join(self._again) or 'none'}")

    def _expect(self, tests: Iterable[str]) -> None:
        self._left = {test: self._known.get(test) or _guess(test) for test in tests}
        self._began = self._printed = time.monotonic()

    def _print_progress(self) -> None:
        now = time.monotonic()
        if now - self._printed < EVERY_S[self._on_terminal] or not self._left:
            return
        self._printed, past = now, now - self._began
        left = past * sum(self._left.values()) / self._weight_done
        line = f"{self._done:.0f} of {self._done + len(self._left):.0f} tests, {_clock(past)}, some {_clock(left)} left"
        if self._on_terminal:
            self._reporter.rewrite(line, erase=True)
        else:
            self._say(line)

    def _say(self, line: str) -> None:
        """Print a line; on a terminal it replaces the line of the progress."""
        if self._on_terminal:
            self._reporter.rewrite(line, erase=True)
            self._reporter.line("")
        else:
            self._reporter.write_line(line)


def _outcomes_of(kind: str, stats: Mapping[str, Sequence[Any]]) -> str:
    counts = Counter(
        outcome
        for outcome in OUTCOMES
        for report in stats.get(outcome, ())
        if kind in getattr(report, "keywords", ())  # the report of an unreadable file has none
    )
    return " ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])


def _guess(test: str) -> float:
    return next((seconds for folder, seconds in GUESSES.items() if f"/{folder}/" in test), GUESS_S)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _message_of(report: pytest.TestReport) -> str:
    """Return the first line of an error's message."""
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = (crash.message if crash else str(report.longrepr or "")).strip().splitlines()
    return (lines[0] if lines else "it said nothing")[:200]
