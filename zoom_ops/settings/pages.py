"""The settings of the pages: where they are served, how they look, what other sites may do with them."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field
from pydantic_settings import BaseSettings

from .values import (
    LANGUAGES,
    Address,
    Colour,
    Contact,
    ContentLicence,
    HostNames,
    Languages,
    Listen,
    LongSecret,
    Network,
    Origins,
    ShareOn,
)


class PageSettings(BaseSettings):
    """The part of the settings that is about pages."""

    listen: Listen = Field(default="127.0.0.1:8000", description="Where the pages are served: host and port.")
    max_connections: int = Field(
        default=4000,
        ge=20,
        le=100_000,
        description="Connections that are open at once. Beyond them, those that wait for their client give way. A lower"
        " limit of open files lowers it, as a log line tells.",
    )
    streams: int = Field(
        default=2000,
        ge=1,
        le=50_000,
        description="Open pages that are told of changes at once, at most half of `MAX_CONNECTIONS`; each takes 20 kB."
        " Other pages ask by themselves now and then.",
    )
    streams_per_address: int = Field(
        default=20,
        ge=1,
        le=50_000,
        description="How many of them one client address may have, or one IPv6 network of 64 bits. Behind a proxy, set"
        " `TRUSTED_PROXIES`, or all readers share one address.",
    )
    base_url: Address = Field(
        default_factory=lambda values: f"http://{values['listen'].replace('0.0.0.0:', '127.0.0.1:')}",
        description="The address under which readers reach the pages; published links begin with it.",
        json_schema_extra={"default": "from `LISTEN`"},
    )
    allowed_hosts: HostNames = Field(
        default=(),
        description="A JSON list: further hosts under which the service may be asked, such as `zoom-ops` inside a"
        " cluster. The host of `BASE_URL`, `localhost`, `127.0.0.1` and `[::1]` always are; another one gets 421.",
    )
    hsts: Literal["on", "subdomains", "off"] = Field(
        default="on",
        description="Whether browsers are told to use nothing but https for a year, where `BASE_URL` is https;"
        " `subdomains`: for all hosts below that of `BASE_URL` too.",
    )
    metrics_token: LongSecret | None = Field(
        default=None,
        repr=False,
        description="At least 16 characters. Who sends it (`Authorization: Bearer …`) gets `/metrics`, and the reason"
        " at `/ready`; without it nobody does.",
    )
    security_contact: Contact | None = Field(
        default=None,
        description="Who is told of weaknesses, in `/.well-known/security.txt`: an e-mail address, or the `https://`"
        " address of a page.",
        json_schema_extra={"default": "none: no such file"},
    )
    recording_hosts: HostNames = Field(
        default=(),
        description="A JSON list: further hosts at which recordings may play. Those of Zoom always may; a link to"
        " another one is not published, and an alert names it.",
    )
    organisation: str = Field(default="zoom_ops", description="The name at the head of every page.")
    logo: Path | None = Field(
        default=None,
        description="A picture (SVG, PNG, JPEG or WebP) that stands in place of the name; it should show the name.",
    )
    logo_dark: Path | None = Field(default=None, description="The same for the dark scheme.")
    accent: Colour | None = Field(
        default=None,
        description="The colour of links and buttons, such as `#0a4d8c`; if it cannot be read, the nearest that can.",
        json_schema_extra={"default": "a blue"},
    )
    accent_dark: Colour | None = Field(
        default=None,
        description="The same for the dark scheme.",
        json_schema_extra={"default": "from `ACCENT`"},
    )
    languages: Languages = Field(
        default=LANGUAGES,
        description="The languages that the pages are offered in, a JSON list; the first is spoken to whoever asks for"
        " none of them.",
        json_schema_extra={"default": "all six: " + ", ".join(f"`{code}`" for code in LANGUAGES)},
    )
    embed_origins: Origins = Field(
        default=("*",),
        description="A JSON list: the sites whose pages may show an event's card, such as `https://www.example.org`;"
        " `*` is every site, `[]` none.",
    )
    cors_origins: Origins = Field(
        default=(),
        description="A JSON list: the sites whose pages may read public JSON, calendars, feeds by script (CORS), such"
        " as `https://www.example.org`; `*` is every site, `[]` none. Never with the session of a reader.",
    )
    picture_hosts: HostNames = Field(
        default=(),
        description="A JSON list: the hosts from which pictures of events may be fetched, such as `www.example.org`;"
        " `[]`: none, pictures are only uploaded.",
    )
    share_on: ShareOn = Field(
        default=("linkedin", "whatsapp"),
        description="A JSON list: the networks that an event's page links to under *Share*, of "
        + ", ".join(f"`{name}`" for name in get_args(Network))
        + "; `[]` leaves the link and e-mail. Nothing is loaded from them.",
        json_schema_extra={"default": "`linkedin`, `whatsapp`"},
    )
    content_licence: ContentLicence | None = Field(
        default=None,
        description="The licence of texts and recordings, named on event pages and in feeds: the SPDX id of a Creative"
        " Commons licence, such as `CC-BY-4.0` or `CC-BY-3.0-IGO`; or words, then the address of the terms if any.",
        json_schema_extra={"default": "none is named"},
    )

    @property
    def listen_host(self) -> str:
        """The host in `listen`."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        """The port in `listen`."""
        return int(self.listen.rpartition(":")[2])

    @property
    def listens_openly(self) -> bool:
        """Whether other machines reach the port in `listen`."""
        try:
            return not ip_address(self.listen_host).is_loopback
        except ValueError:
            return self.listen_host != "localhost"

    @property
    def metrics_secret(self) -> str | None:
        """The text of `metrics_token`."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None
