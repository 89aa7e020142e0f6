"""What an endpoint depends on: the services behind it, who is there, and in which language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response

from ..access import VISITOR, Reader, Shown
from ..clock import Clock
from ..errors import NotFoundError
from ..identity import Identity, ProvidedSignIn, Who
from ..operations.change_signal import ChangeSignal
from ..operations.notifications.intake import Intake, RawNotification
from ..operations.services import Operations
from ..operations.views.feeds import Feeds
from ..operations.views.programme import Programme
from ..store.audit import Actor
from .branding import Branding
from .i18n import negotiation
from .i18n.catalogs import load_languages
from .i18n.language import ENGLISH, Language


@dataclass(frozen=True, kw_only=True)
class Services:
    """The ways from a request into the service."""

    programme: Programme
    identity: Identity  # who signs in, and who is signed in
    feeds: Feeds
    take_notifications: Callable[
        [Sequence[RawNotification]], Sequence[Intake | Exception]
    ]  # one for each, or its error
    is_ready: Callable[[], tuple[bool, str]]  # otherwise the sentence says why not
    metrics: Callable[[], bytes]  # in Prometheus' text format
    clock: Clock
    installation: str  # its name in ids that others keep
    base_url: str  # the address that readers know, without a slash at its end
    provided: ProvidedSignIn | None = None  # sign-in through a provider, if there is one
    organisation: str = "zoom_ops"
    embed_origins: tuple[str, ...] = ("*",)  # the sites that may show an event's card
    languages: Mapping[str, Language] = field(default_factory=load_languages)  # by code, the site's own first
    branding: Branding = field(default_factory=Branding)
    operations: Operations | None = None  # what operators work with; without it there is neither console nor API
    changed: ChangeSignal | None = None  # rung after a commit; without it pages hear of a change a moment later

    def name_in(self, language: Language) -> str:
        """Tell the name of the organisation in a language."""
        return language.organisation or self.organisation


SESSION = "zoom_ops"  # the cookie that holds the secret of a session


class SignInNeededError(Exception):
    """Nobody is signed in, and somebody has to be."""


class NotAllowedError(Exception):
    """Who is signed in may not do this."""


def services_of(request: Request) -> Services:
    """Get the doors that the application was made with."""
    services: Services = request.app.state.services
    return services


def who_of(request: Request) -> Who | None:
    """Tell who is signed in; looked up once in a request, and only where the browser holds a session."""
    if not hasattr(request.state, "who"):
        request.state.who = None  # also where the look-up fails: the page that says so asks no second time
        secret, services = request.cookies.get(cookie_name(request, SESSION)), services_of(request)
        request.state.who = services.identity.find(secret) if secret else None
    who: Who | None = request.state.who
    return who


def reader_of(request: Request) -> Reader:
    """Tell who is reading, as far as it matters to what may be seen: a visitor where nobody is signed in."""
    who = who_of(request)
    return who.reader if who else VISITOR


def operator_of(request: Request) -> Who:
    """Get the operator who asks: send whoever is not signed in to do so, and refuse members."""
    who = who_of(request)
    if who is None:
        raise SignInNeededError
    if not who.reader.operates:
        raise NotAllowedError
    return who


def actor_of(request: Request, who: Annotated[Who, Depends(operator_of)]) -> Actor:
    """Get the operator who does something, as the audit names him: with the address that he does it from."""
    return who.at(address_of(request))


def operations_of(request: Request) -> Operations:
    """Get what the console works with."""
    operations = services_of(request).operations
    if operations is None:
        raise NotFoundError("console", request.url.path)
    return operations


def address_of(request: Request) -> str | None:
    """Tell the network address that a request comes from."""
    return request.client.host[:100] if request.client else None


def is_console(request: Request) -> bool:
    """Tell whether a request is for the operators' console, which is in English."""
    return request.url.path.startswith("/-/")


def language_of(request: Request) -> Language:
    """Tell the language to answer in."""
    if is_console(request):
        return ENGLISH
    return negotiation.language_of(request, services_of(request).languages)


def is_https(request: Request) -> bool:
    """Tell whether readers reach the pages by https, so that a cookie may be kept off any other way."""
    return services_of(request).base_url.startswith("https://")


def cookie_name(request: Request, name: str) -> str:
    """Name a cookie of ours; by `__Host-` a browser takes it from nobody but this very host, by https."""
    return f"__Host-{name}" if is_https(request) else name


async def keep_nowhere(response: Response) -> None:
    """Have a stream kept by nobody: what it tells is for the reader alone who opened it."""
    response.headers["Cache-Control"] = "private, no-store"


def check_slug(slug: str) -> str:
    """Take the id of an event or series from an address; what cannot be one is not looked for."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", slug):
        raise NotFoundError("event", slug)
    return slug


def read_number(text: str) -> int:
    """Read the number of a page or part; anything else is an address that leads nowhere."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise NotFoundError("page", text)
    return int(text)


def shown_of(request: Request, slug: str) -> Shown:
    """Get the event that an address names, as far as the reader may see it."""
    return services_of(request).programme.get(check_slug(slug), reader_of(request))


async def _services(request: Request) -> Services:
    return services_of(request)


async def _operations(request: Request) -> Operations:
    return operations_of(request)


async def _slug(slug: str) -> str:
    return check_slug(slug)


# What waits for nothing is `async`, and what waits is called by the endpoint: FastAPI takes a thread for each function
# that it depends on.
TheServices = Annotated[Services, Depends(_services)]
TheOperations = Annotated[Operations, Depends(_operations)]
TheSlug = Annotated[str, Depends(_slug)]
TheEvent = Annotated[Shown, Depends(shown_of)]  # for a stream, which runs in no thread
