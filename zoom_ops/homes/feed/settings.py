"""The settings of files of events at web addresses."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from ..settings import HomeSettings

Path = Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=1_000)]


class Settings(HomeSettings):
    """The settings of one or several files. `url` is the site that they are on."""

    kind: Literal["feed"]
    paths: tuple[Path, ...] = Field(
        strict=False,
        min_length=1,
        max_length=50,
        description="The addresses of the files, below `url`: `/events.ics`. Each is also the label of its records.",
    )
    token: SecretStr | None = Field(
        default=None,
        repr=False,
        description="The whole value of a header with each request, such as `Bearer abc`. What is not served without"
        " it is not public.",
    )
    token_header: str = Field(
        default="Authorization", pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$", description="The name of that header."
    )

    @model_validator(mode="after")
    def _fits_in_a_header(self) -> Self:
        secret = self.token.get_secret_value() if self.token else "-"
        if not secret.strip() or not secret.isascii() or not secret.isprintable():
            raise ValueError("token: expected one line of ASCII characters, such as Bearer abc.")
        if len(set(self.paths)) < len(self.paths):
            raise ValueError("paths: each address is named once.")
        return self
