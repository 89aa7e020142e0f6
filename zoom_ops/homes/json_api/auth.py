"""How we say to a JSON API who we are."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from ..settings import check_encrypted, check_url
from .parts import Expression, Part

Scheme = Literal["none", "basic", "bearer", "header", "oauth"]
Grant = Literal["refresh_token", "client_credentials", "service_account"]
_NEEDS: dict[Grant, tuple[str, ...]] = {
    "refresh_token": ("client_id", "secret"),
    "client_credentials": ("client_id", "client_secret"),
    "service_account": ("scope", "secret"),
}


def _token_url(url: str) -> str:
    if url:
        check_encrypted(check_url(url))
    return url


class Auth(Part):
    """How we say who we are."""

    scheme: Scheme = Field(
        default="none",
        description="`basic`: user and secret. `bearer`: `Authorization: Bearer SECRET`. `header`: below. `oauth`: a"
        " bearer token that `grant` gets, and that is renewed before it ends.",
    )
    user: str = Field(default="", description="The login, for `basic`.")
    header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$", description="For `header`: its name.")
    prefix: str = Field(default="", description='For `header`: what stands before the secret, such as `"Token "`.')
    secret: SecretStr | None = Field(
        default=None,
        repr=False,
        description="The password or token. For `oauth`: the refresh token, or the JSON of a service account's key.",
    )
    grant: Grant = Field(
        default="refresh_token",
        description="For `oauth`: `refresh_token` (RFC 6749, 6), `client_credentials` (RFC 6749, 4.4), or"
        " `service_account` (RFC 7523, as Google has it).",
    )
    token_url: Annotated[str, AfterValidator(_token_url)] = Field(
        default="", description="For `oauth`: the address that gives tokens. It may be another site than `url`."
    )
    client_id: str = Field(default="", description="For `oauth`: our id as a client.")
    client_secret: SecretStr | None = Field(
        default=None, repr=False, description="For `oauth`: the secret of that client."
    )
    scope: str = Field(default="", description="For `oauth`: what the token is for, where that has to be said.")
    proof: str = Field(
        default="",
        description="A path whose answer says who asks. For an API that answers wrong credentials as it answers"
        " visitors.",
    )
    proven_by: Expression = Field(
        default="@", description="JMESPath into that answer: it gives a value where the credentials are right."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.scheme == "oauth":
            missing = [name for name in ("token_url", *_NEEDS[self.grant]) if not getattr(self, name)]
            if missing:
                raise ValueError(f'grant = "{self.grant}" needs {" and ".join(missing)}.')
        elif self.scheme != "none" and self.secret is None:
            raise ValueError('this way needs a secret: secret_file = "…" or secret_env = "…".')
        return self
