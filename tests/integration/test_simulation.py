"""The simulation of `make bench`, small: some forty events from import to recording, every fifth notification lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.bench.simulation.figures import LATEST_S, figures_of
from tests.bench.simulation.load import Load
from tests.bench.simulation.run import Simulated, simulate
from zoom_ops.sandbox.limits import PER_SECOND

SMALL = Load(accounts=2, times=2, hours=5, lead=timedelta(hours=1), at_work=False, lost=0.2)


@pytest.mark.timeout(600)  # it computes for long, and a busy machine has little time for it
def test_simulated_events_go_through_their_lives_within_the_limits(tmp_path: Path) -> None:
    """One run for all checks: it takes seven seconds of processor time."""
    simulated = simulate(SMALL, tmp_path / "place")

    assert_each_has_one_webinar(simulated)
    assert_recordings_are_published_once(simulated)
    assert_calls_keep_to_the_limits(simulated)
    assert [figure.what for figure in figures_of(simulated) if not figure.kept] == []


def assert_each_has_one_webinar(simulated: Simulated) -> None:
    assert len(simulated.imported) > 30
    assert {len(simulated.webinars[event]) for event in simulated.imported} == {1}
    assert simulated.unheld == 0


def assert_recordings_are_published_once(simulated: Simulated) -> None:
    notified, silent = simulated.delays(told=True), simulated.delays(told=False)
    assert len(notified) > 10
    assert len(silent) > 1
    assert notified[-1] < 60
    assert 60 < silent[-1] < LATEST_S
    assert {len(parts) for parts in simulated.published.values()} == {1}


def assert_calls_keep_to_the_limits(simulated: Simulated) -> None:
    assert simulated.counted.statuses[429] == 0
    assert all(peak <= PER_SECOND[SMALL.plan][label] for (_, label), peak in simulated.counted.peaks.items())
    assert max(simulated.days.values()) <= 100


@pytest.mark.long
def test_simulation_comes_out_the_same_again(tmp_path: Path) -> None:
    small = Load(accounts=1, hours=4, lead=timedelta(hours=1), at_work=False, lost=0.2)

    first, second = (comparable(simulate(small, tmp_path / name)) for name in ("first", "second"))

    assert first == second


@pytest.mark.long
def test_simulation_begins_with_an_installation_at_work(tmp_path: Path) -> None:
    simulated = simulate(Load(accounts=1, monthly=300, hours=1), tmp_path / "place")

    assert simulated.planted > 100
    assert simulated.counted.calls["GET /users/*/recordings"] > 0
    assert simulated.counted.calls["GET /webinars/*"] > 0
    assert {len(webinars) for webinars in simulated.webinars.values()} == {1}


def comparable(simulated: Simulated) -> tuple[object, ...]:
    """Return the outcome of a simulation without ids and without what depends on this machine."""
    delays = [simulated.delays(told=notified) for notified in (True, False)]
    work = {name: (spent.count, round(spent.busy_s, 6)) for name, spent in simulated.spent.items()}
    rows = {name: size.rows for name, size in simulated.growth.items()}
    return delays, simulated.counted.calls, simulated.counted.told, work, rows
