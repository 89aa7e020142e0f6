"""What an Indico needs, tried one after the other."""

import re
from collections.abc import Iterator

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..answers import Answer
from ..checks import answers, missing, ok, said, warning
from ..errors import UnauthorizedError
from ..port import Finding
from .client import READING, WRITING, Indico, ScopeError
from .forms import NO_FOLDER
from .members import Members
from .rooms import iter_room_findings
from .settings import Settings

TRIED = "3.3"  # 3.3.14
_VERSION = re.compile(rb'class="version">\s*v(?P<version>\d+\.\d+[\w.-]{0,20})')
_TOKENS = f"make one at My profile → API tokens with the scopes {READING} and {WRITING}"
_TRIED_URL = "https://example.org/zoom-ops-check"
_TRIED_TITLE = "zoom_ops check"


def iter_findings(client: Indico, settings: Settings, members: Members, clock: Clock) -> Iterator[Finding]:
    """Try address, version, clock, token, reading, writing, members and the plugin for Zoom."""
    try:
        page = client.fetch_page()
    except ZoomOpsError as error:
        yield missing("address", f"There is no Indico at this address: {said(error)}.")
        return
    yield from answers("A server", page, _version(page), clock)
    try:
        yield _credentials(client)
    except UnauthorizedError:
        yield missing("credentials", f"Indico does not know the token: {_TOKENS}.")
        return
    except ZoomOpsError as error:
        sentence = f"Indico does not say whom the token stands for: {said(error)}."
        yield warning("credentials", sentence)
    yield from _categories(client, settings)
    yield _writing(client, settings)
    yield from _members(settings, members)
    yield from iter_room_findings(client, settings)


def _version(page: Answer) -> Finding:
    match = _VERSION.search(page.body)
    version = match["version"].decode() if match else ""
    if version == TRIED or version.startswith(f"{TRIED}."):
        return ok("version", f"Indico {version}.")
    if not version:
        sentence = f"The start page does not show the version of Indico; {TRIED} was tried."
        return warning("version", sentence)
    sentence = f"Indico {version} was not tried; {TRIED} was. Its forms may have changed."
    return warning("version", sentence)


def _credentials(client: Indico) -> Finding:
    try:
        user = client.fetch_user()
    except ScopeError:
        user = {}
    if user.get("admin") is True:
        sentence = "The token is of an administrator, who may do everything; make a user of its own for it."
        return warning("credentials", sentence)
    return ok("credentials", "Indico knows the token.")


def _categories(client: Indico, settings: Settings) -> Iterator[Finding]:
    for category in settings.categories:
        try:
            client.fetch_newest((category,), past_days=settings.past_days)
            client.fetch_category(category)
        except ScopeError as error:
            yield missing("reading", _lacks(error))
            return
        except NotFoundError:
            sentence = f"There is no category {category}: its number is in the address of its page."
            yield missing("reading", sentence)
        except ZoomOpsError as error:
            sentence = f"Category {category} cannot be read: {said(error)}. Let the token's user read it."
            yield missing("reading", sentence)
        else:
            yield ok("reading", f"Category {category} can be read.")


def _writing(client: Indico, settings: Settings) -> Finding:
    """Add a link that only managers see to the newest event, and delete it at once."""
    try:
        newest = client.fetch_newest(settings.categories, past_days=settings.past_days)
    except ZoomOpsError:
        newest = None  # told before
    if newest is None:
        sentence = "Whether links can be written shows when there is an event that can be read."
        return warning("writing", sentence)
    event_id = str(newest.get("id"))
    try:
        _try_link(client, event_id, with_groups=bool(settings.members))
        _remove_tried(client, event_id)
    except ScopeError as error:
        return missing("writing", _lacks(error))
    except ZoomOpsError as error:
        return missing("writing", f"Links cannot be written to event {event_id}: {said(error)}.")
    return ok("writing", f"Links can be added and removed, tried in event {event_id}.")


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
        yield ok("members", sentence)
    for name in settings.members:
        try:
            members.find_group(name)
        except ZoomOpsError as error:
            yield missing("members", str(error))
        else:
            yield ok("members", f"{name} may open links for members.")
