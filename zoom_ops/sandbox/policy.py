"""What an account at Zoom allows: locked settings, inherited defaults, licences, rights, recordings.

A policy is a TOML file (`zoom-ops sandbox --policy FILE`) or the body of `POST /_sandbox/policy`. Whatever it leaves
out behaves as at the strictest ordinary account.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ..errors import BadInputError
from ..explain import suggest
from ..toml import parse_toml
from .default_settings import DEFAULT_SETTINGS

Right = Literal["User:Read", "User:Edit", "Recording:Read", "UsageReport:Read"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsPolicy(_Table):
    """Settings of webinars. Names are dotted: `question_and_answer.enable`."""

    locked: dict[str, Any] = Field(default={}, description="Settings with the only value that Zoom keeps.")
    inherited: dict[str, Any] = Field(default={}, description="What a new webinar gets for a setting left out.")

    @field_validator("locked", "inherited")
    @classmethod
    def _known(cls, settings: dict[str, Any]) -> dict[str, Any]:
        for name in flattened(settings):
            if complaint := _find_unknown(name):
                raise ValueError(complaint)
        return settings


class LicencesPolicy(_Table):
    """Licences of the hosts, as the `feature` object of their settings names them."""

    kind: str = Field(default="webinar", min_length=1, description="The licence that licensed hosts have.")
    of: dict[str, str] = Field(default={}, description="Another kind for some hosts, by address.")
    capacities: tuple[int, ...] = Field(default=(), description="Attendees of `…_capacities`; empty: the user's own.")
    reply_capacity: int | None = Field(default=None, ge=1, description="The capacity that replies about webinars name.")
    without: tuple[str, ...] = Field(default=(), description="Hosts that have lost their licence, by address.")
    deactivated: tuple[str, ...] = Field(default=(), description="Deactivated users, by address.")


class UndocumentedPolicy(_Table):
    """What no source tells of Zoom, and `zoom-ops rehearse` measures."""

    nested_settings: Literal["kept", "reset"] = Field(
        default="kept", description="What becomes of the parts of `question_and_answer` that a change leaves out."
    )
    host_as_panelist: Literal["seated", "refused"] = Field(default="seated", description="The host among panelists.")
    same_address: Literal["one seat", "two seats", "refused"] = Field(
        default="one seat", description="A panelist whose address is added again."
    )
    unseated: Literal["204", "refused"] = Field(default="204", description="Removal of somebody without a seat.")
    instances_of_none: Literal["none", "404"] = Field(default="none", description="Instances before the first one.")
    list_lag_s: float = Field(default=0, ge=0, le=3600, description="Seconds until lists show a new webinar.")


class RecordingsPolicy(_Table):
    """Cloud recordings."""

    auto_delete_days: int = Field(
        default=120, ge=0, le=3650, description="After so many days Zoom moves a recording to its trash; 0: never."
    )
    auto_delete_tells: bool = Field(default=False, description="Whether a notification tells of it.")
    rehearsal_recorded: bool = Field(
        default=True, description="The recording of an instance begins with its rehearsal, not with its broadcast."
    )
    practice_session_means: Literal["used", "this_session"] = Field(
        default="used",
        description="`webinar.ended` says practice_session where the feature was `used` in an instance, also before its"
        " broadcast; or where `this_session` was nothing but practice.",
    )
    half_ready: bool = Field(
        default=False, description="While Zoom processes a recording, answers show it with rows that say nothing yet."
    )
    external_storage: str = Field(
        default="", description="`external_storage_addr` of each recording: the account keeps them in its own storage."
    )
    share: Literal["publicly", "internally", "none"] = Field(
        default="publicly", description="With whom a new recording is shared."
    )
    authentication: bool = Field(default=False, description="Viewers of a new recording sign in to Zoom.")
    on_demand: bool = Field(default=False, description="Viewers of a new recording register first.")
    viewer_download: bool = Field(default=True, description="Viewers of a new recording may download it.")
    passcode_required: bool = Field(default=True, description="A new recording has a passcode.")
    passcode_right: bool = Field(
        default=True, description="The owner of the app may view recording content: else no answer holds a passcode."
    )
    cloud_recording: bool = Field(default=True, description="Whether hosts may record to the cloud.")
    no_cloud_recording: tuple[str, ...] = Field(default=(), description="The addresses of hosts that may not.")
    storage_full: bool = Field(default=False, description="Whether the storage for cloud recordings is full.")
    storage_used_percentage: int = Field(default=20, ge=0, le=100, description="How much of the storage is used.")

    @property
    def used(self) -> int:
        """How much of the storage is used, in percent."""
        return 100 if self.storage_full else self.storage_used_percentage

    def allow(self, email: str) -> bool:
        """Return whether a host has the right to record to the cloud."""
        return self.cloud_recording and email.lower() not in {address.lower() for address in self.no_cloud_recording}


class AppPolicy(_Table):
    """What the account lets the app do."""

    broad_scopes: bool = Field(default=False, description="Tokens name broad webinar scopes only.")
    ip_allow_list: tuple[str, ...] | None = Field(
        default=None, description="The IP addresses or ranges that may call the API. An empty list lets nobody in."
    )
    lacks_rights: tuple[Right, ...] = Field(default=(), description="Rights that the role of the app's owner lacks.")

    @field_validator("ip_allow_list")
    @classmethod
    def _networks(cls, networks: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for network in networks or ():
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(f"{network!r} is no IP address, and no range such as 192.0.2.0/24.") from None
        return networks

    def admits(self, address: str) -> bool:
        """Return whether a call may come from an address."""
        if self.ip_allow_list is None:
            return True
        caller = ip_address(address)
        if isinstance(caller, IPv6Address):
            caller = caller.ipv4_mapped or caller
        return any(caller in ip_network(network, strict=False) for network in self.ip_allow_list)


class FeaturesPolicy(_Table):
    """What the licences cover."""

    meeting_capacity: int = Field(
        default=100, ge=100, le=1000, description="Participants of a meeting; twice as many panelists can be added."
    )
    unlicensed: tuple[str, ...] = Field(default=(), description="Settings of webinars that no licence covers.")
    refuse_unlicensed: bool = Field(default=False, description="Refuse them, in place of dropping them in silence.")

    @field_validator("unlicensed")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in DEFAULT_SETTINGS:
                raise ValueError(f"Zoom has no setting {name!r} of webinars.{suggest(name, DEFAULT_SETTINGS)}")
        return names


class PeoplePolicy(_Table):
    """Panelists: whose addresses Zoom shows, and whom it takes."""

    blank_emails: bool | Literal["guests"] | tuple[str, ...] = Field(
        default=False,
        description="Whose addresses the list of panelists withholds: true (all), `guests` (who is no user), or these.",
    )
    refused_emails: tuple[str, ...] = Field(default=(), description="Addresses for which a whole call is refused.")
    most_panelists: int | None = Field(
        default=None, ge=0, description="The most panelists of a webinar. By default twice the meeting capacity."
    )


class Policy(_Table):
    """The policy of an account."""

    licences: LicencesPolicy = LicencesPolicy()
    settings: SettingsPolicy = SettingsPolicy()
    undocumented: UndocumentedPolicy = UndocumentedPolicy()
    recordings: RecordingsPolicy = RecordingsPolicy()
    app: AppPolicy = AppPolicy()
    features: FeaturesPolicy = FeaturesPolicy()
    people: PeoplePolicy = PeoplePolicy()

    def merged(self, changes: Mapping[str, Any]) -> "Policy":
        """Return this policy with some keys of some tables changed. Raises pydantic's ValidationError."""
        tables = self.model_dump(mode="json")
        for name, table in changes.items():
            both = isinstance(table, Mapping) and isinstance(tables.get(name), dict)
            tables[name] = {**tables[name], **table} if both else table
        return Policy.model_validate(tables)


