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
_ALL = (*SERVICES, "migrate")  # the services that run our image


@dataclass(kw_only=True)
class Cluster:
    """The project's containers, and the logs of removed containers."""

    engine: Engine
    images: dict[str, str]
    gone: dict[str, str] = field(default_factory=dict)

    def come_up(self) -> None:
        """Bring up the database, the migration, all services and the practice Zoom; wait until they are healthy."""
        self.engine.compose("up", "--detach", "--no-build", *SERVICES)
        self._complete(*SERVICES)

    def show(self) -> str:
        """Return the list of running containers."""
        return self.engine.compose("ps", "--all")

    def containers(self, *services: str) -> list[Container]:
        """List the containers of these services by name; without services, of all."""
        ids = self.engine.compose("ps", "--all", "--quiet", *services).split()
        containers = [Container(id=id_, name=self._name(id_), engine=self.engine) for id_ in ids]
        return sorted(containers, key=lambda container: container.name)

    def nodes(self) -> list[Container]:
        """List the webs and the workers."""
        return self.containers(*NODES)

    def run(self, *command: str) -> Any:
        """Run a command of ours in a container; return the JSON that it prints."""
        return json.loads(self.engine.compose("exec", "-T", "web-2", "zoom-ops", *command, "--json"))

    def import_events(self, name: str, content: str) -> list[str]:
        """Import events from a file that the containers can read; return their ids."""
        (self.engine.folder / "config" / name).write_text(content, "utf-8")
        return [event["id"] for event in self.run("events", "import", f"/config/{name}")]

    def replace(self, service: str, container: Container, image: str) -> tuple[float, int]:
        """Replace a container by one of this image; return how long the old one took to stop, and its exit code."""
        stopped = container.stop()
        self.gone[f"{container.name} (replaced)"] = container.log
        self.engine.container("rm", "--volumes", container.id)
        self.images[service] = image
        choose_images(self.engine.folder, self.images)
        self._complete(service)
        return stopped

    def logs(self) -> dict[str, str]:
        """Return the logs of all containers, removed ones included."""
        return self.gone | {container.name: container.log for container in self.containers()}

    def _complete(self, *services: str) -> None:
        """Start the missing containers of these services, keep the others, and wait until all are healthy."""
        self.engine.compose(
            "up", "--detach", "--no-build", "--no-deps", "--no-recreate", "--wait", "--wait-timeout", "180", *services
        )

    def _name(self, container: str) -> str:
        return str(self.engine.inspect(container)["Name"]).lstrip("/")


@contextmanager
def cluster(engine: Engine, image: str) -> Iterator[Cluster]:
    """Provide a cluster during the block; nothing of it exists before and after."""
    down = ("down", "--volumes", "--remove-orphans", "--timeout", "5")
    images = dict.fromkeys(_ALL, image)
    choose_images(engine.folder, images)
    engine.compose(*down)
    try:
        yield Cluster(engine=engine, images=images)
    finally:
        engine.compose(*down)
