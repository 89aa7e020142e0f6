"""The settings of a site with Wagtail: its page type, the names of its fields, and whom links can be for."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from ..settings import HomeSettings

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
NameOrNone = Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,63})?$")]


class FieldNames(BaseModel):
    """The names of the page type's fields. An empty name is a field that it does not have."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    start: Name = Field(default="start", description="Date and time of the start.")
    end: NameOrNone = Field(default="end", description="Date and time of the end.")
    timezone: NameOrNone = Field(default="timezone", description="The zone, such as Europe/Zurich.")
    venue: NameOrNone = Field(default="venue", description="The place.")
    body: NameOrNone = Field(default="body", description="The description.")
    speakers: NameOrNone = Field(default="speakers", description="The list of speakers.")
    speaker_name: Name = Field(default="name", description="In a row of it: the name.")
    speaker_role: NameOrNone = Field(default="role", description="The role, likewise.")
    speaker_organization: NameOrNone = Field(default="organisation", description="The organisation, likewise.")
    recordings: Name = Field(default="recordings", description="The list of links.")
    key: Name = Field(default="key", description="In a row of it: whose it is; ours begin with `zoom-ops:`.")
    title: Name = Field(default="title", description="The title, likewise.")
    url: Name = Field(default="url", description="The address, likewise.")
    visibility: NameOrNone = Field(default="visibility", description="`public` or `members`, likewise.")
    changed: NameOrNone = Field(default="last_published_at", description="When the page was published last.")
    live: NameOrNone = Field(default="live", description="Whether the page is published.")


class Settings(HomeSettings):
    """The settings of a site with Wagtail."""

    kind: Literal["wagtail"]
    token: SecretStr = Field(repr=False, description="An API token of a user who may change and publish the pages.")
    page_type: str = Field(
        default="events.EventPage",
        pattern=r"^[A-Za-z_]\w{0,99}\.[A-Za-z_]\w{0,99}$",
        description="The app and the model of the pages.",
    )
    section: int | None = Field(default=None, ge=1, description="The id of a page: only pages below it are events.")
    timezone: str = Field(
        default="", max_length=64, description="The zone of all pages, for pages without a field that tells it."
    )
    members: Literal["never", "private_pages"] = Field(
        default="never",
        description="Links for members: `never`; `private_pages`: written to pages that visitors may not see.",
    )
    fields: FieldNames = Field(default=FieldNames(), strict=False, description="The names of the fields.")

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if not (self.timezone or self.fields.timezone):
            raise ValueError("pages need a zone: fields.timezone, or timezone for all of them.")
        if self.members != "never" and not self.fields.visibility:
            raise ValueError("links for members need a field that tells the visibility: fields.visibility.")
        return self
