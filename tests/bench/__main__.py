"""Measure promised performance and print one table: `python -m tests.bench`, `make bench`.

These are no tests: a figure that misses its budget is marked in the table, and the command ends with 1. Everything runs
on this machine, against the practice Zoom; do not use the machine meanwhile.
"""

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.console import BUDGET_MS, measure_console
from tests.bench.figure import Figure, table_of
from tests.bench.intake import measure_intake
from tests.bench.links import measure_links, measure_pulls
from tests.bench.news import P50_S, P99_S, measure_news
from tests.bench.pace import BUDGET, Pace, measure_pace
from tests.bench.page import write_figures
from tests.bench.programs import cluster_of
from tests.bench.public.crowd import measure_crowd
from tests.bench.public.pages import measure_pages
from tests.bench.rest import measure_rest
from tests.bench.search import measure_search
from tests.bench.simulation.figures import measure_simulation
from tests.bench.simulation.load import Load
from tests.setup.postgres import find_programs, run_cluster


def main() -> int:
    """Measure, print, and return 0 if everything was measured and all budgets were kept, else 1.

    A measurement that fails stops none of the others.
    """
    options = arguments().parse_args()
    chosen = options.only or list(_MEASURED)
    figures, failed = list[Figure](), list[str]()
    for number, what in enumerate(chosen, start=1):
        _say(f"{what}, {number} of {len(chosen)}: some {_MINUTES[what]} min on two idle cores")
        taken, began = list[Figure](), time.monotonic()
        try:
            for figure in _measure(what, options):
                taken.append(figure)
                _say("  " + "  ".join(filter(None, figure.cells())))
        except (Exception, SystemExit) as error:
            traceback.print_exception(error)
            failed.append(f"{what} failed: {type(error).__name__}: {error}")
        else:
            _say(f"{what} took {(time.monotonic() - began) / 60:.1f} min")
            if options.write:
                write_figures(_name(what, options), taken)
        figures += taken
    document = json.dumps([figure.to_json() for figure in figures], indent=2) if options.json else table_of(figures)
    sys.stdout.write("\n".join((document, *(failed if not options.json else ()), "")))
    return 0 if all(figure.kept for figure in figures) and not failed else 1


def arguments() -> argparse.ArgumentParser:
    """Build the parser of the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, and print one table.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="also write the figures into the table of docs/scale.md")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", choices=sorted(_MEASURED), action="append", help="measure this only; may be repeated")
    parser.add_argument("--rate", type=int, default=200, help="how many notifications a second (200)")
    parser.add_argument("--seconds", type=int, default=60, help="for how many seconds (60)")
    parser.add_argument("--events", type=int, default=1000, help="how many new events (1000)")
    parser.add_argument("--hosts", type=int, default=20, help="how many hosts hold them (20)")
    parser.add_argument("--workers", type=int, default=0, help="so many of a cluster (0: one daemon)")
    parser.add_argument("--webs", type=int, default=1, help="crowd, intake: so many show pages (1)")
    parser.add_argument("--news", type=int, default=100, help="news: how many recordings (100)")
    parser.add_argument("--years", type=int, default=0, help="news: how many events were there before (0)")
    parser.add_argument("--accounts", type=int, default=100, help="simulation: how many accounts (100)")
    parser.add_argument("--times", type=int, default=1, help="simulation: so many times 2,000 events a month each (1)")
    parser.add_argument("--hours", type=float, default=2, help="simulation: for how many hours (2)")
    parser.add_argument("--share", type=int, default=1, help="simulation: on one so manieth of the machines (1)")
    return parser


def _say(line: str) -> None:
    """Tell how far it is, beside the table or the JSON."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _name(what: str, options: argparse.Namespace) -> str:
    """Return the name of a measurement, with the options that are not as delivered."""
    usual = vars(arguments().parse_args([]))
    given = [f"--{name} {value}" for name, value in vars(options).items() if name in _SIZES and value != usual[name]]
    return " ".join((what, *given))


