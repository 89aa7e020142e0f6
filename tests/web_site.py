"""The web application on a database, without jobs and engine: a test writes what the pages show."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

import requests
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI
from sqlalchemy import Connection

from tests.builders import BASE_URL, INSTALLATION, NOW, WEBINAR_ID, a_profile, a_publication, a_recording, a_webinar
from tests.endings import end_behind, wait_for_endings
from tests.in_process import Caller, opened
from tests.late import whole
from zoom_ops.clock import HeldClock
from zoom_ops.events import Event, Publication
from zoom_ops.identity import Identity, Passwords, ProvidedSignIn, Waits
from zoom_ops.identity.users import UserChanges, add_user
from zoom_ops.licence import Licence
from zoom_ops.operations.change_signal import ChangeSignal
from zoom_ops.operations.notifications.intake import Intake, RawNotification
from zoom_ops.operations.views.feeds import Feeds
from zoom_ops.operations.views.programme import Programme
from zoom_ops.profiles import Profile
from zoom_ops.store.audit import Actor
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.events import record_changes, save_event
from zoom_ops.store.recordings import record_instance, save_publication, save_recording, save_sharing
from zoom_ops.store.tables import event as event_table
from zoom_ops.store.webinars import save_binding
from zoom_ops.web.app import create_app
from zoom_ops.web.branding import Branding
from zoom_ops.web.dependencies import Services
from zoom_ops.web.edge.server import make_server
from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.i18n.language import Language
from zoom_ops.web.streams.places import StreamPlaces
from zoom_ops.webinars import Recording, Sharing

PASSWORD = "a long way to the harbour"
PROFILES = (
    a_profile(join="public"),
    a_profile(name="members", join="members"),
    a_profile(name="invitation", join="invitation"),
)
ADMIN = Actor(name="admin")
QUICK_PASSWORDS = Passwords(PasswordHasher.from_parameters(CHEAPEST), "Harbour Institute")


@dataclass
class Inbox:
    """Takes every notification and gives each the same answer, or error."""

    answer: Intake | Exception = field(default_factory=lambda: Intake(status=204))
    received: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def take(self, arrived: Sequence[RawNotification]) -> list[Intake | Exception]:
        self.received.extend((raw.account, dict(raw.headers), raw.body) for raw in arrived)
        return [self.answer] * len(arrived)


class Visitor(Caller):
    """A visitor of the site: requests paths, follows no redirect, and accepts HTML as a browser does."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.headers["Accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        options |= {"allow_redirects": False, "timeout": 20}
        return super().request(method, f"{self.address}{url!s}", *args, **options)


def insist(visitor: Visitor, address: str, **fields: str) -> requests.Response:
    """Ask for a change and confirm it on the page that announces it."""
    return confirm(visitor, address, visitor.post(address, data=fields).text)


