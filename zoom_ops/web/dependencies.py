"""Dependencies of the endpoints: the services, the signed-in user, the language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from ..access import VISITOR, Reader, Shown
from ..clock import Clock
from ..errors import NotFoundError
from ..identity import Identity, ProvidedSignIn, Who
from ..licence import Licence
from ..operations.change_signal import ChangeSignal
from ..operations.notifications.intake import Intake, RawNotification
from ..operations.refusals import Refusals
from ..operations.services import Operations
from ..operations.views.feeds import Feeds
from ..operations.views.programme import Programme
from ..store.audit import Actor
from .branding import Branding
from .i18n import negotiation
from .i18n.catalogs import load_languages
from .i18n.language import ENGLISH, Language
from .reading_slots import ReadingSlots, plan_slots
from .streams.places import StreamPlaces


@dataclass(frozen=True, kw_only=True)
class Services:
    """The services that endpoints call."""

    programme: Programme
    identity: Identity  # sign-in by password, and sessions
    feeds: Feeds
    # returns one result or error for each notification
    take_notifications: Callable[[Sequence[RawNotification]], Sequence[Intake | Exception]]
    # returns the answer to a notification that its account and headers show not to be genuine
    refuse_notification: Callable[[str, Mapping[str, str]], Intake | None]
    is_ready: Callable[[], tuple[bool, str]]  # with the reason if it is not ready
    metrics: Callable[[], bytes]  # in Prometheus' text format
    clock: Clock
    installation: str  # its name in ids that other systems store
    base_url: str  # the public address, without a slash at its end
    provided: ProvidedSignIn | None = None  # sign-in through a provider, if there is one
    organisation: str = "zoom_ops"
    embed_origins: tuple[str, ...] = ("*",)  # the origins that may embed an event's card
    cors_origins: tuple[str, ...] = ()  # the origins whose pages may read what is public
    share_on: tuple[str, ...] = ()  # the networks that an event's page links to
    licence: Licence | None = None  # of texts and recordings
    allowed_hosts: tuple[str, ...] = ()  # under which the site may be asked, beside its own
    transport_security: str | None = None  # tells browsers to use nothing but https, and for how long
    metrics_token: str | None = field(default=None, repr=False)  # who sends it gets metrics and reasons
    security_contact: str | None = None  # the address of who is told of weaknesses
    languages: Mapping[str, Language] = field(default_factory=load_languages)  # by code, the site's default first
    branding: Branding = field(default_factory=Branding)
    operations: Operations | None = None  # for console and API; without it neither exists
    pictures_folder: Path | None = None  # where drawn pictures are kept; without it none is
    reading: ReadingSlots = field(default_factory=ReadingSlots)  # for who reads files
    planning: ReadingSlots = field(default_factory=plan_slots)  # for who looks at plans
    streams: StreamPlaces = field(default_factory=StreamPlaces)  # for open pages that are told of changes
    refusals: Refusals = field(default_factory=Refusals)  # the web layer notes here what it refuses
    changed: ChangeSignal | None = None  # rung after a commit; without it streams notice it at their next poll

    def name_in(self, language: Language) -> str:
        """Return the name of the organisation in a language."""
        return language.organisation or self.organisation


UNOBSERVED: TelemetryConfig = {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}
"""FastAPI's own telemetry, off whatever the environment says: it would send what readers ask for to another system."""

ASKED_AGAIN = "X-Live"  # the header with the digest of the latest answer, where an open page asks for itself again
SESSION = "zoom_ops"  # the cookie with the secret of the session


class SignInNeededError(Exception):
    """The request needs a signed-in user and has none."""


class NotAllowedError(Exception):
    """The signed-in user may not do this; `role` may."""

    def __init__(self, role: str = "operator") -> None:
        super().__init__(role)
        self.role = role


class SecondFactorNeededError(NotAllowedError):
    """The signed-in user may do this once they have added a second factor."""


def services_of(request: Request) -> Services:
    """Return the services that the application was built with."""
    services: Services = request.app.state.services
    return services


def who_of(request: Request) -> Who | None:
    """Return the signed-in user or None. The session is looked up once in a request, and only if there is a cookie."""
    if not hasattr(request.state, "who"):
        request.state.who = None  # set first: if the look-up fails, the error page does not repeat it
        secret, services = request.cookies.get(cookie_name(request, SESSION)), services_of(request)
        request.state.who = services.identity.find(secret, counts=not _asks_by_itself(request)) if secret else None
    who: Who | None = request.state.who
    return who


async def admit_signed_in(scope: Scope) -> None:
    """Raise SignInNeededError unless somebody is signed in. A request without a session takes no thread."""
    request = Request(scope)
    if not holds_session(request) or await run_in_threadpool(who_of, request) is None:
        request.state.speaks = True  # in which language they read is not known, as they may be an author
        raise SignInNeededError


