"""What the web needs of the rest, handed in by whoever starts it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..clock import Clock
from ..operations.bell import ChangeBell
from ..operations.desk import Desk
from ..operations.feeds import Feeds
from ..operations.identity import Identity, ProvidedSignIn
from ..operations.notifications import Arrived, Intake
from ..operations.programme import Programme
from .branding import Branding
from .catalogs import load_languages
from .language import Language


@dataclass(frozen=True, kw_only=True)
class Doors:
    """The ways from a request into the service."""

    programme: Programme
    identity: Identity  # who signs in, and who is signed in
    feeds: Feeds
    take_notifications: Callable[[Sequence[Arrived]], Sequence[Intake | Exception]]  # one for each, or its error
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
    desk: Desk | None = None  # what operators work with; without it there is neither console nor API
    changed: ChangeBell | None = None  # rung after a commit; without it pages hear of a change a moment later

    def name_in(self, language: Language) -> str:
        """Tell the name of the organisation in a language."""
        return language.organisation or self.organisation
