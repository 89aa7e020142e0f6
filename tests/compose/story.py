"""The story: a cluster in containers works for 200 events, with one fault after another."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.acceptance.programme import SPEAKERS, a_programme, published
from tests.compose.cluster import NODES, Cluster
from tests.compose.container import Container
from tests.compose.counting import (
    DEMO,
    EVENTS,
    Missing,
    count_links,
    count_once,
    count_unseated,
    leads_to,
    of_programme,
    shares_of,
)
from tests.compose.readers import reader
from tests.compose.table import Line, exactly, some, told, took
from tests.integration.service import CREATE, PracticeZoom
from tests.waiting import wait_until
from zoom_ops.errors import shorten

SLOW_S = 7.0  # for each answer about a webinar, so that much work is always under way and outlasts a fault
SLOW_RECORDING_S = 3.0
FROZEN_S = 30.0  # longer than the time after which others take it for dead: four times HEARTBEAT_S as delivered, 20 s
CUT_OFF_S = 40.0
PATIENT_STOP_S = 60  # docker-compose.yml sets it for the database; not every engine obeys it at a restart
PATIENCE_S = 300.0
_EVERY_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The place of the story."""

    cluster: Cluster
    zoom: PracticeZoom
    webs: Sequence[str]
    next_image: str

    def workers(self) -> list[Container]:
        """List the present workers."""
        return self.cluster.containers("worker")


def come_up(scene: Scene) -> Iterator[Line]:
    """Bring all services up."""
    began = time.monotonic()
    scene.cluster.come_up()
    nodes = scene.cluster.nodes()
    for node in nodes:
        node.wait_ready()
    yield took("all containers up, healthy and ready", _since(began))
    yield exactly(5, "webs and workers", len(nodes))


def show_demo(scene: Scene) -> Iterator[Line]:
    """Lead one event through its life."""
    began = time.monotonic()
    scene.cluster.import_events("demo.json", json.dumps([DEMO]))
    _wait(lambda: _seats(scene) == len(SPEAKERS), "the speakers of the demo")
    yield took("demo: import in a container → webinar made, everybody seated", _since(began))
    began = time.monotonic()
    scene.zoom.hold()
    for number, url in enumerate(scene.webs, start=1):
        _wait(lambda url=url: published(url, DEMO["id"]), f"the demo's link at {url}")  # type: ignore[misc]
        yield took(f"demo: held → link on the page of web-{number}", _since(began))
        own = leads_to(url, DEMO["id"]).startswith(shares_of(scene.zoom)[DEMO["id"]])
        yield exactly(1, f"demo: links of web-{number} that lead to the recording", int(own))


def work_amid_trouble(scene: Scene) -> Iterator[Line]:
    """Import many events; kill, freeze, restart and replace during the work; count the results."""
    for call in (CREATE, "* /webinars/**"):
        scene.zoom.fault(call, "delay", seconds=SLOW_S, times=None)
    began = time.monotonic()
    scene.cluster.import_events("programme.json", a_programme(EVENTS))
    yield took(f"{EVENTS} events imported; the practice Zoom takes {SLOW_S:.0f} s over each answer", _since(began))
    _wait(lambda: of_programme(scene.zoom), "the first webinar")
    for befall in (_kill_one, _freeze_one, _restart_database, _replace_all):
        yield some("events under way", count_unseated(scene.zoom))
        yield from befall(scene)
    yield some("events under way still", count_unseated(scene.zoom))
    scene.zoom.mend()
    _wait(lambda: not count_unseated(scene.zoom), "everybody's seat")
    yield took("import → everybody seated", _since(began))
    yield from count_once(scene.zoom, "seated")


