"""Homes in every state, for the pages that show them: one that works, one that is down, a wrong token, a new one."""

from datetime import timedelta

from tests.integration.memory_home import MemoryHome, add_home
from tests.integration.service import Service
from zoom_ops.homes import Capabilities, HomeDownError, UnauthorizedError
from zoom_ops.operations.homes.trouble import note_failed
from zoom_ops.store.homes.records import mark_gone, save_pull, save_records

WEBSITE, OUTAGE = "city-website", timedelta(hours=3)
_READ = {"listed": 214, "changed": 3, "took_ms": 840}


def add_homes(service: Service, drifted: str, gone: str) -> None:
    """Let a service have homes: of one event, somebody changed the link; the record of another is gone."""
    website = _add(service, WEBSITE, drifted, gone)
    portal = _add(service, "members-portal", drifted)
    _add(service, "regional-ports-and-coastal-cities-events")
    add_home(service, MemoryHome("summer-school"))
    service.ask("publish_links", drifted)
    for home in (website, portal):
        for key in home.records[drifted]:
            home.edit(drifted, key, title="Watch the talk again")
    service.ask("publish_links", drifted)
    _read_and_fail(service, gone)


def _add(service: Service, name: str, *events: str) -> MemoryHome:
    home = MemoryHome(name, Capabilities(audiences=("public", "members"), members_see="members of the institute"))
    home.kind = "wordpress"
    return add_home(service, home, *events)


def _read_and_fail(service: Service, gone: str) -> None:
    """Note how the latest pulls went."""
    unread = {"fingerprint": "", "document": None, "event_id": None, "webinar_id": None, "gone_at": None}
    over = "It had ended before it was first read."
    wrong = "“half past four” is no time of an end."
    rows = (
        {"record": "1183", "url": "https://city.example.org/?p=1183", "state": "wrong", "reason": wrong},
        {"record": "1201", "url": "", "state": "left_out", "reason": "No rule takes it."},
        *(
            {
                "record": f"harbour-talks-{n}",
                "url": f"https://city.example.org/?p={n}",
                "state": "left_out",
                "reason": over,
            }
            for n in range(7)
        ),
    )
    down = HomeDownError("members-portal does not answer: connection refused.")
    refused = UnauthorizedError(
        "WordPress does not accept the application password of harbour-bot. Make a new one there: Users, Profile."
    )
    with service.app.database.begin() as connection:
        now = service.app.database.now(connection)
        save_pull(connection, WEBSITE, tried_at=now, pulled_at=now - timedelta(minutes=2), **_READ)
        save_records(connection, WEBSITE, ({**unread, **row, "read_at": now} for row in rows))
        mark_gone(connection, WEBSITE, (gone,), now)
        for name, error, since in (
            ("members-portal", down, now - OUTAGE),
            ("regional-ports-and-coastal-cities-events", refused, now - timedelta(minutes=4)),
        ):
            save_pull(connection, name, pulled_at=since - timedelta(minutes=5), failing_since=since, **_READ)
            note_failed(connection, name, error, now)
