"""The settings of sign-in through an OpenID Connect provider."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from .values import Address, Secret, Texts

ANYBODY = "*"


def _no_wildcard(values: tuple[str, ...]) -> tuple[str, ...]:
    if ANYBODY in values:
        raise ValueError(f"{ANYBODY} would let everybody in whom the provider knows; name the values.")
    return values


def _has_openid(scopes: tuple[str, ...]) -> tuple[str, ...]:
    if "openid" not in scopes:
        raise ValueError("expected `openid` among the scopes: without it nobody is told who signs in.")
    return scopes


Named = Annotated[Texts, AfterValidator(_no_wildcard)]
Scopes = Annotated[Texts, AfterValidator(_has_openid)]


class OidcSettings(BaseModel):
    """An OpenID Connect provider, and the claims that make a user a member, an author, an operator or an admin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    discovery_url: Address = Field(
        description="The provider's address that ends in `/.well-known/openid-configuration`."
    )
    client_id: str = Field(min_length=1, description="How the provider knows this service.")
    client_secret: Secret = Field(repr=False, description="What this service shows to the provider.")
    label: str = Field(
        default="my organisation",
        min_length=1,
        description="Whose account it is, as in *Sign in with my organisation*.",
    )
    scopes: Scopes = Field(
        default=("openid", "profile", "email"),
        description="A JSON list: what the provider is asked for; with `openid`.",
    )
    role_claim: str = Field(
        default="groups",
        min_length=1,
        description="The claim that makes somebody more than a visitor; a dotted path leads into one, as in"
        " `realm_access.roles`.",
    )
    member_values: Texts = Field(
        default=(),
        description="A JSON list: which values of it make a member; `*` makes one of everybody whom the provider"
        " knows.",
    )
    author_values: Named = Field(
        default=(), description="A JSON list: which values make an author, a member who also writes drafts."
    )
    operator_values: Named = Field(default=(), description="A JSON list: which values make an operator.")
    admin_values: Named = Field(default=(), description="A JSON list: which values make an admin.")
    groups_claim: str = Field(
        default="groups", min_length=1, description="The claim that names the groups of a member; a path, as above."
    )
    login_claim: str = Field(
        default="preferred_username",
        min_length=1,
        description="The claim that gives the name in the audit; without it, the e-mail address, or the provider's own"
        " number of the person.",
    )
    hosts: Texts = Field(
        default=(),
        description="A JSON list: hosts at which the provider may be asked, beside that of `DISCOVERY_URL`.",
    )