def load_policy(path: Path | str) -> Policy:
    """Load a policy file. Raises BadInputError with file, line and, for an unknown key, the nearest known one."""
    file = str(path)
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"The policy file cannot be read: {error}", file=file) from error
    toml = parse_toml(text, file)
    tables = toml.values.get("settings", {})
    for table in ("locked", "inherited"):
        settings = tables.get(table, {}) if isinstance(tables, Mapping) else {}
        for name, keys in flattened(settings).items() if isinstance(settings, Mapping) else ():
            if complaint := _find_unknown(name):
                raise toml.wrong(complaint, ("settings", table, *keys))
    return toml.validate(Policy, toml.values)


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Nest dotted names as Zoom's `settings` object does. Nested tables stay as they are."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        place = tree
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return tree


def flattened(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return the dotted name of each setting in nested tables, with the keys that lead to it."""
    names: dict[str, tuple[str, ...]] = {}
    for key, value in tree.items():
        path = (*above, key)
        names |= flattened(value, path) if isinstance(value, Mapping) and value else {".".join(path): path}
    return names


def known_setting(name: str) -> bool:
    """Return whether Zoom has a setting of webinars of this dotted name."""
    tables = {key for key, value in DEFAULT_SETTINGS.items() if isinstance(value, dict)}
    return name in flattened(DEFAULT_SETTINGS) or name.partition(".")[0] in tables


def _find_unknown(name: str) -> str | None:
    if known_setting(name):
        return None
    return f"Zoom has no setting {name!r} of webinars.{suggest(name, flattened(DEFAULT_SETTINGS))}"
