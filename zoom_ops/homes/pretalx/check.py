"""What a conference in pretalx needs, tried one after the other."""

from collections.abc import Iterator

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..checks import answers, missing, ok, said, warning
from ..errors import MissingRightError, UnauthorizedError
from ..port import Finding
from ..values import Fields, text
from .client import TRIED, VERSION, Conference, Pretalx

_TOKENS = "Make one in pretalx at your name → API tokens, valid for this conference"
_RIGHTS = "give the token list and retrieve on events, submissions, slots and speakers"


def iter_findings(client: Pretalx, clock: Clock) -> Iterator[Finding]:
    """Try address, version, clock, token, reading, consent, members and writing. Nothing is written."""
    try:
        root = client.fetch_root()
        fields = root.json_object()
    except ZoomOpsError as error:
        yield missing("address", f"There is no API of pretalx: {said(error)}.")
        return
    if fields.get("name") != "pretalx":
        sentence = "There is another system at this address; expected pretalx, without the name of the conference."
        yield missing("address", sentence)
        return
    yield from answers("pretalx", root, _version(fields), clock)
    yield from _reading(client)


def _version(fields: Fields) -> Finding:
    version, api = text(fields.get("version"))[:40], text(fields.get("api_version"))[:10]
    if api and api != VERSION:
        sentence = f"pretalx {version} has the API {api}; {VERSION} is asked for, as in pretalx {TRIED}."
        return warning("version", sentence)
    if version.split(".")[:1] != TRIED.split(".")[:1]:
        sentence = f"pretalx {version or 'of this version'} was not tried; {TRIED} was."
        return warning("version", sentence)
    return ok("version", f"pretalx {version}.")


def _reading(client: Pretalx) -> Iterator[Finding]:
    try:
        conference = client.fetch_conference()
        session = client.fetch_first()
    except UnauthorizedError:
        yield missing("credentials", f"pretalx does not know the token. {_TOKENS}.")
        return
    except (MissingRightError, NotFoundError):
        yield ok("credentials", "pretalx knows the token.")
        sentence = f"The token may not read the conference {client.event}: is this its name? If so, {_RIGHTS}."
        yield missing("reading", sentence)
        return
    except ZoomOpsError as error:
        sentence = f"The conference {client.event} cannot be read; is this its name? {said(error)}."
        yield missing("reading", sentence)
        return
    yield ok("credentials", "pretalx knows the token.")
    yield ok("reading", f"The sessions of {client.event} can be read.")
    yield from _options(conference, session)
    yield from _writing(client, session)


def _options(conference: Conference, session: Fields | None) -> Iterator[Finding]:
    if session is not None and "do_not_record" not in session:
        sentence = "Speakers are not asked whether they want a recording: add the field in CfP, Editor."
        yield warning("options", sentence)
    if not conference.is_open:
        sentence = 'Visitors cannot see the schedule, so its sessions are left out unless protected = "take".'
        yield warning("options", sentence)
    sentence = (
        "Only organisers and the speakers of the session can see links for members: in its form, and only where the"
        " field Resources was added in CfP, Editor."
    )
    yield ok("members", sentence)


def _writing(client: Pretalx, session: Fields | None) -> Iterator[Finding]:
    if session is None:
        sentence = "Whether links can be written shows when there is an accepted session."
        yield warning("writing", sentence)
        return
    try:
        client.try_writing(text(session.get("code")))
    except ZoomOpsError as error:
        sentence = (
            f"Links cannot be written: {said(error)}. Give the token “Additional actions” on submissions, and put its"
            " user in a team that may change proposals."
        )
        yield missing("writing", sentence)
    else:
        yield ok("writing", "Links can be added and removed.")
