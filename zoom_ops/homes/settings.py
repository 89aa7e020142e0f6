"""The settings of a home: what every kind has. A kind adds its own in `homes/<kind>/settings.py`."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..linear import split_url
from ..signing import SigningSecrets

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_url(url: str) -> str:
    """Return the base of addresses, without the slash at its end; raise ValueError for what is none."""
    parts = split_url(url.strip())
    is_bare = "@" not in parts.netloc and not parts.query and not parts.fragment and parts.port != 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare or "\\" in url:
        raise ValueError("expected an address such as https://events.example.org, without name, password or question.")
    return url.strip().rstrip("/")


def check_encrypted(url: str, how: str = "use https://") -> None:
    """Raise ValueError for an address to which credentials would travel unencrypted, outside this machine."""
    parts = split_url(url)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(f"credentials would travel unencrypted: {how}.")


class Rule(BaseModel):
    """What a new event of a home gets where its record has a label. The first rule that fits counts."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    label: str = Field(min_length=1, max_length=200, description="A category, tag or calendar of the record; `*`: any.")
    account: str | None = Field(default=None, description="The Zoom account of its webinar.")
    profile: str | None = Field(default=None, description="The profile of its webinar.")
    skip: bool = Field(default=False, description="Such a record is left out: it gets no webinar.")


class HomeSettings(BaseModel):
    """The settings of a home. The fields are the keys of its file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: str = Field(description="The system.")
    url: Annotated[str, AfterValidator(check_url)] = Field(description="Its address; nothing is sent anywhere else.")
    allow_http: bool = Field(
        default=False, description="Whether the address may begin with http:// outside this machine."
    )
    listing: Literal["unlisted", "listed"] = Field(
        default="unlisted",
        description="`unlisted`: our own page of an event is found by its address only. `listed`: also on our lists.",
    )
    protected: Literal["skip", "take"] = Field(
        default="skip",
        description="Records that not everybody may read in the home: `skip` leaves them out; `take` gives them a"
        " webinar and a page of ours, whose recording is for members only.",
    )
    members_open: Literal["sign_in", "key"] = Field(
        default="sign_in",
        description="What a link for members that is written there opens: `sign_in`, our sign-in, for people with an"
        " account here; `key`, the recording itself, for whoever has the link.",
    )
    rules: tuple[Rule, ...] = Field(
        default=(), strict=False, max_length=200, description="What new events get, by label."
    )
    unruled: Literal["take", "skip"] = Field(
        default="take", description="Records that no rule fits: `take` with the default account and profile, or `skip`."
    )
    hook_secret: SigningSecrets = Field(
        default=(),
        repr=False,
        description="Lets the system call us when something changed: `whsec_` and 24 to 64 random bytes in base64; a"
        " JSON list of several while one is replaced.",
    )
    requests_a_minute: int = Field(
        default=600, ge=1, le=6000, description="At most so many requests are sent; half of them may go at once."
    )
    at_once: int = Field(default=10, ge=1, le=20, description="At most so many requests are under way.")

    @property
    def system(self) -> str:
        """The kind and the address: within one system, an id names the same record."""
        return f"{self.kind} {self.url.partition('://')[2].lower()}"

    @property
    def source(self) -> str:
        """A digest of which records it holds: system and the kind's own keys, without secrets, rules and pace."""
        shared = set(HomeSettings.model_fields) - {"kind", "url"}
        return hashlib.sha256(self.model_dump_json(exclude=shared, exclude_defaults=True).encode()).hexdigest()

    @model_validator(mode="after")
    def _encrypts(self) -> Self:
        if not self.allow_http:
            check_encrypted(self.url, "use https://, or say allow_http = true")
        return self


def with_keys(homes: Mapping[str, HomeSettings]) -> frozenset[str]:
    """Return the homes whose links for members have keys."""
    return frozenset(name for name, home in homes.items() if home.members_open == "key")
