"""The settings of a webhook: another system that receives messages about events."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..explain import suggest
from ..happenings import KINDS
from ..signing import SigningSecrets
from .values import Address, Texts


def _known_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is nothing called {kind!r} to be told.{suggest(kind, KINDS)}")
    return tuple(dict.fromkeys(kinds))


Kinds = Annotated[Texts, AfterValidator(_known_kinds)]


class WebhookSettings(BaseModel):
    """Another system that receives signed messages about events."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Address = Field(description="Where messages are sent to; nobody is followed who redirects elsewhere.")
    secret: SigningSecrets = Field(
        repr=False,
        description="Signs the messages: `whsec_` and 24 to 64 random bytes in base64; a JSON list of several while"
        " one is replaced, each of which signs.",
    )
    kinds: Kinds = Field(
        default=KINDS,
        description=f"A JSON list of the types of messages that it gets: {', '.join(f'`{kind}`' for kind in KINDS)}.",
        json_schema_extra={"default": "all"},
    )
    audience: Literal["visitor", "member", "operator"] = Field(
        default="visitor",
        description="As whom it reads events: `visitor` gets nothing but what is public; `operator` also gets e-mail"
        " addresses and the webinar's join link.",
    )
    groups: Texts = Field(default=(), description="A JSON list: the groups of an `audience` of `member`.")
