"""The profile `cluster` of docker-compose.yml as containers: brought up, replaced one by one, taken down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.compose.container import Container
from tests.compose.engine import Engine
from tests.compose.project import choose_images

WEBS = ("web-1", "web-2")
NODES = (*WEBS, "worker")
SERVICES = ("sandbox", *NODES)
_ALL = (*SERVICES, "migrate")  # that run our image


@dataclass(kw_only=True)
class Cluster:
    """The project's containers, and what those said that are gone."""

    engine: Engine
    images: dict[str, str]
    gone: dict[str, str] = field(default_factory=dict)

    def come_up(self) -> None:
        """Bring up the database, the migration, all that works and the practice Zoom; wait until they are healthy."""
        self.engine.compose("up", "--detach", "--no-build", *SERVICES)
        self._complete(*SERVICES)

    def show(self) -> str:
        """Tell what runs."""
        return self.engine.compose("ps", "--all")

    def containers(self, *services: str) -> list[Container]:
        """List the containers of these services, by their names; without any, of all."""
        ids = self.engine.compose("ps", "--all", "--quiet", *services).split()
        found = [Container(id=one, name=self._name(one), engine=self.engine) for one in ids]
        return sorted(found, key=lambda one: one.name)

    def nodes(self) -> list[Container]:
        """List the webs and the workers."""
        return self.containers(*NODES)

    def run(self, *command: str) -> Any:
        """Run a command of ours in a container; tell the JSON that it prints."""
        return json.loads(self.engine.compose("exec", "-T", "web-2", "zoom-ops", *command, "--json"))

    def import_events(self, name: str, content: str) -> list[str]:
        """Import events from a file that the containers can see; tell their ids."""
        (self.engine.folder / "config" / name).write_text(content, "utf-8")
        return [one["id"] for one in self.run("events", "import", f"/config/{name}")]

    def replace(self, service: str, container: Container, image: str) -> tuple[float, int]:
        """Put one of this image in its place; tell how long the old one took to stop, and how it ended."""
        stopped = container.stop()
        self.gone[f"{container.name} (replaced)"] = container.log
        self.engine.container("rm", "--volumes", container.id)
        self.images[service] = image
        choose_images(self.engine.folder, self.images)
        self._complete(service)
        return stopped

    def logs(self) -> dict[str, str]:
        """Tell what all have said, those that are gone, too."""
        return self.gone | {one.name: one.log for one in self.containers()}

    def _complete(self, *services: str) -> None:
        """Start what is missing of these services, leave what there is, and wait until all of them are healthy."""
        self.engine.compose(
            "up", "--detach", "--no-build", "--no-deps", "--no-recreate", "--wait", "--wait-timeout", "180", *services
        )

    def _name(self, container: str) -> str:
        return str(self.engine.inspect(container)["Name"]).lstrip("/")


@contextmanager
def cluster(engine: Engine, image: str) -> Iterator[Cluster]:
    """Have a place for a cluster in the block: nothing is there of it before and after."""
    down = ("down", "--volumes", "--remove-orphans", "--timeout", "5")
    images = dict.fromkeys(_ALL, image)
    choose_images(engine.folder, images)
    engine.compose(*down)
    try:
        yield Cluster(engine=engine, images=images)
    finally:
        engine.compose(*down)
