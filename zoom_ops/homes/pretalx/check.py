"""What a conference in pretalx needs, tried one after the other."""

from collections.abc import Iterator

from ...clock import Clock
from ...errors import NotFoundError, ZoomOpsError
from ..checks import check_clock
from ..errors import HomeDownError, MissingRightError, StrangeAnswerError, UnauthorizedError
from ..port import Finding
from .client import TRIED, VERSION, Conference, Fields, Pretalx, text

_TOKENS = "Make one in pretalx at your name → API tokens, valid for this conference"
_RIGHTS = "give the token list and retrieve on events, submissions, slots and speakers"


def iter_findings(client: Pretalx, clock: Clock) -> Iterator[Finding]:
    """Try address, version, clock, token, reading, consent, members and writing. Nothing is written."""
    try:
        root = client.fetch_root()
        fields = root.json_object()
    except (ZoomOpsError, NotFoundError) as error:
        yield Finding(what="address", state="missing", sentence=f"There is no API of pretalx: {error}")
        return
    if fields.get("name") != "pretalx":
        sentence = "There is another system at this address; expected pretalx, without the name of the conference."
        yield Finding(what="address", state="missing", sentence=sentence)
        return
    yield Finding(what="address", state="ok", sentence="pretalx answers.")
    yield _version(fields)
    yield from check_clock(root, clock.now())
    yield from _reading(client)


def _version(fields: Fields) -> Finding:
    version, api = text(fields.get("version"))[:40], text(fields.get("api_version"))[:10]
    if api and api != VERSION:
        sentence = f"pretalx {version} has the API {api}; {VERSION} is asked for, as in pretalx {TRIED}."
        return Finding(what="version", state="warning", sentence=sentence)
    if version.split(".")[:1] != TRIED.split(".")[:1]:
        sentence = f"pretalx {version or 'of this version'} was not tried; {TRIED} was."
        return Finding(what="version", state="warning", sentence=sentence)
    return Finding(what="version", state="ok", sentence=f"pretalx {version}.")


def _reading(client: Pretalx) -> Iterator[Finding]:
    try:
        conference = client.fetch_conference()
        session = client.fetch_first()
    except UnauthorizedError:
        yield Finding(what="credentials", state="missing", sentence=f"pretalx does not know the token. {_TOKENS}.")
        return
    except (MissingRightError, NotFoundError):
        yield Finding(what="credentials", state="ok", sentence="pretalx knows the token.")
        sentence = f"The token may not read the conference {client.event}: is this its name? If so, {_RIGHTS}."
        yield Finding(what="reading", state="missing", sentence=sentence)
        return
    except (HomeDownError, StrangeAnswerError) as error:
        sentence = f"The conference {client.event} cannot be read; is this its name? {error}"
        yield Finding(what="reading", state="missing", sentence=sentence)
        return
    yield Finding(what="credentials", state="ok", sentence="pretalx knows the token.")
    yield Finding(what="reading", state="ok", sentence=f"The sessions of {client.event} can be read.")
    yield from _options(conference, session)
    yield from _writing(client, session)


def _options(conference: Conference, session: Fields | None) -> Iterator[Finding]:
    if session is not None and "do_not_record" not in session:
        sentence = "Speakers are not asked whether they want a recording: switch the field on in the call for papers."
        yield Finding(what="options", state="warning", sentence=sentence)
    if not conference.is_open:
        sentence = 'Visitors cannot see the schedule, so its sessions are left out unless protected = "take".'
        yield Finding(what="options", state="warning", sentence=sentence)
    sentence = "Links for members are seen by the organisers and by the speakers of the session only."
    yield Finding(what="members", state="ok", sentence=sentence)


def _writing(client: Pretalx, session: Fields | None) -> Iterator[Finding]:
    if session is None:
        sentence = "Whether links can be written shows when there is an accepted session."
        yield Finding(what="writing", state="warning", sentence=sentence)
    elif client.may_write(text(session.get("code"))):
        yield Finding(what="writing", state="ok", sentence="Links can be added and removed.")
    else:
        sentence = (
            "Links cannot be written: give the token “Additional actions” on submissions, and put its user"
            " in a team that may change proposals."
        )
        yield Finding(what="writing", state="missing", sentence=sentence)
