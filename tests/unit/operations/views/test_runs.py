"""The summary of runs that somebody waited for: counts, and each error once."""

from typing import Any

import pytest

from tests.builders import a_run
from zoom_ops.operations.views.runs import sum_up

DONE = {"state": "done", "outcome": "Created the webinar."}
FAILED = {"state": "failed", "error": "Not so."}
WAITING = {"state": "active", "waiting": True, "error": "No host is free.", "attempts": 1}


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        ([], "Nothing is to be done."),
        ([DONE, DONE], "2 done."),
        ([FAILED, DONE, WAITING, FAILED], "1 done, 1 waiting: No host is free, 2 failed: Not so."),
        ([{"state": "active"}, {"state": "cancelled"}], "1 not begun, 1 cancelled."),
        ([FAILED | {"error": f"{n}."} for n in range(5)], "5 failed: 0; 1; 2; and 2 more."),
    ],
)
def test_summary_counts_runs_and_names_each_error_once(runs: list[dict[str, Any]], sentence: str) -> None:
    assert sum_up([a_run(**{"started": None} | run) for run in runs]) == sentence
