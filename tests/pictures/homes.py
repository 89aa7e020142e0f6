"""Pictures of the real Indico, WordPress and pretalx with links of ours, as visitors and members see them."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from playwright.sync_api import Browser

from tests.homes.life import Life, live
from tests.homes.systems.indico.events import log_in as log_in_to_indico
from tests.homes.systems.pretalx.events import log_in as log_in_to_pretalx
from tests.homes.systems.running import Account, Running
from tests.homes.systems.starting import Starting
from tests.homes.systems.wordpress.events import log_in as log_in_to_wordpress
from tests.pictures.camera import take
from tests.pictures.catalogue import FOLDER, HomePicture
from tests.waiting import wait_until
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade

_LOG_IN: Mapping[str, Callable[[Running, Account], requests.Session]] = {
    "indico": log_in_to_indico,
    "pretalx": log_in_to_pretalx,
    "wordpress": log_in_to_wordpress,
}
_RECORDING = {"kind": "recording", "title": "Recording", "visibility": "members", "state": "expected"}


@dataclass(frozen=True, kw_only=True)
class _Records:
    """A record with a public recording, and one with a recording for members; the member's cookies."""

    system: Running
    public: str
    members: str
    cookies: Mapping[str, str]

    def address_of(self, picture: HomePicture) -> str:
        """Return the address of the page that a picture shows."""
        record = self.members if picture.recording == "members" else self.public
        return picture.address.format(url=self.system.url, record=record, **self.system.details)


def photograph_homes(browser: Browser, pictures: Iterable[HomePicture]) -> None:
    """Start the systems of some pictures one after the other, and photograph their pages."""
    wanted = list(pictures)
    for name in dict.fromkeys(picture.system for picture in wanted):
        with _publish_in(name) as records:
            for picture in wanted:
                if picture.system == name:
                    _photograph(browser, picture, records)


def _photograph(browser: Browser, picture: HomePicture, records: _Records) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": 800}, reduced_motion="reduce", locale="en-GB"
    )
    if picture.member:
        cookies = [{"name": name, "value": value} for name, value in records.cookies.items()]
        context.add_cookies([{**cookie, "url": records.system.url} for cookie in cookies])  # type: ignore[typeddict-item]
    page = context.new_page()
    page.goto(records.address_of(picture))
    if picture.opens:
        with context.expect_page() as opened:
            page.locator(picture.opens).click()
        page = opened.value
        page.wait_for_load_state()
    take(page, FOLDER / picture.file, picture.within, picture.height)
    context.close()


@contextmanager
def _publish_in(name: str) -> Iterator[_Records]:
    """Start a system, and let a service make two webinars for it and publish their recordings there."""
    with tempfile.TemporaryDirectory() as folder:
        starting = Starting(name, Path(folder) / name)
        try:
            with live(starting.wait(), Path(folder), _migrate(Path(folder) / "empty.db")) as life:
                yield _publish(life)
        finally:
            starting.stop()


def _publish(life: Life) -> _Records:
    public, public_id = life.make(life.sample())
    hidden = life.site.running.system == "wordpress"  # it hides whole pages only
    members, members_id = life.make(life.sample(), closed=hidden)
    if not hidden:
        _keep_for_members(life, members_id)
    for event_id in (public_id, members_id):
        life.hold(event_id)
        life.await_link(event_id)
    system = life.site.running
    session = _LOG_IN[system.system](system, system.accounts["member"])
    return _Records(system=system, public=public, members=members, cookies=session.cookies.get_dict())


def _keep_for_members(life: Life, event_id: str) -> None:
    """Say that the recording of an event is for members, as operators do in the console."""
    made = life.run("tokens", "add", "pictures", "--scope", "events:write", "--json").json
    headers = {"authorization": f"Bearer {made['token']}", "content-type": "application/merge-patch+json"}
    address = f"{life.daemon.url}/api/v1/events/{event_id}"
    answer = requests.patch(address, json={"attachments": [_RECORDING]}, headers=headers, timeout=60)
    assert answer.ok, answer.text
    wait_until(lambda: life.shown(event_id)["webinar"], lambda: life.daemon.log)


def _migrate(path: Path) -> Path:
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path
