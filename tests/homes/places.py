"""Homes as their operators set them up: the file of each, its secret, and how people there move an event."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from tests.homes.indico_site import GROUP, IndicoSite
from tests.homes.site import Site
from tests.homes.systems.running import Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.test_pretalx import PretalxSite
from tests.homes.test_wordpress import WordPressSite

_DATE_LINE = re.compile(r"<p>\d{1,2} \w+ \d{4}, [^<]*</p>")


@dataclass(frozen=True, kw_only=True)
class Place(ABC):
    """A part of a real system that no other test uses, with events for everybody and for members.

    `speakers_have_addresses`: the system tells the address of each speaker. `members_enter_closed`: members may open a
    record that visitors may not; else people would have to let them in.
    """

    site: Site
    keys: str  # of the home's file, without kind, url and secret
    secret: tuple[str, str]  # the key of the file that holds it, and the secret
    speakers_have_addresses: bool
    members_enter_closed: bool = True

    @abstractmethod
    def move(self, record_id: str, event: SampleEvent) -> None:
        """A person gives a record the times of `event`."""


class WordPressPlace(Place):
    """The pages below a page."""

    site: WordPressSite

    def move(self, record_id: str, event: SampleEvent) -> None:
        (line,) = _DATE_LINE.findall(event.as_html())
        self.site.edit(record_id, content=_DATE_LINE.sub(line, self.site.content_of(record_id)))


class IndicoPlace(Place):
    """A category."""

    site: IndicoSite

    def move(self, record_id: str, event: SampleEvent) -> None:
        start, end = event.starts_local, event.ends_local
        times = {name: [f"{time:%d %B %Y}", f"{time:%H:%M}"] for name, time in (("start_dt", start), ("end_dt", end))}
        path = f"{self.site.url}/event/{record_id}/manage/settings/dates"
        self.site.admin.post(path, data={**times, "timezone": event.timezone}).raise_for_status()


class PretalxPlace(Place):
    """A conference."""

    site: PretalxSite

    def move(self, record_id: str, event: SampleEvent) -> None:
        self.site.move(record_id, event)
        self.site.release(uuid4().hex[:8])


def _of_wordpress(running: Running) -> Place:
    site, bot = WordPressSite(running, members_see="members of UNGIS"), running.accounts["bot"]
    return WordPressPlace(
        site=site,
        keys=f'login = "{bot.login}"\nparent = "{site.above["parent"]}"\nmembers_see = "members of UNGIS"',
        secret=("application_password_file", bot.token),
        speakers_have_addresses=False,
    )


def _of_indico(running: Running) -> Place:
    site = IndicoSite(running, members=[GROUP]).in_new_category()
    return IndicoPlace(
        site=site,
        keys=f'categories = [{site.running.details["category"]}]\nmembers = ["{GROUP}"]',
        secret=("token_file", running.accounts["bot"].token),
        speakers_have_addresses=False,
        members_enter_closed=False,
    )


def _of_pretalx(running: Running) -> Place:
    site = PretalxSite(running).in_new_conference()
    return PretalxPlace(
        site=site,
        keys=f'event = "{site.slug}"',
        secret=("token_file", running.accounts["bot"].token),
        speakers_have_addresses=True,
    )


PLACES: Mapping[str, Callable[[Running], Place]] = {
    "wordpress": _of_wordpress,
    "indico": _of_indico,
    "pretalx": _of_pretalx,
}