def confirm(visitor: Visitor, address: str, question: str, **typed: str) -> requests.Response:
    """Send the form of the page that announces a change: the address makes the change."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', question)
    return visitor.post(address, data={name: unescape(value) for name, value in hidden} | typed)


METRICS_TOKEN = "tidewater-metrics-token"
WITH_TOKEN = {"Authorization": f"Bearer {METRICS_TOKEN}"}


class Site:
    """A web application with its database, and methods that write to it."""

    def __init__(
        self,
        database: Database,
        *,
        now: datetime = NOW,
        base_url: str = BASE_URL,
        organisation: str = "Harbour Institute",
        languages: Mapping[str, Language] | None = None,
        branding: Branding | None = None,
        is_ready: Callable[[], tuple[bool, str]] = lambda: (True, ""),
        box: SecretBox | None = None,
        provide: Callable[["Site"], ProvidedSignIn] | None = None,
        profiles: Sequence[Profile] = PROFILES,
        embed_origins: tuple[str, ...] = ("*",),
        cors_origins: tuple[str, ...] = (),
        share_on: tuple[str, ...] = ("linkedin", "whatsapp"),
        licence: Licence | None = None,
        streams: StreamPlaces | None = None,
        **further: Any,
    ) -> None:
        self.database, self.clock, self.change_signal, self.inbox = database, HeldClock(now), ChangeSignal(), Inbox()
        self.box = box or SecretBox([make_key()])
        self._number = 0
        self.services = Services(
            programme=Programme(
                database,
                self.box,
                self.clock,
                {profile.name: profile for profile in profiles},
                playing_hosts=lambda: ("zoom.example.org",),
            ),
            feeds=Feeds(database),
            identity=Identity(database, self.clock, self.box, Waits(), QUICK_PASSWORDS),
            take_notifications=self.inbox.take,
            refuse_notification=lambda account, headers: None,
            is_ready=is_ready,
            metrics=lambda: b"runs_total 1.0\n",
            clock=self.clock,
            installation=INSTALLATION,
            base_url=base_url,
            organisation=organisation,
            languages=languages or load_languages(),
            branding=branding or Branding(),
            embed_origins=embed_origins,
            cors_origins=cors_origins,
            share_on=share_on,
            licence=licence,
            streams=streams or StreamPlaces(),
            changed=self.change_signal,
            provided=provide(self) if provide else None,
            **{"metrics_token": METRICS_TOKEN, **further},
        )
        self.app = whole(create_app(self.services))

    def again(self) -> "Site":
        """Build the same site again, as a restart does."""
        return Site(self.database, now=self.clock.now(), base_url=self.services.base_url, box=self.box)

    def add_user(self, login: str, *, role: str = "member", groups: tuple[str, ...] = ()) -> None:
        """Add a user with the common password."""
        add_user(self.database, QUICK_PASSWORDS, ADMIN, login, UserChanges(password=PASSWORD, role=role, groups=groups))

    def sign_in(self, visitor: Visitor, login: str) -> None:
        """Sign a visitor in with the common password."""
        visitor.post("/sign-in", data={"login": login, "password": PASSWORD})

    def save(self, *events: Event) -> None:
        """Write events as an import does, and signal the change."""
        with self.database.begin() as connection:
            for event in events:
                save_event(connection, event, self.clock.now())
                _record(connection, event.id, self.clock.now(), "imported", "The event was imported.")
        self.change_signal.ring()

    def publish(self, event: Event, publication: Publication | None = None, recording: Recording | None = None) -> None:
        """Write a recording and its publication as the job does, and signal the change."""
        recording_url = f"{self.services.base_url}/events/{event.id}/recording"
        publication, recording = publication or a_publication(url=recording_url), recording or a_recording()
        with self.database.begin() as connection:
            now = self.clock.now()
            save_recording(connection, self.box, event.id, recording, "completed", now)
            save_publication(connection, event.id, publication)
            _record(connection, event.id, now, "published", f"Published {recording.share_url}.")
        self.change_signal.ring()

    def share(self, uuid: str, sharing: Sharing) -> None:
        """Write who may open a recording, as the job does."""
        with self.database.begin() as connection:
            save_sharing(connection, uuid, sharing, None, self.clock.now())

    def bind(self, event: Event, **webinar: Any) -> None:
        """Bind an event to a webinar as the job does, and signal the change."""
        self._number += 1
        with self.database.begin() as connection:
            now = self.clock.now()
            numbered = a_webinar(**{"id": WEBINAR_ID + self._number} | webinar)
            save_binding(
                connection, self.box, event.id, numbered, now, known={}, asked={}, refused={}, origin="created"
            )
            _record(connection, event.id, now, "webinar_created", "The webinar was created.")
        self.change_signal.ring()

    def tell(self, event: Event, what: str, **run: Any) -> None:
        """Write what Zoom reports about an instance (`started_at`, `ended_at`, `practice`), and signal the change."""
        with self.database.begin() as connection:
            record_instance(connection, f"run of {event.id}", event.id, **run)
            _record(connection, event.id, self.clock.now(), what, "Zoom reported it.")
        self.change_signal.ring()

    def delete(self, event: Event) -> None:
        """Delete an event, and signal the change."""
        with self.database.begin() as connection:
            _record(connection, event.id, self.clock.now(), "deleted", "The event was deleted.")
            connection.execute(event_table.delete().where(event_table.c.id == event.id))
        self.change_signal.ring()

    @contextmanager
    def visited(self) -> Iterator[Visitor]:
        """Open the site to a visitor, without a server."""
        with visited(self.app) as visitor:
            yield visitor

    @contextmanager
    def served(self, port: int = 0) -> Iterator[Visitor]:
        """Serve the site to a visitor over HTTP, on a free port unless one is given."""
        with served(self.app, port) as visitor:
            yield visitor


@contextmanager
def visited(app: FastAPI) -> Iterator[Visitor]:
    """Open a web application to a visitor, without a server."""
    with opened(app) as address, Visitor(address) as visitor:
        yield visitor


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[Visitor]:
    """Serve a web application to a visitor over HTTP, on a free port unless one is given."""
    if port:
        wait_for_endings()  # a server that is stopping may still have it
    server = make_server(app, "127.0.0.1", port)
    server.start()
    try:
        with Visitor(f"http://127.0.0.1:{server.port}") as visitor:
            yield visitor
    finally:
        end_behind(server.stop)


def _record(connection: Connection, event_id: str, at: datetime, what: str, sentence: str) -> None:
    record_changes(connection, [{"event_id": event_id, "at": at, "what": what, "sentence": sentence}])
