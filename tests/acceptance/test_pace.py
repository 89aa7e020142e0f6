"""Many new events at once, with the limits of Zoom's Pro plan: none is turned away, and the limit is used.

The same as `make bench`, asserted: shares and counts are results, however quick the machine is.
"""

from pathlib import Path

import pytest

from tests.bench.pace import BUDGET, measure_pace


def test_new_events_get_webinars_and_panelists_without_one_429(tmp_path: Path, migrated_database_url: str) -> None:
    pace = measure_pace(tmp_path / "place", migrated_database_url, events=30, hosts=5, patience_s=40)

    assert pace.refused == 0
    assert pace.complete
    assert (pace.label, pace.calls) == ("MEDIUM", 2 * 30 + 5)  # seated, read back; and each host's settings


@pytest.mark.long
@pytest.mark.timeout(600)
def test_thousand_new_events_use_what_the_limit_leaves(tmp_path: Path, migrated_database_url: str) -> None:
    pace = measure_pace(tmp_path / "place", migrated_database_url, events=1000, hosts=20, patience_s=400)

    assert pace.refused == 0
    assert pace.complete
    assert pace.used >= BUDGET, pace
