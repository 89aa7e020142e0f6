"""What a calendar needs to be a home, tried one after the other."""

from collections.abc import Iterator
from datetime import datetime

from ...errors import ZoomOpsError
from ..checks import check_clock, try_it
from ..errors import StrangeAnswerError
from ..port import Finding
from .client import About, CalDavClient
from .settings import Settings


def check(settings: Settings, client: CalDavClient, now: datetime) -> Iterator[Finding]:
    """Yield what was found. The write that is tried names a version that does not exist, so that it changes nothing."""
    about, finding = try_it("credentials", lambda: _describe(client), "The server answers our login.")
    yield finding
    if about is None:
        return
    yield from check_clock(about.answer, now)
    yield _check_changes(settings, about)
    names, finding = try_it("reading", client.list_all, "The calendar can be read.")
    yield finding
    if names is not None:
        yield from _check_writing(client, names)
    if settings.readers == "members":
        yield _check_members(client)


def _describe(client: CalDavClient) -> About:
    about = client.describe()
    if not about.is_calendar:
        raise StrangeAnswerError("There is no calendar at this path: check calendar in the file of the home")
    return about


def _check_changes(settings: Settings, about: About) -> Finding:
    told = about.token if settings.changes == "sync" else about.ctag
    if told:
        return Finding(what="options", state="ok", sentence="The server tells what has changed.")
    other = "ctag" if settings.changes == "sync" else "sync"
    sentence = f'The server does not tell changes in this way: try changes = "{other}" in the file of the home.'
    return Finding(what="options", state="missing", sentence=sentence)


def _check_writing(client: CalDavClient, names: tuple[str, ...]) -> Iterator[Finding]:
    if not names:
        yield Finding(what="writing", state="warning", sentence="There is no entry yet, so that writing was not tried.")
        return
    content, finding = try_it("reading", lambda: client.read(names[0])[0], "An entry can be read.")
    if content is None:
        yield finding
        return
    yield try_it("writing", lambda: client.try_write(names[0], content), "Our login may write entries.")[1]


def _check_members(client: CalDavClient) -> Finding:
    try:
        is_open = client.is_open()
    except ZoomOpsError as error:
        return Finding(what="members", state="warning", sentence=f"What visitors see was not tried: {error}")
    if is_open:
        sentence = 'Visitors can read this calendar: close it there, or say readers = "everybody".'
        return Finding(what="members", state="missing", sentence=sentence)
    return Finding(what="members", state="ok", sentence="Visitors cannot read this calendar.")
