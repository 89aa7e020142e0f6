"""The settings of a site in WordPress."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from ..settings import HomeSettings

_OF_POSTS = ("category", "tag")
_TERM = r"^[^/?#&\s]{0,200}$"


class Settings(HomeSettings):
    """The settings of a site in WordPress."""

    kind: Literal["wordpress"]
    login: str = Field(pattern=r"^[^:]{1,60}$", description="The user name of the account that zoom_ops works with.")
    application_password: SecretStr = Field(repr=False, description="An application password of that account.")
    type: str = Field(
        default="pages",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$",
        description="What events are there: `pages`, `posts`, or the REST base of a type of its own, such as `events`.",
    )
    category: str = Field(default="", pattern=_TERM, description="Only those in this category: its slug or number.")
    tag: str = Field(default="", pattern=_TERM, description="Only those with this tag: its slug or number.")
    parent: str = Field(default="", pattern=_TERM, description="Only pages right below this page: its slug or number.")
    everything: bool = Field(default=False, description="Every page or post of the site is an event.")
    members_see: str = Field(
        default="",
        max_length=100,
        description="Who reads the private pages and knows the passwords of pages, such as `members of UNGIS`: links"
        " for members are then written to such pages. Empty: a link for members is written nowhere.",
    )

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        for name in (*_OF_POSTS, "parent"):
            if getattr(self, name) and self.type == ("posts" if name == "parent" else "pages"):
                raise ValueError(f"{self.type} have no {name} in WordPress.")
        if self.type in ("pages", "posts") and self.everything == self.is_filtered:
            raise ValueError("expected either a category, a tag or a parent, or everything = true.")
        return self

    @property
    def is_filtered(self) -> bool:
        """Whether only some entries of the type are events."""
        return bool(self.category or self.tag or self.parent)
