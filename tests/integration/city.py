"""A service with a home in memory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.builders import AN_OPERATOR
from tests.homes_double import HomeInMemory
from tests.integration.service import MakeService, Service
from zoom_ops.configuration import read_configuration
from zoom_ops.events import Event
from zoom_ops.operations.admin.configured import follow_configuration
from zoom_ops.operations.events.editing import ANY, patch_event
from zoom_ops.operations.homes.pull import Pull, pull_home
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.events import find_event
from zoom_ops.store.homes.records import KnownRecord, load_known

FILE = 'kind = "double"\nurl = "https://home.example.org"\ntoken_env = "CITY_TOKEN"\n'
TOWN = FILE.replace("home.example", "town.example")
HARBOUR = "open-harbour"
SAID = {
    "name": "Open harbour",
    "description": "Ships and sheds.",
    "start": "2040-02-10T18:00:00+01:00",
    "end": "2040-02-10T19:30:00+01:00",
    "timezone": "Europe/Zurich",
    "performers": [{"name": "Amara Diallo", "role": "Director"}, {"name": "Yusuf Demir"}],
    "attachments": [{"title": "Agenda", "url": "https://home.example.org/agenda.pdf"}],
}


class City:
    """A service with the home `city`."""

    def __init__(self, service: Service, home: HomeInMemory) -> None:
        self.service, self.home, self.context = service, home, service.context

    def write(self, record: str = "12", **changes: Any) -> None:
        """Write a record in the home, as a person does there."""
        self.home.said[record] = {**self.home.said.get(record, SAID), **changes}

    def edit(self, event_id: str = HARBOUR, **changes: Any) -> None:
        """Edit an event here, as an operator does."""
        patch_event(self.context, event_id, changes, AN_OPERATOR, ANY)

    def pull(self, home: str = "city") -> Pull:
        """Pull in this thread."""
        return pull_home(self.context, home, self.context.database.begin)

    def event(self, event_id: str = HARBOUR) -> Event:
        """Return an event as it is here."""
        with self.context.database.read() as connection:
            event = find_event(connection, event_id)
        assert event is not None
        return event

    def alerts(self) -> list[tuple[str, str]]:
        """List kind and subject of the open alerts."""
        with self.context.database.read() as connection:
            return [(row.kind, row.subject) for row in list_alerts(connection)]

    def known(self, record: str = "12") -> KnownRecord:
        """Return what is known of a record."""
        with self.context.database.read() as connection:
            return load_known(connection, "city")[record]


def follow(city: City) -> tuple[str, ...]:
    """Take the files in, as the daemon does; return the homes that are new or have changed."""
    configuration = read_configuration(city.service.app.place, lambda _language, _texts: None).configuration
    assert configuration is not None
    changed = city.service.app.replace(configuration)
    follow_configuration(city.context, city.service.app.jobs.values(), changed)
    return changed.homes


def open_city(
    make_service: MakeService,
    opened: Mapping[str, HomeInMemory],
    folder: Path,
    lines: str,
    settings: dict[str, str] | None = None,
    **how: Any,
) -> City:
    """Make a service with the home, whose file has further lines."""
    homes = folder / "config" / "homes"
    homes.mkdir(parents=True)
    (homes / "city.toml").write_text(FILE + lines)
    service = make_service(settings={"CITY_TOKEN": "secret", **(settings or {})}, **how)
    follow_configuration(service.context, service.app.jobs.values())
    return City(service, opened["city"])
