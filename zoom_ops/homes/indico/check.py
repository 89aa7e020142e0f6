"""What an Indico needs, tried one after the other."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..errors import UnauthorizedError
from ..http import Answer
from ..port import Finding
from .client import READING, WRITING, Indico, ScopeError
from .forms import NO_FOLDER
from .members import Members
from .settings import Settings

TRIED = "3.3"  # 3.3.14
_VERSION = re.compile(rb'class="version">\s*v(?P<version>\d+\.\d+[\w.-]{0,20})')
_MOST_SECONDS = 60  # between the clocks
_TOKENS = f"make one at My profile → API tokens with the scopes {READING} and {WRITING}"
_TRIED_URL = "https://example.org/zoom-ops-check"
_TRIED_TITLE = "zoom_ops check"


def iter_findings(client: Indico, settings: Settings, members: Members, clock: Clock) -> Iterator[Finding]:
    """Try address, version, clock, token, reading, writing and members."""
    try:
        page = client.fetch_page()
    except ZoomOpsError as error:
        yield Finding(what="address", state="missing", sentence=f"There is no Indico at this address: {error}")
        return
    yield Finding(what="address", state="ok", sentence="A server answers at this address.")
    yield _version(page)
    yield _clock(page, clock)
    try:
        yield _credentials(client)
    except UnauthorizedError:
        yield Finding(what="credentials", state="missing", sentence=f"Indico does not know the token: {_TOKENS}.")
        return
    except ZoomOpsError as error:
        sentence = f"Indico does not say whom the token stands for: {error}"
        yield Finding(what="credentials", state="warning", sentence=sentence)
    yield from _categories(client, settings)
    yield _writing(client, settings)
    yield from _members(settings, members)


def _version(page: Answer) -> Finding:
    match = _VERSION.search(page.body)
    version = match["version"].decode() if match else ""
    if version == TRIED or version.startswith(f"{TRIED}."):
        return Finding(what="version", state="ok", sentence=f"Indico {version}.")
    if not version:
        sentence = f"The start page does not show the version of Indico; {TRIED} was tried."
        return Finding(what="version", state="warning", sentence=sentence)
    sentence = f"Indico {version} was not tried; {TRIED} was. Its forms may have changed."
    return Finding(what="version", state="warning", sentence=sentence)


def _clock(page: Answer, clock: Clock) -> Finding:
    try:
        there = parsedate_to_datetime(page.headers.get("date", ""))
        seconds = abs((there - clock.now()).total_seconds())
    except (TypeError, ValueError):
        return Finding(what="clock", state="warning", sentence="Indico does not tell its time.")
    if seconds > _MOST_SECONDS:
        sentence = f"The clocks differ by {seconds:.0f} seconds; set them by NTP."
        return Finding(what="clock", state="warning", sentence=sentence)
    return Finding(what="clock", state="ok", sentence="The clocks agree.")


def _credentials(client: Indico) -> Finding:
    try:
        user = client.fetch_user()
    except ScopeError:
        user = {}
    if user.get("admin") is True:
        sentence = "The token is of an administrator, who may do everything; make a user of its own for it."
        return Finding(what="credentials", state="warning", sentence=sentence)
    return Finding(what="credentials", state="ok", sentence="Indico knows the token.")


def _categories(client: Indico, settings: Settings) -> Iterator[Finding]:
    for category in settings.categories:
        try:
            client.fetch_newest((category,), past_days=settings.past_days)
            client.fetch_category(category)
        except ScopeError as error:
            yield Finding(what="reading", state="missing", sentence=_lacks(error))
            return
        except NotFoundError:
            sentence = f"There is no category {category}: its number is in the address of its page."
            yield Finding(what="reading", state="missing", sentence=sentence)
        except ZoomOpsError as error:
            sentence = f"Category {category} cannot be read: {error} Let the token's user read it."
            yield Finding(what="reading", state="missing", sentence=sentence)
        else:
            yield Finding(what="reading", state="ok", sentence=f"Category {category} can be read.")


def _writing(client: Indico, settings: Settings) -> Finding:
    """Add a link that only managers see to the newest event, and delete it at once."""
    try:
        newest = client.fetch_newest(settings.categories, past_days=settings.past_days)
    except ZoomOpsError:
        newest = None  # told before
    if newest is None:
        sentence = "Whether links can be written shows when there is an event that can be read."
        return Finding(what="writing", state="warning", sentence=sentence)
    event_id = str(newest.get("id"))
    try:
        _try_link(client, event_id, with_groups=bool(settings.members))
        _remove_tried(client, event_id)
    except ScopeError as error:
        return Finding(what="writing", state="missing", sentence=_lacks(error))
    except ZoomOpsError as error:
        sentence = (
            f"Links cannot be written: {error} Give the token's user the permission Submission on event {event_id},"
            " or make it a manager of the category."
        )
        return Finding(what="writing", state="missing", sentence=sentence)
    return Finding(what="writing", state="ok", sentence=f"Links can be added and removed, tried in event {event_id}.")


def _lacks(error: ScopeError) -> str:
    return f"The token lacks the scope {error.scope}: {_TOKENS}."


def _try_link(client: Indico, event_id: str, *, with_groups: bool) -> None:
    _remove_tried(client, event_id)
    form = client.fetch_new_form(event_id, with_groups=with_groups)
    fields = {"title": _TRIED_TITLE, "link_url": _TRIED_URL, "folder": NO_FOLDER, "protected": "y", "acl": "[]"}
    client.add_link(event_id, form.filled(fields))


def _remove_tried(client: Indico, event_id: str) -> None:
    """Remove the link, and those of checks that were broken off."""
    for material in client.fetch_materials(event_id)[0]:
        if (material.title, material.url) == (_TRIED_TITLE, _TRIED_URL):
            client.delete_link(event_id, material)


def _members(settings: Settings, members: Members) -> Iterator[Finding]:
    if not settings.members:
        sentence = "No members are named, so recordings for members get no link here."
        yield Finding(what="members", state="ok", sentence=sentence)
    for name in settings.members:
        try:
            members.find_group(name)
        except ZoomOpsError as error:
            yield Finding(what="members", state="missing", sentence=str(error))
        else:
            yield Finding(what="members", state="ok", sentence=f"{name} may open links for members.")
