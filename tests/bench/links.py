"""The time from Zoom's notification of a recording until its link is in a home, and what it costs."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.installation import Installation, a_clean_environment, install, settings_of
from tests.bench.figure import Figure
from tests.bench.intake import write_notification
from tests.bench.programs import programs, set_as_delivered
from tests.bench.slow_home import HOME, SlowHome, file_of, name_of, write_homes
from tests.builders import ACCOUNT
from tests.loopback import free_port
from tests.waiting import wait_until
from zoom_ops.app import App, connect
from zoom_ops.clock import SystemClock
from zoom_ops.operations.homes.pull import pull_home
from zoom_ops.settings import load_settings

LINK_P99_S = 3.0
PULL_REQUESTS, PULL_CPU_S = 10, 2.0
_ANSWER_S = 0.1
_RECORDS = 2_000
_LOOKED_AT = 5  # links
_GAP_S = 0.3
_PATIENCE_S = 120.0
_KINDS = 4  # `write_notification` writes a recording's notification first of so many kinds
Held = tuple[int, str]  # webinar, uuid


@dataclass(frozen=True, kw_only=True)
class _Delays:
    """The delay of each link, in seconds, sorted."""

    what: str
    seconds: tuple[float, ...]

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of it."""
        for name, share, budget in (("p50", 0.5, None), ("p99", 0.99, LINK_P99_S)):
            measured = self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]
            yield Figure(
                what=f"{self.what}: {name}", measured=round(measured, 3), unit="s", budget=budget, at_least=False
            )


def measure_links(folder: Path, database_url: str, *, workers: int) -> Iterator[Figure]:
    """Measure links, one by one and in bursts, then another look at them; then pulls of records that did not change."""
    yield from _measure_links(folder, database_url, singles=30, bursts=(20, 50), workers=workers)


def measure_pulls(folder: Path, database_url: str) -> Iterator[Figure]:
    """Measure pulls of a home whose records did not change: one that lists changes, one that lists everything."""
    with ExitStack() as stack:
        homes = {name: stack.enter_context(SlowHome(_RECORDS, answer_s=0)) for name in ("changes", "everything")}
        write_homes(folder, {name: file_of(home.url, lists_changes=name == "changes") for name, home in homes.items()})
        app = stack.enter_context(closing(_open(folder, database_url)))
        for name, home in homes.items():
            yield from _measure_pull(app, name, home)


def _measure_links(
    folder: Path, database_url: str, *, singles: int, bursts: tuple[int, ...], workers: int
) -> Iterator[Figure]:
    events = singles + sum(bursts)
    with (
        SlowHome(events, answer_s=_ANSWER_S) as home,
        install(folder, database_url, webhook_url=None) as installation,
    ):
        set_as_delivered(installation, many=bool(workers))
        write_homes(folder, {HOME: file_of(home.url)})
        with programs(installation, workers=workers) as running:
            wait_until(lambda: len(installation.zoom.webinars()) == events, "the webinars", patience_s=300)
            time.sleep(_GAP_S * 10)  # and for the work that follows
            held = _hold_all(installation, events)
            what = f"notification sent → link in a home that answers in {_ANSWER_S * 1000:.0f} ms, {installation.kind}"
            before, spent, first = home.asked, sum(running.cpu_s().values()), 1
            for count in (singles, *bursts):
                numbers = range(first, first + count)
                first += count
                together = count if count in bursts else 1
                delays = [
                    delay
                    for start in range(0, count, together)
                    for delay in _time(installation, home, held, numbers[start : start + together])
                ]
                how = f"{count} at once" if together > 1 else f"one by one, {count} times"
                yield from _Delays(what=f"{what}, {how}", seconds=tuple(sorted(delays))).figures()
            wait_until(lambda: _is_linked(installation), "the end of the links", patience_s=_PATIENCE_S)
            asked, cpu_s = home.asked - before, sum(running.cpu_s().values()) - spent
            yield _told("each link", asked / events, "requests")
            yield _told("each link, from its notification", cpu_s * 1000 / events, "ms of processor")
            yield from _look_again(installation, home)
            running.stop()


def _look_again(installation: Installation, home: SlowHome) -> Iterator[Figure]:
    """Let links that nobody changed be looked at once more."""
    listed = installation.run("events", "list", "--json").json[:_LOOKED_AT]
    home.asked = home.writes = 0
    for event in listed:
        installation.run("run", "publish_links", "--event", event["id"])
    what = f"another look at {len(listed)} links that nobody changed"
    yield Figure(what=what, measured=home.writes, unit="writes", budget=0, at_least=False)
    yield _told(what, home.asked, "requests")


def _told(what: str, measured: float, unit: str) -> Figure:
    return Figure(what=what, measured=round(measured, 1), unit=unit, budget=None, at_least=False)


def _hold_all(installation: Installation, events: int) -> dict[int, Held]:
    """Hold every webinar; return each with the uuid of what was held, by the number of its record."""
    ids = {webinar["topic"]: webinar["id"] for webinar in installation.zoom.webinars()}
    return {
        number: (ids[name_of(number)], installation.zoom.hold(ids[name_of(number)])[0]["uuid"])
        for number in range(1, events + 1)
    }


def _time(installation: Installation, home: SlowHome, held: dict[int, Held], numbers: range) -> list[float]:
    """Send the notifications of some recordings at once; return how long each link took, in seconds."""
    with ThreadPoolExecutor(len(numbers)) as pool:
        sent = dict(
            zip(numbers, pool.map(lambda number: _notify(installation, number, *held[number]), numbers), strict=True)
        )
    wait_until(lambda: all(str(number) in home.written for number in numbers), "the links", patience_s=_PATIENCE_S)
    time.sleep(_GAP_S)
    return [home.written[str(number)] - sent[number] for number in numbers]


def _notify(installation: Installation, number: int, webinar: int, uuid: str) -> float:
    """Send the notification of a recording; return when."""
    connection = http.client.HTTPConnection(installation.url.removeprefix("http://"), timeout=_PATIENCE_S)
    headers, body = write_notification(number * _KINDS, webinar, uuid)
    began = time.perf_counter()
    connection.request("POST", f"/webhooks/zoom/{ACCOUNT}", body, headers)
    status = connection.getresponse().status
    connection.close()
    assert status == 204, status
    return began


def _is_linked(installation: Installation) -> bool:
    runs = installation.run("runs", "--job", "publish_links", "--limit", "1000", "--json").json
    return all(run["state"] == "done" for run in runs)


def _open(folder: Path, database_url: str) -> App:
    environ = a_clean_environment() | settings_of(database_url, folder / "var", "http://127.0.0.1:9", free_port())
    return connect(load_settings(environ, folder), SystemClock())


def _measure_pull(app: App, name: str, home: SlowHome) -> Iterator[Figure]:
    pull_home(app.context, name, app.database.begin)
    home.asked, began = 0, time.thread_time()
    pull = pull_home(app.context, name, app.database.begin)
    took_s = time.thread_time() - began
    assert not pull.outcomes, pull.sum_up()
    what = f"pull of {_RECORDS:,} unchanged records from a home that lists {name}"
    budget = PULL_REQUESTS if name == "changes" else None
    yield Figure(what=what, measured=home.asked, unit="requests", budget=budget, at_least=False)
    yield Figure(what=what, measured=round(took_s, 3), unit="s of processor", budget=PULL_CPU_S, at_least=False)
