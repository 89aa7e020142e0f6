"""The settings of a calendar on a CalDAV server."""

from typing import Literal

from pydantic import Field, SecretStr

from ..settings import HomeSettings


class Settings(HomeSettings):
    """The settings of a calendar. `url` is that of the server."""

    kind: Literal["caldav"]
    calendar: str = Field(
        pattern=r"^/[^?#]*/$", max_length=500, description="The path of the calendar on the server: `/un/events/`."
    )
    user: str = Field(min_length=1, description="The login.")
    password: SecretStr = Field(repr=False, description="Its password, or one for this program alone.")
    changes: Literal["sync", "ctag"] = Field(
        default="sync",
        description="How changes are found. `sync`: the server tells them (RFC 6578). `ctag`: the whole calendar is"
        " read again when anything in it has changed; for a server without sync-collection.",
    )
    readers: Literal["everybody", "members"] = Field(
        description="Who can read this calendar. `members`: visitors cannot, which is tried before a link for members"
        " is written. A calendar that everybody can read gets no link for members.",
    )
    members_see: str = Field(default="", max_length=200, description="Who members are: `members of UNGIS`.")
    page: str = Field(default="", description="The address of an event's page for people, with `{uid}` for its UID.")
