"""The settings model: each setting with its name, default, description and shown value."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator
from pydantic.fields import FieldInfo
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import PydanticBaseSettingsSource, SettingsConfigDict

from ..alerting.hours import Hours, read_hours
from ..explain import suggest
from ..telemetry import TraceReceiver, parse_headers
from .account import AccountSettings
from .pages import PageSettings
from .sign_in import OidcSettings
from .values import (
    AlertTo,
    AnyCase,
    Days,
    DigestTime,
    MonitorUrl,
    Networks,
    OwnName,
    QuietHours,
    Seconds,
    Secrets,
    TraceEndpoint,
    TraceHeaders,
    Zone,
)
from .webhooks import WebhookSettings

PREFIX = "ZOOM_OPS_"
BETWEEN = "__"  # separates the parts of a nested name


class Settings(PageSettings):
    """The settings of the service. Only `load_settings` builds them, as this class reads no source by itself."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=BETWEEN,
        env_ignore_empty=True,  # in a compose file, `ZOOM_OPS_X=` means not set
        enable_decoding=False,  # the validators decode lists, so that an error can name the variable
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Field(default=Path("var"), description="What the service keeps: database, secret key, lock.")
    database_url: str = Field(
        default_factory=lambda values: f"sqlite:///{values['data_dir'] / 'zoom_ops.db'}",
        repr=False,
        description="Where the records are: `sqlite:///…` or `postgresql://…`.",
        json_schema_extra={"default": "SQLite, `zoom_ops.db` in `DATA_DIR`"},
    )
    engine: Literal["auto", "embedded", "cluster"] = Field(
        default="auto",
        description="`embedded`: one process; `cluster`: many, on PostgreSQL; `auto`: a cluster where all it needs is"
        " there (PostgreSQL, the extra `cluster`, `SECRET_KEY`), else one process.",
    )
    jobs_dir: Path = Field(
        default=Path("jobs"),
        description="The folder of the job files.",
        json_schema_extra={"default": "`./jobs`, else the installed copy"},
    )
    config_dir: Path = Field(
        default=Path("config"),
        description="The folder of `settings.toml`, `profiles/` and `words/`; set by variable only.",
        json_schema_extra={"default": "`./config`, else the installed copy"},
    )
    secret_key: Secrets = Field(
        default=(),
        repr=False,
        description="Encrypts passcodes and links in the database: 44 characters of URL-safe base64, or a JSON list"
        " of such keys, of which the first encrypts and all decrypt.",
        json_schema_extra={"default": "made in `DATA_DIR` (not in a cluster)"},
    )
    log_format: Literal["auto", "pretty", "json"] = Field(
        default="auto", description="`auto`: pretty on a terminal, JSON elsewhere."
    )
    oidc: OidcSettings | None = Field(default=None, description="Who else tells who signs in: a provider.")
    trusted_proxies: Networks = Field(
        default=(),
        description="A JSON list: addresses or networks of the proxies in front, whose `X-Forwarded-For` tells from"
        " where somebody asks; nobody else's is believed.",
    )
    accounts: dict[OwnName, AccountSettings] = Field(default={}, description="The Zoom accounts, by a name of yours.")
    default_account: Annotated[OwnName, AnyCase] | None = Field(
        default_factory=lambda values: next(iter(values["accounts"])) if len(values["accounts"]) == 1 else None,
        description="The account of an event that names none.",
        json_schema_extra={"default": "the only account"},
    )
    webhooks: dict[OwnName, WebhookSettings] = Field(
        default={}, description="Other systems that get messages about events, by a name of yours."
    )
    heartbeat_url: MonitorUrl | None = Field(
        default=None,
        repr=False,
        description="The address of a check at Healthchecks or Cronitor, which alarms when this service falls silent:"
        " it is pinged every minute. The host tells which of the two it is; `healthchecks+` or `cronitor+` before the"
        " address overrules that.",
    )
    traces_endpoint: TraceEndpoint | None = Field(
        default=None,
        description="Where [traces of runs](operating.md#see-where-a-run-spends-its-time) are sent: the base address of"
        " a receiver of OpenTelemetry's OTLP over HTTP, such as `http://127.0.0.1:4318`; needs the extra `tracing`.",
    )
    traces_headers: TraceHeaders | None = Field(
        default=None,
        repr=False,
        description="Headers that it asks for, as in `api-key=…`, with commas between them; values URL-encoded.",
    )
    traces_service: str = Field(
        default="zoom_ops", min_length=1, max_length=128, description="The name of this service in traces."
    )
    connect_s: Seconds = Field(
        default=3, description="Seconds a connection to Zoom, a webhook, a monitor or the sign-in provider may take."
    )
    read_s: Seconds = Field(default=10, description="Seconds that one of those may be silent within a call.")
    deadline_s: Seconds = Field(default=15, description="Seconds a call may take in all, however slowly it drips.")
    self_fence_s: Seconds = Field(
        default=1, description="Seconds between deciding on a change and sending it; later, it is not sent."
    )
    listing_lag_s: Seconds = Field(
        default=10,
        description="Seconds until Zoom's list surely shows a new webinar; a look-up after a crash waits so long.",
    )
    idle_s: Seconds = Field(
        default=30,
        validate_default=True,
        description="Seconds a transaction on PostgreSQL may stand still, as in a process that was frozen, before the"
        " server ends it and frees its locks; more than `DEADLINE_S`.",
    )
    heartbeat_s: Seconds = Field(default=5, le=60, description="Seconds between two signs of life of a process.")
    poll_s: Seconds = Field(default=0.5, description="Seconds between two looks for runs that are due.")
    stop_s: Seconds = Field(default=4, description="Seconds a stop waits for runs under way, after the web's own 5.")
    trial_s: Seconds = Field(
        default=60,
        description="Seconds until the first trial call to an account whose calls failed; doubled from trial to trial,"
        " up to 15 minutes.",
    )
    recording_margin_s: Seconds = Field(
        default=86_400,
        description="Seconds from an event's end, beyond twice its length, until an alert says that its recording is"
        " missing. Zoom may take a day under load.",
    )
    alert_to: AlertTo = Field(
        default=(),
        repr=False,
        description="Where operators are told of problems: Apprise URLs, a JSON list or one a line, each with who wants"
        " what before it, such as `critical=URL`, `@main=URL` or `warning@main=URL`"
        " ([who is told](operating.md#who-is-told)).",
    )
    alert_zone: Zone = Field(default="UTC", description="The operators' time zone, by its IANA name.")
    alert_digest_at: DigestTime = Field(
        default="08:00", description="When the daily digest comes, in `ALERT_ZONE`; `off`: never."
    )
    alert_quiet: QuietHours = Field(
        default="",
        description="Hours in which only critical problems are told, such as `22:00-07:00`, in `ALERT_ZONE`.",
        json_schema_extra={"default": "none"},
    )
    alert_refusals: int = Field(
        default=100,
        ge=10,
        description="So many refused sign-ins and API tokens, or connections and streams, within five minutes open the"
        " alert `sign_in_attack` or `server_full`.",
    )
    keep_runs_days: Days = Field(
        default=90,
        description="Days for which ended runs are kept, with their changes, turns and alerts, and the timelines of"
        " past events. The newest run of each job and event stays. At least 31: turns look back a month.",
    )
    keep_calls_days: Days = Field(
        default=31, description="Days for which calls to Zoom are kept (`zoom-ops runs show` lists them); at least 31."
    )
    keep_notifications_days: Days = Field(
        default=90,
        description="Days for which notifications and settled messages to webhooks and operators are kept; at least 31."
        " What a webhook received of a recording stays.",
    )
    backup_dir: Path | None = Field(
        default=None,
        description="The folder into which a SQLite database is backed up each night, by the job `make_backups`;"
        " best on another disk.",
        json_schema_extra={"default": "none: no backups"},
    )
    backup_keep: int = Field(
        default=14, ge=1, le=10_000, description="How many backups stay in `BACKUP_DIR`; older ones are deleted."
    )
    session_idle_s: Seconds = Field(
        default=43_200, description="Seconds until somebody who is signed in and asks for nothing has to sign in again."
    )
    session_life_s: Seconds = Field(
        default=604_800,
        description="Seconds until somebody who is signed in has to sign in again, however active they are.",
    )
    operator_session_life_s: Seconds = Field(
        default=43_200,
        description="The same for operators and admins, who can cancel events. `SESSION_LIFE_S` ends their sessions"
        " too, if it is shorter.",
    )
    require_second_factor: bool = Field(
        default=False,
        description="Whether operators and admins who sign in with a password need a second factor. Until they have"
        " added one, they see what members see.",
    )
    waiting_s: Seconds = Field(default=900, description="Seconds until a waiting run looks again.")

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use only the given values. `load_settings` reads the sources itself, so that an error can name the source."""
        return (sources["init_settings"],)

    @field_validator("default_account")
    @classmethod
    def _is_an_account(cls, name: str | None, info: ValidationInfo) -> str | None:
        accounts = info.data.get("accounts", {})
        if name is not None and accounts and name not in accounts:
            raise ValueError(f"there is no account {name!r}.{suggest(name, accounts)}")
        return name

    @field_validator("idle_s")
    @classmethod
    def _outlasts_a_call(cls, idle_s: float, info: ValidationInfo) -> float:
        if idle_s <= info.data.get("deadline_s", 0.0):
            raise ValueError("it has to be more than DEADLINE_S, or a slow call ends its own transaction.")
        return idle_s

    @property
    def hours(self) -> Hours:
        """When operators are told."""
        return read_hours(self.alert_zone, self.alert_digest_at, self.alert_quiet)

    @property
    def trace_receiver(self) -> TraceReceiver | None:
        """Where traces are sent, if anywhere."""
        if self.traces_endpoint is None:
            return None
        headers = parse_headers(self.traces_headers.get_secret_value()) if self.traces_headers else {}
        return TraceReceiver(endpoint=self.traces_endpoint, headers=headers, service=self.traces_service)


SEVERAL: Mapping[str, type[BaseModel]] = {"accounts": AccountSettings, "webhooks": WebhookSettings}
"""The settings that an operator gives several times, each group under a name of their choice."""

ONE: Mapping[str, type[BaseModel]] = {"oidc": OidcSettings}
"""The groups of settings that an operator gives once or not at all."""


def variable(path: tuple[int | str, ...]) -> str:
    """Return the name of the variable of a setting; list entries belong to the variable of the list."""
    return PREFIX + BETWEEN.join(str(part) for part in path if isinstance(part, str)).upper()


def iter_settings(own_name: str = "<name>") -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Yield every setting with its path, in the order of declaration; last the groups of `SEVERAL`, by one name."""
    groups: dict[tuple[str, ...], type[BaseModel]] = {(): Settings}
    groups |= {(name,): model for name, model in ONE.items()}
    groups |= {(name, own_name): model for name, model in SEVERAL.items()}
    for above, model in groups.items():
        yield from (
            ((*above, name), field) for name, field in model.model_fields.items() if name not in (*SEVERAL, *ONE)
        )
