"""The settings of a Zoom account."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .values import Address, Hosts, Secret, Secrets


class AccountSettings(BaseModel):
    """A Zoom account: its Server-to-Server OAuth app and the hosts it may use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_id: str = Field(min_length=1, description="The app's Account ID.")
    client_id: str = Field(min_length=1, description="The app's Client ID.")
    client_secret: Secret = Field(repr=False, description="The app's Client Secret.")
    webhook_secret: Secrets = Field(
        default=(),
        repr=False,
        description="The app's Secret Token, with which Zoom signs notifications; a JSON list while it is changed.",
    )
    hosts: Hosts = Field(default=(), description="A JSON list: e-mail addresses of the users who may hold webinars.")
    plan: Literal["pro", "business"] = Field(default="pro", description="The plan, which sets Zoom's rate limits.")
    api_url: Address = Field(default="https://api.zoom.us/v2", description="Zoom's API, or the sandbox's.")
    oauth_url: Address = Field(
        default="https://zoom.us/oauth/token",
        description="Where tokens are asked for, or the sandbox's address for it.",
    )