def _measure(what: str, options: argparse.Namespace) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="zoom-ops-bench-") as folder, _database(options.database, folder) as url:
        yield from _MEASURED[what](options, Path(folder) / "place", url)


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/zoom_ops.db"
        return
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL 13 or newer is not installed; `make test` installs it.")
    with run_cluster(programs) as cluster:
        yield cluster.create("bench")


def _measure_pace(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    patience_s = 60 + options.events / 2
    how = {"events": options.events, "hosts": options.hosts, "workers": options.workers}
    return _figures_of(measure_pace(folder, url, patience_s=patience_s, **how), options.workers)


def _measure_intake(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    how = {"rate": options.rate, "seconds": options.seconds, "workers": options.workers, "webs": options.webs}
    return measure_intake(folder, url, **how)


def _measure_console(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    for took in measure_console(folder, url, events=10_000, runs=100_000):
        yield Figure(
            what=f"console {took.path} with 10,000 events and 100,000 runs, {url.partition(':')[0]}: median of 20",
            measured=round(took.median, 1),
            unit="ms of processor",
            budget=BUDGET_MS,
            at_least=False,
        )


def _measure_page(_asked: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_pages(folder, url)


def _measure_crowd(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_crowd(folder, url, webs=options.webs)


def _measure_search(_options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_search(folder, url)


def _measure_rest(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_rest(folder, url, workers=options.workers)


def _measure_links(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_links(folder, url, workers=options.workers)


def _measure_pulls(_options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    return measure_pulls(folder, url)


def _measure_news(options: argparse.Namespace, folder: Path, url: str) -> Iterator[Figure]:
    took = measure_news(folder, url, events=options.news, workers=options.workers, years=options.years)
    before = f", {took.years:,} events before" if took.years else ""
    what = (
        f"notification sent → link on the page, {len(took.delays)} times, {took.database}, {_who(took.workers)}{before}"
    )
    for name, share, budget in (("p50", 0.5, P50_S), ("p99", 0.99, P99_S)):
        yield Figure(
            what=f"{what}: {name}", measured=round(took.share(share), 3), unit="s", budget=budget, at_least=False
        )


def _who(workers: int) -> str:
    return cluster_of(workers) if workers else "one process"


def _measure_simulation(options: argparse.Namespace, folder: Path, _url: str) -> Iterator[Figure]:
    load = Load(accounts=options.accounts, times=options.times, hours=options.hours)
    return measure_simulation(load.on_a_share(options.share), folder)


def _figures_of(pace: Pace, workers: int) -> Iterator[Figure]:
    what = f"{pace.events:,} new events on {pace.hosts} hosts, {pace.database}, {_who(workers)}"
    yield Figure(
        what=f"{what}: {pace.label} calls ÷ (limit × seconds) = {pace.calls} ÷ ({pace.limit} × {pace.seconds:.1f})",
        measured=round(pace.used, 3),
        unit="of the limit",
        budget=BUDGET,
        at_least=True,
    )
    yield Figure(what=f"{what}: answers with 429", measured=pace.refused, unit="calls", budget=0, at_least=False)
    yield Figure(
        what=f"{what}: one webinar, everybody seated and invited once",
        measured=pace.seated_once,
        unit="events",
        budget=pace.events,
        at_least=True,
    )


_MEASURED = {
    "console": _measure_console,
    "crowd": _measure_crowd,
    "intake": _measure_intake,
    "links": _measure_links,
    "news": _measure_news,
    "pace": _measure_pace,
    "page": _measure_page,
    "pulls": _measure_pulls,
    "rest": _measure_rest,
    "search": _measure_search,
    "simulation": _measure_simulation,
}
_MINUTES = {
    "console": 1, "crowd": 1, "intake": 3, "links": 1, "news": 1, "pace": 4, "page": 1, "pulls": 1, "rest": 2,
    "search": 1, "simulation": 6,
}  # fmt: skip
_SIZES = (
    "database", "rate", "seconds", "events", "hosts", "workers", "webs", "news", "years", "accounts", "times", "hours",
    "share",
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
