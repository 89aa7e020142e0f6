"""Many new events at once, with the limits of Zoom's Pro plan: no request is refused, and each is sent once.

`make bench ARGS="--only pace"` measures how much of the limit is used, because that depends on the machine.
"""

from pathlib import Path

import pytest

from tests.acceptance.conftest import TellCounts
from tests.bench.pace import measure_pace


def test_new_events_get_webinars_and_panelists_without_one_429(tmp_path: Path, migrated_database_url: str) -> None:
    pace = measure_pace(tmp_path / "place", migrated_database_url, events=30, hosts=5, patience_s=40)

    assert pace.refused == 0
    assert pace.complete
    lists = pace.done.pop("GET webinars")
    assert (pace.label, pace.done) == ("MEDIUM", {"POST panelists": 30, "GET panelists": 30, "GET settings": 5})
    assert 5 <= lists <= 30  # of each host once, and again where threads choose the same host at once


@pytest.mark.long
@pytest.mark.timeout(600)
def test_thousand_new_events_get_webinars_and_panelists_without_one_429(
    tmp_path: Path, migrated_database_url: str, tell_counts: TellCounts
) -> None:
    pace = measure_pace(tmp_path / "place", migrated_database_url, events=1000, hosts=20, patience_s=400)

    assert pace.refused == 0
    assert pace.complete
    tell_counts(f"1,000 new events on 20 hosts: {pace.used:.3f} of the limit used, {pace.refused} answers with 429")
