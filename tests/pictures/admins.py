"""What admins look after: users, tokens, webhooks, backups; and a database that was restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from tests.builders import EVENT_ID, HOST, an_event
from tests.integration.served import QUICK_PASSWORDS
from tests.integration.service import Ear, Service, TestClock, run_sandbox_with, run_service
from tests.receiver import Receiver
from tests.web_site import ADMIN, PASSWORD
from zoom_ops.identity import add_token
from zoom_ops.identity.users import UserChanges, add_user
from zoom_ops.store.backups.newer import note_newer
from zoom_ops.store.backups.restoration import mark_restored
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade
from zoom_ops.store.tables import site_user

USERS = (
    ("amara.diallo", "member", ("Board", "Harbour Institute")),
    ("jonas.weber", "author", ("Harbour Institute",)),
    ("mei.tanaka", "operator", ()),
)
TOKENS = (
    ("nightly import", ("events:write", "people:write"), timedelta(days=90)),
    ("website", ("events:read",), timedelta(days=365)),
)


def settings_of(folder: Path, receiver: Receiver) -> dict[str, str]:
    """Build the settings of a service that makes backups, and tells another system what happens."""
    return {"ZOOM_OPS_BACKUP_DIR": str(folder / "backup"), **receiver.settings(KINDS="event.created")}


def look_after(service: Service, receiver: Receiver) -> None:
    """Let people and scripts in, add a draft, make two backups, and tell the other system what has happened."""
    database = service.app.database
    for login, role, groups in USERS:
        add_user(database, QUICK_PASSWORDS, ADMIN, login, UserChanges(password=PASSWORD, role=role, groups=groups))
    for name, scopes, life in TOKENS:
        add_token(database, ADMIN, name, scopes, life)
    start = (service.clock.now() + timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    for slug, name in (("harbour-talks-fog", "Fog Signals"), ("harbour-talks-ice", "Ports in the Ice")):
        times = {"start": start, "end": start + timedelta(hours=1), "display_times": ()}
        service.add(an_event(id=slug, name=name, visibility="draft", **times))
    receiver.say(503, times=2)
    for _ in range(2):
        service.tick("make_backups", "tell_others")
        service.settle()
        service.clock.advance(timedelta(seconds=2))


def find_user(service: Service, login: str) -> int:
    """Find the number of a user."""
    with service.app.database.read() as connection:
        return int(connection.execute(select(site_user.c.id).where(site_user.c.login == login)).scalar_one())


@contextmanager
def run_restored_service(folder: Path, settings: dict[str, str]) -> Iterator[Service]:
    """Run a service after a restoration: of one event the webinar is newer, and another has an unknown one."""
    url, clock = f"sqlite:///{folder}/zoom_ops.db", TestClock()
    database = open_database(url)
    upgrade(database)
    database.close()
    how = settings | {"ZOOM_OPS_BACKUP_DIR": str(folder / "backup")}
    with (
        Ear() as ear,
        run_sandbox_with(ear, clock) as sandbox,
        run_service(sandbox, clock, ear, folder, url, settings=how) as service,
    ):
        service.write(an_event())
        service.ask("make_backups")
        with service.app.database.begin() as connection:
            mark_restored(connection, clock.now())
            note_newer(connection, "taken", {EVENT_ID: 93_787_359_542})
            note_newer(connection, "unknown", {"harbour-talks-fog": [(99_463_981_984, HOST)]})
        yield service
