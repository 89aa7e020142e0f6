"""The places of the pictures: a site with every state of its pages, and a busy console."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import update

from tests.builders import EVENT_ID
from tests.integration.served import serve_pages, sign_in
from tests.integration.service import Service
from tests.pictures.admins import find_user, run_restored_service
from tests.pictures.catalogue import CONSOLE, RESTORED
from tests.pictures.provider import provide
from tests.pictures.scene import SETTINGS, run_busy_service
from tests.web_site import PASSWORD, Site, Visitor
from tests.web_states import fill
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade
from zoom_ops.store.tables import session


@dataclass(frozen=True, kw_only=True)
class Place:
    """The address, the path of each page by its name, and the cookies of a signed-in person.

    `others`: the cookies of whoever else sees a page, by its name.
    """

    address: str
    paths: Mapping[str, str]
    cookies: Any
    others: Mapping[str, Any] = field(default_factory=dict)


def keep_logs_quiet() -> None:
    """Disable the logs, so that a command prints only its own lines."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def open_site() -> Iterator[Place]:
    """Serve every state of the public pages, to visitors and a member."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/zoom_ops.db")
        upgrade(database)
        site = Site(database, base_url="http://events.example.org", provide=provide)
        site.add_user("amara")
        paths = fill(site)
        with site.served() as visitor:
            site.sign_in(visitor, "amara")
            yield Place(address=visitor.address, paths=paths, cookies=_cookies_of(visitor))
        database.close()


@contextmanager
def open_console() -> Iterator[Place]:
    """Serve the console to an admin; an operator is refused a page, and an admin is asked for a proof."""
    with (
        tempfile.TemporaryDirectory() as folder,
        run_busy_service(Path(folder)) as service,
        serve_pages(service) as served,
        Visitor(served.visitor.address) as again,
    ):
        unproven = _cookies_of(sign_in(service, served.visitor, "admin"))
        _age_proofs(service)
        with Visitor(served.visitor.address) as other:
            operator = _cookies_of(sign_in(service, other, "operator"))
        again.post("/sign-in", data={"login": "admin", "password": PASSWORD})
        paths = {picture.page: _find(service, picture.page) for picture in CONSOLE}
        others = {"refused": operator, "proof": unproven}
        yield Place(address=again.address, paths=paths, cookies=_cookies_of(again), others=others)


@contextmanager
def open_restored() -> Iterator[Place]:
    """Serve the console to an admin after a restoration."""
    with (
        tempfile.TemporaryDirectory() as folder,
        run_restored_service(Path(folder), SETTINGS) as service,
        serve_pages(service) as served,
    ):
        visitor = sign_in(service, served.visitor, "admin")
        paths = {picture.page: picture.page for picture in RESTORED}
        yield Place(address=visitor.address, paths=paths, cookies=_cookies_of(visitor))


def _age_proofs(service: Service) -> None:
    """Make every proof so far too old."""
    with service.app.database.begin() as connection:
        connection.execute(update(session).values(proven_at=service.clock.now() - timedelta(hours=1)))


def _cookies_of(visitor: Visitor) -> Any:
    return [{"name": cookie.name, "value": cookie.value, "url": visitor.address} for cookie in visitor.cookies]


def _find(service: Service, page: str) -> str:
    """Find the path of a page that contains a number."""
    failed, (waits, *_) = service.runs(states=("failed",))[0], [run for run in service.runs() if run.waiting]
    numbers = {
        "run": f"/-/runs/{service.run('create_webinars', EVENT_ID)['id']}",
        "failed-run": f"/-/runs/{failed.id}",
        "open-run": f"/-/runs/{waits.id}",
        "cancel-run": f"/-/runs/{waits.id}/cancel",
        "notification": "/-/notifications/1",
        "user": f"/-/users/{find_user(service, 'jonas.weber')}",
        "plan-part": "/-/plan?kind=CreateWebinar&days=7",
        "mistake": "/-/events/paste",
        "refused": "/-/tokens",
        "proof": "/-/users",
    }
    return numbers.get(page, page)
