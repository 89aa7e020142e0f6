"""The settings of an Indico."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from ..settings import HomeSettings

_GROUP = Annotated[str, Field(min_length=1, max_length=200)]


class Settings(HomeSettings):
    """The settings of an Indico."""

    kind: Literal["indico"]
    token: SecretStr = Field(
        repr=False, description="A personal token with the scopes read:legacy_api and full:everything."
    )
    categories: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        strict=False, min_length=1, max_length=50, description="The numbers of the categories; their subcategories too."
    )
    past_days: int = Field(
        default=30, ge=0, le=999, description="Events that ended earlier are not listed; links are written to them too."
    )
    members: tuple[_GROUP, ...] = Field(
        default=(),
        strict=False,
        max_length=20,
        description="The groups that may open links for members: by name, or as Group::1. None: no such links.",
    )
    hide_titles: bool = Field(
        default=False, description="Whether visitors do not see the titles of links for members either."
    )
    members_folder: str = Field(
        default="Recordings for members",
        min_length=1,
        max_length=100,
        description="The title of the folder of such links, with hide_titles.",
    )
    zoom_plugin: bool = Field(
        default=False,
        description="Whether the webinars are made by Indico's own plugin for Zoom: they are adopted, and no second"
        " one is made.",
    )
    zoom_plugin_hours: int = Field(
        default=48, ge=0, le=8760, description="So many hours before the start the plugin's webinar is awaited."
    )
    zoom_plugin_late: Literal["ask", "make"] = Field(
        default="ask",
        description="What is done then where there is none: `ask` an operator, or `make` one of ours, with an alert,"
        " if our user manages the event and so sees that it has none.",
    )
    page_size: int = Field(default=300, ge=20, le=500, description="At most so many events are in one answer.")

    @model_validator(mode="after")
    def _hides_for_somebody(self) -> "Settings":
        if self.hide_titles and not self.members:
            raise ValueError("hide_titles: it needs members, the groups that may see the links.")
        return self