def hold_amid_trouble(scene: Scene) -> Iterator[Line]:
    """Hold all webinars with one worker off the network for a while, and count the links on the pages."""
    scene.zoom.fault("GET /meetings/**", "delay", seconds=SLOW_RECORDING_S, times=None)
    webinars, worker = of_programme(scene.zoom), scene.workers()[-1]
    missing = Missing(scene.webs)
    began = time.monotonic()
    _hold(scene, webinars[: EVENTS // 2])
    _wait(missing.are_fewer, "the first link")
    yield from _cut_off(scene, worker, missing, webinars[EVENTS // 2 :])
    _wait(missing.are_none, "the links on the pages")
    yield took(f"{EVENTS} held → all links on the pages of both webs", _since(began))
    scene.zoom.mend()
    yield from count_links(scene.zoom, scene.webs)


def look_back(scene: Scene) -> Iterator[Line]:
    """Count again at the end, and check the cluster's own reports."""
    yield from count_once(scene.zoom, "at the end")
    yield exactly(0, "runs that failed or wait for an operator", len(scene.cluster.run("runs", "--failed")))
    yield exactly(0, "open alerts", len(scene.cluster.run("alerts")))
    answers = [request["status"] for request in scene.zoom.control("GET", "/requests")]
    yield told("answers of the practice Zoom with 429, of all", f"{answers.count(429)} of {len(answers)}")


def _kill_one(scene: Scene) -> Iterator[Line]:
    """Kill a worker."""
    worker = scene.workers()[0]
    who = worker.kill()
    yield told("one worker killed, and started again by", who)
    yield took("… and ready", worker.wait_ready())


def _freeze_one(scene: Scene) -> Iterator[Line]:
    """Freeze a worker for so long that others take over its work."""
    worker, before = scene.workers()[1], _count_taken_over(scene)
    began = time.monotonic()
    worker.freeze()
    time.sleep(FROZEN_S)
    worker.thaw()
    yield took("one worker frozen", _since(began))
    yield took("… and ready", worker.wait_ready())
    yield some("… runs taken over meanwhile, also from the one killed", _count_taken_over(scene) - before)


def _restart_database(scene: Scene) -> Iterator[Line]:
    """Restart PostgreSQL."""
    began = time.monotonic()
    scene.cluster.engine.compose("restart", "--timeout", str(PATIENT_STOP_S), "database")
    yield took("PostgreSQL restarted", _since(began))
    for node in scene.cluster.nodes():
        node.wait_ready()
    yield took("… and all five ready", _since(began))


def _replace_all(scene: Scene) -> Iterator[Line]:
    """Replace both webs and all workers by a newer image, one after the other."""
    began, stops = time.monotonic(), list[tuple[float, int]]()
    old = {node.version for node in scene.cluster.nodes()}
    with reader(scene.webs, DEMO["id"]) as readers:
        for service in NODES:
            for container in scene.cluster.containers(service):
                stops.append(scene.cluster.replace(service, container, scene.next_image))
                for node in scene.cluster.containers(service):
                    node.wait_ready()
    new = [node.version for node in scene.cluster.nodes()]
    yield took("all five replaced by the newer image, one after the other", _since(began))
    yield told("… from, to", f"{', '.join(sorted(old))} → {', '.join(sorted(set(new)))}")
    yield exactly(5, "… run the newer one", sum(version not in old for version in new))
    yield exactly(5, "… of the old ones that stopped in order", sum(code == 0 for _, code in stops))
    yield took("… slowest stop", max(seconds for seconds, _ in stops))
    yield exactly(0, f"… neither web gave its page, of {readers.asked} times", readers.in_vain)


def _cut_off(scene: Scene, worker: Container, missing: Missing, webinars: Sequence[dict[str, int]]) -> Iterator[Line]:
    """Take a worker off the network, hold these webinars meanwhile, and put it back."""
    since, before = worker.state["StartedAt"], _count_taken_over(scene)
    began = time.monotonic()
    worker.cut_off()
    _hold(scene, webinars)
    with suppress(AssertionError):
        wait_until(missing.are_none, "the links", patience_s=CUT_OFF_S - 5 - _since(began), every_s=_EVERY_S)
    status, sentence = worker.ask_ready()
    yield told(f"off the network: /ready of that worker, {shorten(sentence, 60)!r}", status)
    time.sleep(max(0.0, CUT_OFF_S - _since(began)))
    yield told("… links still to come when it is put back, on both webs together", len(missing))
    worker.put_back()
    yield took("one worker off the network", _since(began))
    yield took("… and ready", worker.wait_ready())
    yield told("… started anew", "yes" if worker.state["StartedAt"] != since else "no")
    yield some("… runs that the others took over from it", _count_taken_over(scene) - before)


def _count_taken_over(scene: Scene) -> int:
    return sum(worker.log.count('"run_taken_over"') for worker in scene.workers())


def _hold(scene: Scene, webinars: Sequence[dict[str, int]]) -> None:
    for webinar in webinars:
        scene.zoom.hold(webinar["id"], processing_s=2)


def _seats(scene: Scene) -> int:
    return sum(len(webinar["panelists"]) for webinar in scene.zoom.webinars())


def _wait(true: Callable[[], object], what: str) -> None:
    wait_until(true, what, patience_s=PATIENCE_S, every_s=_EVERY_S)


def _since(began: float) -> float:
    return time.monotonic() - began