def holds_session(request: Request) -> bool:
    """Return whether the request brings the secret of a session, of whomever, valid or not."""
    return cookie_name(request, SESSION) in request.cookies


def _asks_by_itself(request: Request) -> bool:
    """Return whether an open page asks, perhaps with nobody before it, so that its session still ends when idle."""
    return ASKED_AGAIN in request.headers or request.headers.get("accept") == "text/event-stream"


def reader_of(request: Request) -> Reader:
    """Return the reader, whose role decides what they may see; a visitor if nobody is signed in."""
    who = who_of(request)
    return who.reader if who else VISITOR


def operator_of(request: Request) -> Who:
    """Return the signed-in operator. Raise SignInNeededError without a session, NotAllowedError for members."""
    return _admit(request, lambda reader: reader.operates)


def editor_of(request: Request) -> Who:
    """Return the signed-in operator or author. Raise SignInNeededError or NotAllowedError for anybody else."""
    return _admit(request, lambda reader: reader.reads_drafts)


def admin_of(request: Request) -> Who:
    """Return the signed-in admin. Raise SignInNeededError or NotAllowedError for anybody else, operators too."""
    return _admit(request, lambda reader: reader.administers, "admin")


def user_of(request: Request) -> Who:
    """Return the signed-in user, of whatever role. Raise SignInNeededError without a session."""
    return _admit(request, lambda _: True)


def _admit(request: Request, may_enter: Callable[[Reader], bool], role: str = "operator") -> Who:
    who = who_of(request)
    if who is None:
        raise SignInNeededError
    if not may_enter(who.reader):
        raise SecondFactorNeededError(role) if who.lacks_second_factor else NotAllowedError(role)
    return who


def actor_of(request: Request, who: Annotated[Who, Depends(operator_of)]) -> Actor:
    """Return the operator as the audit log names them: with their network address."""
    return who.at(address_of(request))


def writer_of(request: Request, who: Annotated[Who, Depends(editor_of)]) -> Actor:
    """Return the operator or the author as the audit log names them."""
    return who.at(address_of(request))


def address_of(request: Request) -> str | None:
    """Return the network address of the client, cut to 100 characters."""
    return request.client.host[:100] if request.client else None


def is_console(request: Request) -> bool:
    """Return whether a request is for the console."""
    return request.url.path.startswith("/-/")


async def speak_to_reader(request: Request) -> None:
    """Answer in the language of the reader, as a dependency of pages of the console. Its other pages are in English."""
    request.state.speaks = True


def is_spoken(request: Request) -> bool:
    """Return whether the answer is in the language of the reader: on public pages, and where the console speaks it.

    To authors it always does, also where it refuses.
    """
    return not is_console(request) or getattr(request.state, "speaks", False) or _is_author(request)


def _is_author(request: Request) -> bool:
    who = who_of(request)
    return who is not None and who.is_author


def language_of(request: Request) -> Language:
    """Return the language of the answer."""
    return negotiation.language_of(request, services_of(request).languages) if is_spoken(request) else ENGLISH


def is_https(request: Request) -> bool:
    """Return whether the pages are served over HTTPS, so that cookies can be Secure."""
    return services_of(request).base_url.startswith("https://")


def cookie_name(request: Request, name: str) -> str:
    """Return the name of a cookie; over HTTPS with `__Host-`, so that browsers accept it only from this host."""
    return f"__Host-{name}" if is_https(request) else name


def check_slug(slug: str) -> str:
    """Return the id of an event or series from a path. Raise NotFoundError if it cannot be one."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", slug):
        raise NotFoundError("event", slug)
    return slug


def read_number(text: str) -> int:
    """Parse the number of a page or part. Raise NotFoundError for anything else."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise NotFoundError("page", text)
    return int(text)


def shown_of(request: Request, slug: str) -> Shown:
    """Return what the reader may see of an event. Raise NotFoundError without such an event."""
    return services_of(request).programme.get(check_slug(slug), reader_of(request))


async def _services(request: Request) -> Services:
    return services_of(request)


async def _operations(request: Request) -> Operations:
    operations = services_of(request).operations
    if operations is None:
        raise NotFoundError("console", request.url.path)
    return operations


async def _slug(slug: str) -> str:
    return check_slug(slug)


# FastAPI runs each dependency that is not `async` in a thread. So dependencies that do not block are `async`, and
# endpoints call the blocking functions themselves.
TheServices = Annotated[Services, Depends(_services)]
TheOperations = Annotated[Operations, Depends(_operations)]
TheSlug = Annotated[str, Depends(_slug)]
