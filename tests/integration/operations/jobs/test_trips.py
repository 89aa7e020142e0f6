"""How often a run goes to the database, and how many files a trip passes.

An event is loaded once, and what one step means is written together.
"""

import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import CodeType, FrameType

import pytest
from sqlalchemy import Connection, event, select

from tests.builders import END, EVENT_ID, START, an_event
from tests.docs.pages import read, section
from tests.integration.service import Service
from tests.root import ROOT
from zoom_ops.engine.attempts import current_run
from zoom_ops.store.tables import run

PRACTICE = ("sandbox/", "web/edge/")  # the practice Zoom, whose server answers here as ours does
CLAIM = 1  # a write before which nobody knows which run it is
TABLE = section(read(ROOT / "docs" / "architecture.md"), "## The life of an event")
MOST = {
    job: (int(reads), int(writes)) for job, reads, writes in re.findall(r"\| `(\w+)`: .*? \| (\d+) \| (\d+) \|", TABLE)
}
MOST_FILES = [int(count) for count in re.findall(r"\*\*(\d+) files\*\*", TABLE)]


def test_runs_of_an_event_go_to_the_database_a_few_times(service: Service) -> None:
    later = {"start": START + timedelta(days=3), "end": END + timedelta(days=3)}
    service.add(an_event(id="another", **later))  # afterwards token and hosts are known
    service.settle()

    with counted(service) as trips:
        service.add(an_event(id=EVENT_ID))
        service.settle()
        service.clock.advance(END - service.clock.now())
        service.zoom.hold(service.zoom.webinars()[-1]["id"])
        service.settle()

    assert service.published()
    assert set(trips) == set(MOST)
    more = {
        job: (reads, writes) for job, (reads, writes) in trips.items() if reads > MOST[job][0] or writes > MOST[job][1]
    }
    assert more == {}


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.skipif(sys.version_info < (3, 12), reason="only later versions count the calls of all threads")
def test_trips_of_an_event_pass_few_files(service: Service) -> None:
    with passed() as till_seated:
        service.add(an_event(id=EVENT_ID))
        service.settle()
    service.clock.advance(END - service.clock.now())

    with passed() as till_published:
        service.zoom.hold(service.zoom.webinar()["id"])
        service.settle()

    assert service.published()
    assert {"planning/differ.py", "zoom/client.py"} <= till_seated
    assert {"operations/notifications/intake.py", "operations/reconcile/executors/publications.py"} <= till_published
    assert len(till_seated) <= MOST_FILES[0]
    assert len(till_published) <= MOST_FILES[1]


@contextmanager
def passed() -> Iterator[set[str]]:
    """Collect the files of the product whose functions are called, in any thread."""
    product, called = f"{ROOT / 'zoom_ops'}/", set[CodeType]()
    files = set[str]()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        called.add(frame.f_code)

    threading.setprofile_all_threads(note)
    try:
        yield files
    finally:
        threading.setprofile_all_threads(None)
    paths = {code.co_filename for code in called if code.co_name != "<module>"}
    names = {path.removeprefix(product) for path in paths if path.startswith(product)}
    files |= {name for name in names if not name.startswith(PRACTICE)}


@contextmanager
def counted(service: Service) -> Iterator[dict[str, tuple[int, int]]]:
    """Count the transactions of each job's run for the event: reads and writes."""
    begun: Counter[tuple[int, bool]] = Counter()
    trips: dict[str, tuple[int, int]] = {}

    def count(connection: Connection) -> None:
        if run_id := current_run.get():
            begun[run_id, bool(connection.get_execution_options().get("read_only"))] += 1

    engine = service.app.database.engine
    event.listen(engine, "begin", count)
    yield trips
    event.remove(engine, "begin", count)
    with service.app.database.read() as connection:
        rows = connection.execute(select(run).where(run.c.subject == EVENT_ID, run.c.state == "done")).all()
    trips |= {row.job: (begun[row.id, True], begun[row.id, False] + CLAIM) for row in rows if row.attempts == 1}
