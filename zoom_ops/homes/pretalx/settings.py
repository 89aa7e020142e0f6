"""The settings of a conference in pretalx."""

from typing import Literal

from pydantic import Field, SecretStr

from ..settings import HomeSettings


class Settings(HomeSettings):
    """The settings of a conference in pretalx."""

    kind: Literal["pretalx"]
    event: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$",
        description="The conference: the part of its address behind that of pretalx.",
    )
    token: SecretStr = Field(repr=False, description="An API token for this conference.")
